import type { Auth } from '../auth.ts'
import type { Authenticated } from '../guard.ts'
import { deadlines } from '../policy.ts'
import { submitAccount } from './account.ts'
import { html, type Markup } from './html.ts'

import { card, hidden } from './markup.ts'
import { present } from './present.ts'
import type { Reply } from './reply.ts'
import { otherSessions } from './sessions.ts'
import type { Submission, Visit } from './visit.ts'
import { moment } from './words.ts'

/** `GET /`: who you are and how long for, or the sign-in form. */
export async function showHome(auth: Auth, visit: Visit): Promise<Reply> {
  const here = await present(auth, visit)
  if (here.who === null) return here.reply
  const { who, cookies } = here
  const elsewhere = await otherSessions(auth, who)
  const title = who.user.name || who.user.email
  return { page: { title, body: person(auth, who, visit, elsewhere.length) }, cookies }
}

/** `POST /`: signs out. Done everywhere when the answer arrives (P1). */
export async function submitHome(auth: Auth, submission: Submission): Promise<Reply> {
  const { form, carrier, context, at } = submission
  if (form.get('do') !== 'sign-out') return submitAccount(auth, submission)
  const { cookies } = await auth.signOut(carrier, context)
  return { to: `${at}/sign-in?done=signed-out`, cookies, signedOut: true }
}

function person(auth: Auth, { user, session, policy }: Authenticated, visit: Visit, elsewhere: number): Markup {
  const { at, language } = visit
  const { pages, words } = language
  const { home, frame } = pages
  const now = auth.setting.clock.now()
  const { idleExpiresAt, expiresAt } = deadlines(policy, session, user.roles)
  const time = (at: number, said: string) => html`${said} <small>${moment(at, words.utc(at))}</small>`
  return card(html`<div>
<p class="soft">${home.signedInAs}</p>
<h1>${user.name || user.email}</h1>
${user.name === '' ? '' : html`<p class="soft">${user.email}</p>`}
</div>
<dl class="facts">
<dt>${home.signedIn}</dt><dd>${time(session.createdAt, words.ago(now - session.createdAt))}</dd>
<dt>${home.idle}</dt><dd>${time(idleExpiresAt, words.ahead(idleExpiresAt - now))}</dd>
<dt>${home.latest}</dt><dd>${time(expiresAt, words.ahead(expiresAt - now))}</dd>
</dl>
${elsewhere === 0 ? '' : html`<p class="soft">${words.counted(home.elsewhere, elsewhere)}</p>`}
<p><a class="button full" href="${at}/account">${home.manage}</a></p>
<form method="post" action="${at}/">
${hidden('csrf', auth.csrfToken(session.id))}
<button class="plain full" name="do" value="sign-out">${frame.signOut}</button>
</form>`)
}
