import type { Auth, Setting } from '../auth.ts'
import type { Refusal } from '../errors.ts'
import type { Form } from '../wire/form.ts'
import { lasting, NOTHING_WRONG, wrongs } from './explain.ts'
import { newPasswordField, optional, summary, type TextField, textFields } from './fields.ts'
import { html } from './html.ts'
import type { Language } from './languages.ts'
import { card } from './markup.ts'
import type { Reply } from './reply.ts'
import { solved, taskField, taskOf } from './task.ts'
import { message, trouble } from './trouble.ts'
import { type Submission, target, type Visit, withReturn } from './visit.ts'
import { marked } from './words.ts'

const CLOSED: Refusal = { code: 'sign_up_closed' }

/** `GET /sign-up`. */
export async function showSignUp(auth: Auth, visit: Visit): Promise<Reply> {
  return auth.setting.signUp === 'closed' ? trouble(visit, CLOSED) : form(auth.setting, visit, new Map())
}

/** `POST /sign-up`: makes the account and signs it in. */
export async function submitSignUp(auth: Auth, submission: Submission): Promise<Reply> {
  const { form: given, context, carrier } = submission
  const [email, password, name] = [given.get('email') ?? '', given.get('password') ?? '', given.get('name') ?? '']
  const outcome = await auth.signUp({ email, password, name, ...solved(auth.setting, given) }, context, carrier)
  if (outcome.ok) {
    const { value } = outcome
    if (value.status === 'verification_sent') return sent(submission, email)
    return { to: target(submission, auth.setting), cookies: value.carried.cookies }
  }
  if (outcome.refusal.code === 'sign_up_closed') return trouble(submission, CLOSED)
  return form(auth.setting, submission, given, outcome.refusal)
}

/** The same for every address (TH-09). */
function sent(visit: Visit, email: string): Reply {
  const { signUp } = visit.language.pages
  const to = html`${marked(signUp.sent, { email: html`<strong><bdi>${email}</bdi></strong>` })}`
  return message(signUp.sentTitle, to, [], signUp.sentHint)
}

/** What a new account is made of. Passwords are written anew each time. */
export function accountFields(setting: Setting, language: Language, given: Form): readonly TextField[] {
  const { fields } = language.pages
  const value = (name: string) => ({ name, value: given.get(name) ?? '' })
  return [
    { ...value('email'), label: fields.email, type: 'email', autocomplete: 'username' },
    { ...value('name'), label: optional(language, fields.name), type: 'text', autocomplete: 'name', required: false },
    newPasswordField(language, setting.passwordMinLength, 'password'),
  ]
}

function form(setting: Setting, visit: Visit, given: Form, refusal?: Refusal): Reply {
  const { language } = visit
  const { signUp, signIn } = language.pages
  const errors = refusal ? wrongs(refusal, language, setting.passwordMinLength) : NOTHING_WRONG
  const fields = accountFields(setting, language, given)
  const task = taskOf(setting, 'signUp')
  const body = card(
    html`<h1>${signUp.title}</h1>
${refusal ? summary(refusal, language, fields, errors) : ''}
<form class="stack" method="post" action="${withReturn('/sign-up', visit, setting)}">
${textFields(fields, errors)}
${taskField(task, language)}
<button class="full">${signUp.submit}</button>
</form>
<p class="soft small">${lasting(setting.policy, language)}</p>`,
    html`<p class="foot">${signUp.haveAccount} <a href="${withReturn('/sign-in', visit, setting)}">${signIn.title}</a></p>`,
  )
  return { page: { title: refusal ? signUp.failed : signUp.title, body, task }, ...(refusal && { refusal }) }
}
