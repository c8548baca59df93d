import type { Auth } from '../auth.ts'
import type { Refusal } from '../errors.ts'
import { isSpent, newPasswordForm } from './new-password.ts'
import type { Reply } from './reply.ts'
import { message } from './trouble.ts'
import { address, type Submission, type Visit } from './visit.ts'

/** `GET /reset?token=`: the form for a new password. Looking at it spends nothing: mail scanners follow links. */
export async function showReset(auth: Auth, visit: Visit): Promise<Reply> {
  const token = visit.query.get('token') ?? ''
  return token === '' ? bad(auth, visit, visit.language.pages.link.incomplete) : form(auth, visit, token)
}

/** `POST /reset`: sets the password and ends every session. Signs nobody in (RC-04). */
export async function submitReset(auth: Auth, submission: Submission): Promise<Reply> {
  const token = submission.form.get('token') ?? ''
  const newPassword = submission.form.get('newPassword') ?? ''
  const outcome = await auth.resetPassword({ token, newPassword }, submission.context)
  if (outcome.ok) return { to: address(submission, '/sign-in', { done: 'new-password' }) }
  if (!isSpent(outcome.refusal)) return form(auth, submission, token, outcome.refusal)
  return bad(auth, submission, submission.language.pages.link.used)
}

function form({ setting }: Auth, visit: Visit, token: string, refusal?: Refusal): Reply {
  const { title, lead } = visit.language.pages.newPassword
  const body = newPasswordForm(setting, visit, { token, action: address(visit, '/reset'), lead }, refusal)
  return { page: { title, body, ...(refusal && { failed: true }) }, ...(refusal && { refusal }) }
}

function bad({ setting }: Auth, visit: Visit, why: string): Reply {
  const { link, frame } = visit.language.pages
  const ways = setting.mails
    ? [[address(visit, '/forgot'), link.reset] as const]
    : [[`${visit.at}/`, frame.start] as const]
  return { ...message(link.title, why, ways), refusal: { code: 'invalid_request' } }
}
