import type { Auth, Setting } from '../auth.ts'
import type { Refusal } from '../errors.ts'
import { NOTHING_WRONG, wrongs } from './explain.ts'
import { newPasswordField, summary, textFields } from './fields.ts'
import { html, type Markup } from './html.ts'
import { card, hidden } from './markup.ts'
import type { Reply } from './reply.ts'
import { trouble } from './trouble.ts'
import { address, type Submission, type Visit, withReturn } from './visit.ts'

/** The password was right and has to be replaced: the form that does so, with the token that allows nothing else (PW-10). */
export function newPasswordPage(setting: Setting, visit: Visit, token: string, refusal?: Refusal): Reply {
  const { title, required } = visit.language.pages.newPassword
  const action = withReturn('/sign-in', visit, setting)
  return {
    page: { title, body: newPasswordForm(setting, visit, { token, action, lead: required }, refusal) },
    ...(refusal && { refusal }),
  }
}

/** The same for whoever has a token of another kind; `action` takes it. */
export function newPasswordForm(
  setting: Setting,
  { language }: Visit,
  { token, action, lead }: { readonly token: string; readonly action: string; readonly lead: string },
  refusal?: Refusal,
): Markup {
  const { newPassword } = language.pages
  const errors = refusal ? wrongs(refusal, language, setting.passwordMinLength) : NOTHING_WRONG
  const fields = [newPasswordField(language, setting.passwordMinLength)]
  return card(html`<h1>${newPassword.title}</h1>
${refusal ? summary(refusal, language, fields, errors) : ''}
<p>${lead}</p>
<form class="stack" method="post" action="${action}">
${hidden('token', token)}
${textFields(fields, errors)}
<button class="full">${newPassword.submit}</button>
</form>`)
}

/** Whether what is wrong is the token, so that trying again is no use. */
export function isSpent({ errors }: Refusal): boolean {
  return errors?.some((error) => error.path === 'token') ?? false
}

/** `POST /sign-in` with such a token. Signs nobody in: that takes the new password. */
export async function submitNewPassword(auth: Auth, submission: Submission, token: string): Promise<Reply> {
  const { form, context, language, query } = submission
  const outcome = await auth.resetPassword({ token, newPassword: form.get('newPassword') ?? '' }, context)
  if (!outcome.ok) {
    if (!isSpent(outcome.refusal)) return newPasswordPage(auth.setting, submission, token, outcome.refusal)
    return trouble(submission, { code: 'invalid_request' }, language.pages.newPassword.tooLate)
  }
  const back = query.get('return')
  return { to: address(submission, '/sign-in', { done: 'new-password', ...(back !== null && { return: back }) }) }
}
