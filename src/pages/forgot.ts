import type { Auth } from '../auth.ts'
import type { Refusal } from '../errors.ts'
import { NOTHING_WRONG, wrongs } from './explain.ts'
import { summary, type TextField, textFields } from './fields.ts'
import { html } from './html.ts'
import { card } from './markup.ts'
import type { Reply } from './reply.ts'
import { solved, taskField, taskOf } from './task.ts'
import { message, trouble } from './trouble.ts'
import { address, type Submission, type Visit } from './visit.ts'
import { marked } from './words.ts'

/** `GET /forgot`: asks for the address of the account. */
export async function showForgot(auth: Auth, visit: Visit): Promise<Reply> {
  return auth.setting.mails ? form(auth, visit, '') : trouble(visit, { code: 'not_supported' })
}

/** `POST /forgot`: the same answer for every address (RC-03). */
export async function submitForgot(auth: Auth, submission: Submission): Promise<Reply> {
  const email = (submission.form.get('email') ?? '').trim()
  if (email === '') {
    const errors = [{ path: 'email', code: 'empty', detail: '' }]
    return form(auth, submission, '', { code: 'invalid_request', errors })
  }
  const outcome = await auth.forgotPassword(email, submission.context, solved(auth.setting, submission.form).captcha)
  if (outcome.ok) return sent(submission, email)
  return outcome.refusal.code === 'not_supported'
    ? trouble(submission, outcome.refusal)
    : form(auth, submission, email, outcome.refusal)
}

function sent(visit: Visit, email: string): Reply {
  const { forgot } = visit.language.pages
  const to = marked(forgot.sent, { email: html`<strong><bdi>${email}</bdi></strong>` })
  return message(forgot.sentTitle, to, [], forgot.sentHint)
}

function form({ setting }: Auth, visit: Visit, email: string, refusal?: Refusal): Reply {
  const { language } = visit
  const { forgot, fields, signIn } = language.pages
  const errors = refusal ? wrongs(refusal, language, 0) : NOTHING_WRONG
  const asked: readonly TextField[] = [
    { name: 'email', label: fields.email, type: 'email', autocomplete: 'username', value: email },
  ]
  const task = taskOf(setting, 'forgot')
  const body = card(
    html`<h1>${forgot.title}</h1>
<p>${forgot.lead}</p>
${refusal ? summary(refusal, language, asked, errors) : ''}
<form class="stack" method="post" action="${address(visit, '/forgot')}">
${textFields(asked, errors)}
${taskField(task, language)}
<button class="full">${forgot.submit}</button>
</form>`,
    html`<p class="foot">${forgot.remembered} <a href="${address(visit, '/sign-in')}">${signIn.title}</a></p>`,
  )
  return { page: { title: forgot.title, body, task, ...(refusal && { failed: true }) }, ...(refusal && { refusal }) }
}
