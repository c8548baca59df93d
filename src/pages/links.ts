import type { Auth } from '../auth.ts'
import type { Refusal } from '../errors.ts'
import { html } from './html.ts'
import { card, hidden } from './markup.ts'
import { isSpent } from './new-password.ts'
import type { Reply } from './reply.ts'
import { message, trouble } from './trouble.ts'
import { address, type Submission, type Visit } from './visit.ts'

/*
 * Links out of messages that do something by themselves. Looking at one does nothing, whoever looks: mail scanners open what
 * they find. A button does it, once.
 */

/** What such a page says and does. */
type Question = { readonly title: string; readonly lead: string; readonly more?: string; readonly submit: string }

/** `GET /verify?token=`. */
export async function showVerify(_auth: Auth, visit: Visit): Promise<Reply> {
  return ask(visit, '/verify', visit.language.pages.verify)
}

/** `POST /verify`: the address is confirmed, and with it the account of a sign-up or the change it was for. */
export async function submitVerify(auth: Auth, submission: Submission): Promise<Reply> {
  const { language, form, context } = submission
  const { verify } = language.pages
  const outcome = await auth.verifyEmail(form.get('token') ?? '', context)
  if (!outcome.ok) return refusedPage(submission, outcome.refusal, verify.mail)
  const signedIn = (await auth.authenticate(submission.carrier, { ...context, passive: true })).ok
  const way = signedIn
    ? ([address(submission, '/account'), language.pages.frame.account] as const)
    : ([address(submission, '/sign-in'), language.pages.frame.signIn] as const)
  return message(verify.doneTitle, verify.done, [way])
}

/** `GET /object?token=`: for the owner of an address that somebody wants to leave, or has left. */
export async function showObjection(_auth: Auth, visit: Visit): Promise<Reply> {
  const { objection } = visit.language.pages
  return ask(visit, '/object', { ...objection, more: objection.effect })
}

/** `POST /object`: the address is what it was, and whoever asked for another has nothing left (RC-07). */
export async function submitObjection(auth: Auth, submission: Submission): Promise<Reply> {
  const { language, form, context } = submission
  const { objection, frame } = language.pages
  const outcome = await auth.objectToEmail(form.get('token') ?? '', context)
  if (outcome.ok) return message(objection.doneTitle, objection.done, [[address(submission, '/'), frame.start]])
  if (outcome.refusal.code === 'email_taken') return trouble(submission, outcome.refusal, objection.taken)
  return refusedPage(submission, outcome.refusal, '')
}

function ask(visit: Visit, path: string, { title, lead, more = '', submit }: Question): Reply {
  const token = visit.query.get('token') ?? ''
  const { link, frame } = visit.language.pages
  if (token === '') {
    const refusal: Refusal = { code: 'invalid_request' }
    return { ...message(link.title, link.incomplete, [[address(visit, '/'), frame.start]]), refusal }
  }
  const body = card(html`<h1>${title}</h1>
<p>${lead}</p>
${more === '' ? '' : html`<p>${more}</p>`}
<form method="post" action="${address(visit, path)}">
${hidden('token', token)}
<button class="full">${submit}</button>
</form>`)
  return { page: { title, body } }
}

/** A link that is spent, or whatever else is in the way. */
function refusedPage(visit: Visit, refusal: Refusal, hint: string): Reply {
  const { link, frame } = visit.language.pages
  if (!isSpent(refusal)) return trouble(visit, refusal)
  return { ...message(link.title, link.used, [[address(visit, '/'), frame.start]], hint), refusal }
}
