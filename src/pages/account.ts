import type { Auth } from '../auth.ts'
import type { Authenticated } from '../guard.ts'
import { accountActions } from './account-actions.ts'
import {
  dataPart,
  emailPart,
  type Failed,
  type Part,
  passwordPart,
  profilePart,
  sessionsPart,
} from './account-parts.ts'
import { safely } from './confirm.ts'
import { html, type Markup } from './html.ts'
import { status } from './markup.ts'
import { present } from './present.ts'
import { type Reply, withCookies } from './reply.ts'
import { endedSessions, otherSessions } from './sessions.ts'
import { trouble } from './trouble.ts'
import { address, type Submission, type Visit } from './visit.ts'

/** `GET /account`: everything somebody can see and change of their account. */
export async function showAccount(auth: Auth, visit: Visit): Promise<Reply> {
  const here = await present(auth, visit)
  if (here.who === null) return here.reply
  return withCookies(here.cookies, await accountPage(auth, visit, here.who))
}

/** `POST /account`: one of its forms, by the word in `do`. */
export async function submitAccount(auth: Auth, submission: Submission): Promise<Reply> {
  const here = await present(auth, submission, true)
  if (here.who === null) return here.reply
  const { who, cookies } = here
  const word = submission.form.get('do') ?? ''
  const action = Object.hasOwn(accountActions, word) ? accountActions[word] : undefined
  if (!action) return withCookies(cookies, trouble(submission, { code: 'invalid_request' }))
  const reply = await safely(submission, async () => {
    const done = await action(auth, submission, who)
    return 'failed' in done ? accountPage(auth, submission, who, done) : done
  })
  return withCookies(cookies, reply)
}

async function accountPage(auth: Auth, visit: Visit, who: Authenticated, failed?: Failed): Promise<Reply> {
  const { language } = visit
  const { account } = language
  const csrf = auth.csrfToken(who.session.id)
  const [others, over] = await Promise.all([otherSessions(auth, who), endedSessions(auth, who)])
  const showing = { auth, who, language, csrf, action: address(visit, '/account'), others, over, failed }
  const parts = [profilePart, emailPart, passwordPart, sessionsPart, dataPart].map((part) => part(showing))
  const done = failed ? '' : (visit.query.get('done') ?? '')
  const { name, email } = who.user
  const body = html`<div class="head">
<h1>${account.title}</h1>
<p class="soft">${name === '' ? email : `${name} · ${email}`}</p>
</div>
${parts.map((part) => section(part, done))}`
  return {
    page: { title: account.title, body, wide: true, csrf, ...(failed && { failed: true }) },
    ...(failed && { refusal: failed.failed }),
  }
}

function section({ id, title, lead, body, done: notes }: Part, done: string): Markup {
  const note = Object.hasOwn(notes, done) ? notes[done] : undefined
  return html`<section class="part" id="${id}-part" aria-labelledby="${id}-title">
<div class="about">
<h2 id="${id}-title">${title}</h2>
<p>${lead}</p>
</div>
<div class="card stack">
${note === undefined ? '' : status(note)}
${body}
</div>
</section>`
}
