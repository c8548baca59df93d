import type { Auth } from '../auth.ts'
import { type Refusal, StoreUnavailable } from '../errors.ts'
import { type Authenticated, fresh } from '../guard.ts'
import { sentence } from './explain.ts'
import { textField } from './fields.ts'
import { html, type Markup } from './html.ts'
import { alert, card, hidden } from './markup.ts'
import { type Reply, withCookies } from './reply.ts'
import { trouble } from './trouble.ts'
import { own, type Submission } from './visit.ts'

/** What the page says that asks for the password. */
export type Question = {
  readonly title: string
  readonly lead: string
  readonly submit: string
  readonly danger?: boolean
  readonly cancel: string
}

/** Written once and never given back. */
const SECRET: ReadonlySet<string> = new Set(['password', 'currentPassword', 'newPassword'])

/**
 * Goes on with somebody who proved recently who they are (RA-01, RA-06); whoever did not is asked for their password in
 * place, with everything else that was sent kept, and then goes on. With a `question` of its own it is asked in any case.
 */
export async function confirmed(
  auth: Auth,
  submission: Submission,
  who: Authenticated,
  run: (who: Authenticated) => Promise<Reply>,
  question?: Question,
): Promise<Reply> {
  const { form, context } = submission
  const password = form.get('password')
  if (password === undefined) {
    if (question) return ask(submission, question)
    const enough = auth.guard(who, [fresh(auth.setting.fresh)], context)
    return enough.ok ? run(who) : { ...ask(submission, usual(submission)), refusal: enough.refusal }
  }
  const again = await auth.reauthenticate(who, password, context)
  if (!again.ok) return { ...ask(submission, question ?? usual(submission), again.refusal), refusal: again.refusal }
  const { session, carried } = again.value
  // The cookies go out whatever happens: the token the browser holds was replaced a moment ago.
  return withCookies(carried.cookies, await safely(submission, () => run({ ...who, session })))
}

/** A store that does not answer is told on a page, so that cookies that were made before go out with it. */
export async function safely(submission: Submission, run: () => Promise<Reply>): Promise<Reply> {
  try {
    return await run()
  } catch (fault) {
    if (!(fault instanceof StoreUnavailable)) throw fault
    return trouble(submission, { code: 'unavailable' })
  }
}

function usual({ language }: Submission): Question {
  const { confirm, frame } = language.pages
  return { ...confirm, cancel: frame.cancel }
}

function ask(submission: Submission, question: Question, refusal?: Refusal): Reply & { readonly page: object } {
  const { form, at, language } = submission
  const { title, lead, submit, danger = false, cancel } = question
  const kept = [...form].filter(([name]) => !SECRET.has(name)).map(([name, value]) => hidden(name, value))
  const field = {
    ...({ name: 'password', type: 'password', autocomplete: 'current-password', focus: true } as const),
    label: language.pages.fields.password,
  }
  const body = card(html`<h1>${title}</h1>
${refusal ? alert(wrongPassword(refusal, submission)) : ''}
<p>${lead}</p>
<form class="stack" method="post" action="${own(submission)}">
${kept}
${textField(field)}
<button class="full${danger ? ' danger' : ''}">${submit}</button>
<p><a class="button plain full" href="${at}/account">${cancel}</a></p>
</form>`)
  return { page: { title, body, ...(refusal && { failed: true }) } }
}

function wrongPassword(refusal: Refusal, { language }: Submission): Markup | string {
  return refusal.code === 'invalid_credentials' ? language.refusals.fields.wrong_password : sentence(refusal, language)
}
