import { html } from 'hono/html'
import type { Auth, Setting } from '../auth.ts'
import type { Refusal } from '../errors.ts'
import { sentence } from './explain.ts'
import { hidden, newPasswordHint, textField } from './fields.ts'
import { alert } from './layout.ts'
import type { Reply } from './reply.ts'
import { trouble } from './trouble.ts'
import { type Submission, type Visit, withReturn } from './visit.ts'

/** The password was right and has to be replaced: the form that does so, with the token that allows nothing else (PW-10). */
export function newPasswordPage(setting: Setting, visit: Visit, token: string, refusal?: Refusal): Reply {
  const hint = newPasswordHint(setting.passwordMinLength)
  const autocomplete = 'new-password'
  const field = {
    name: 'newPassword',
    label: 'New password',
    type: 'password',
    autocomplete,
    hint,
    focus: true,
  } as const
  const body = html`<div class="card">
<h1>Choose a new password</h1>
${refusal ? alert(sentence(refusal)) : ''}
<p>Before you can go on, your password has to be replaced by a new one.</p>
<form method="post" action="${withReturn('/sign-in', visit, setting)}">
${hidden('token', token)}
${textField(field, refusal?.errors)}
<button class="full">Set the password</button>
</form>
</div>`
  return { page: { title: 'Choose a new password', body }, ...(refusal && { refusal }) }
}

/** `POST /sign-in` with such a token. Signs nobody in: that takes the new password. */
export async function submitNewPassword(auth: Auth, submission: Submission, token: string): Promise<Reply> {
  const { form, context, at, query } = submission
  const outcome = await auth.resetPassword({ token, newPassword: form.get('newPassword') ?? '' }, context)
  if (!outcome.ok) {
    const { refusal } = outcome
    const spent = refusal.errors?.some((error) => error.path === 'token')
    if (!spent) return newPasswordPage(auth.setting, submission, token, refusal)
    return trouble(
      { at },
      { code: 'invalid_request', detail: 'The password could be set for 15 minutes only. Sign in again to begin anew' },
    )
  }
  const next = new URLSearchParams({ done: 'new-password' })
  const back = query.get('return')
  if (back !== null) next.set('return', back)
  return { to: `${at}/sign-in?${next}` }
}
