import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Auth, AuthEvent, User } from '../index.ts'
import type { Settings } from '../server/config.ts'
import { outboxFolder } from '../server/outbox.ts'
import { FailureError, failure } from './failure.ts'
import { plain } from './output.ts'
import { BY_CLI, SILENT_MS } from './with-auth.ts'

type Invited = {
  readonly user: User
  /** The message in the outbox of development; null where it went to a mail server. */
  readonly file: string | null
}

/**
 * Makes an account and has its owner sent a link by which they choose a password: nobody else gets to see it (RC-06). Returns when the
 * mail server has taken the message.
 */
export async function invite(
  auth: Auth,
  { mail, data }: Settings,
  given: Parameters<Auth['users']['invite']>[0],
): Promise<Invited> {
  if (mail === null) {
    throw new FailureError(
      'there is no way to send an invitation: write SMTP_URL and MAIL_FROM, or add --password-stdin',
    )
  }
  const outcome = Promise.withResolvers<AuthEvent['type']>()
  const forget = auth.on(({ type, data }) => {
    if (type.startsWith('mail.') && data.kind === 'invitation') outcome.resolve(type)
  })
  const made = await auth.users.invite(given, BY_CLI)
  if (!made.ok) throw failure(made.refusal)
  const note = setTimeout(() => console.error('waiting for the mail server …'), SILENT_MS)
  const went = await outcome.promise
  clearTimeout(note)
  forget()
  if (went !== 'mail.sent') {
    const what = `made ${plain(made.value.email)}, but the mail server did not take the invitation`
    throw new FailureError(
      `${what}: see what doctor says, then have a link sent by ${auth.setting.baseUrl.origin}/forgot`,
    )
  }
  return { user: made.value, file: mail.kind === 'outbox' ? newest(outboxFolder(data)) : null }
}

/** Names begin with the time. */
function newest(folder: string): string | null {
  const name = readdirSync(folder)
    .filter((one) => one.includes('-invitation-') && one.endsWith('.txt'))
    .sort()
    .at(-1)
  return name === undefined ? null : join(folder, name)
}
