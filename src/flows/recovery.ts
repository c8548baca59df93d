import type { RequestContext } from '../carrier.ts'
import { ok, type Result, refused } from '../result.ts'
import { emailKey, type User } from '../user.ts'
import type { Core } from './core.ts'
import { addressDigest, ticketed } from './tickets.ts'

type Recovering = Pick<Core, 'post' | 'quota' | 'store' | 'recorder' | 'clock'>

/** Nothing hands messages on here. */
export const NO_MAIL = refused({ code: 'not_supported', detail: 'This service has no way to send mail' })

/**
 * Sends a link that sets a password, if there is such an account. What is answered depends on who asks how often, and on
 * nothing else: everything that depends on the address is done after the answer (RC-03).
 */
export async function forgotPassword(
  core: Recovering & Pick<Core, 'captcha'>,
  email: string,
  context: RequestContext,
  captcha?: string,
): Promise<Result<null>> {
  if (!core.post.able) return NO_MAIL
  const human = await core.captcha.check('forgot', captcha, context)
  if (!human.ok) return human
  const slowed = await core.quota.bySource(context.source)
  if (slowed) {
    core.recorder.record({ type: 'mail.throttled', outcome: 'failure', reason: 'source' }, context, core.clock.now())
    return refused(slowed)
  }
  core.post.later('sending a link for a password', () => askedBy(core, emailKey(email), context))
  return ok(null)
}

async function askedBy(core: Recovering, key: string, context: RequestContext): Promise<void> {
  const { user } = await core.store.users.findByEmail(key)
  const reason = !user ? 'unknown_user' : user.status === 'locked' ? 'user_locked' : null
  const now = core.clock.now()
  const subject = user?.id ?? null
  const asked = { type: 'password.reset_requested', subject } as const
  if (!user || reason !== null) return core.recorder.record({ ...asked, outcome: 'failure', reason }, context, now)
  if (!(await core.quota.toAddress(key))) return throttled(core, user, context)
  core.recorder.record(asked, context, now)
  await sendReset(core, user, 'reset', context)
}

/** A message that was not sent, because too many were. */
export function throttled(
  { recorder, clock }: Pick<Core, 'recorder' | 'clock'>,
  user: User | null,
  context: RequestContext,
): void {
  const happening = { outcome: 'failure', subject: user?.id ?? null, reason: 'address' } as const
  recorder.record({ type: 'mail.throttled', ...happening }, context, clock.now())
}

/** A link that sets a password, to the address the user has: asked for by them, by an administrator, or as an invitation (RC-06). */
export async function sendReset(
  core: Pick<Core, 'post' | 'store' | 'clock'>,
  user: User,
  kind: 'reset' | 'invitation' | 'email_restored',
  context: RequestContext,
): Promise<void> {
  const now = core.clock.now()
  const { id, generation, email } = user
  const life = core.post.lifetimes[kind === 'invitation' ? 'invite' : 'reset']
  const data = { generation, reason: kind, to: addressDigest(emailKey(email)) }
  const token = await ticketed(core, 'reset', id, data, now + life)
  core.post.send({ kind, to: email, userId: id, at: now, link: { page: 'reset', token, life } }, context)
}

/** What an administrator can do about somebody's password: have them sent a link. Nobody sees it but they (RC-06). */
export async function sendResetFor(
  core: Recovering,
  user: User,
  context: RequestContext,
  actor: string | null,
): Promise<Result<null>> {
  if (!core.post.able) return NO_MAIL
  if (user.status === 'locked') return refused({ code: 'conflict', detail: 'The account is locked: unlock it first' })
  if (!(await core.quota.toAddress(emailKey(user.email)))) {
    throttled(core, user, context)
    return refused({ code: 'throttled', retryAfter: 60 })
  }
  const held = await core.store.credentials.list(user.id)
  const invited = held.length === 0
  const type = invited ? 'user.invited' : 'password.reset_requested'
  core.recorder.record({ type, actor, subject: user.id }, context, core.clock.now())
  await sendReset(core, user, invited ? 'invitation' : 'reset', context)
  return ok(null)
}
