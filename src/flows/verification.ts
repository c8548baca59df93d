import type { RequestContext } from '../carrier.ts'
import type { Authenticated } from '../guard.ts'
import { ok, type Result, refused } from '../result.ts'
import { placeOf } from '../source.ts'
import type { Ticket } from '../store.ts'
import { emailKey } from '../user.ts'
import type { Core } from './core.ts'
import { confirmChange } from './email.ts'
import { addUser, type CheckedUser } from './new-user.ts'
import { tellTaken } from './notices.ts'
import { slowed, spent } from './presenting.ts'
import { NO_MAIL, throttled } from './recovery.ts'
import { taken, ticketed } from './tickets.ts'

/** How often it is looked again, each time the account was changed meanwhile. */
const MAX_TURNS = 100

/** Somebody may have been sent a link. The same for every address (TH-09). */
export type VerificationSent = { readonly status: 'verification_sent' }

/**
 * What somebody wants to sign up with, after the answer: to a free address goes a link that makes the account, to one that is
 * in use a word to its owner. There is no account before the address has confirmed: nobody can wait in one for the owner of
 * an address, and of several who signed up with it, whoever opens their link has it.
 */
export function pend(core: Core, given: CheckedUser, record: string, context: RequestContext): void {
  core.post.later('answering a sign-up by mail', async () => {
    const now = core.clock.now()
    const { email } = given
    const key = emailKey(email)
    const { user } = await core.store.users.findByEmail(key)
    if (!(await core.quota.toAddress(key))) return throttled(core, user, context)
    if (user) return tellTaken(core, user, context, now)
    const life = core.post.lifetimes.verify
    const token = await ticketed(core, 'sign_up', null, { ...given, record }, now + life)
    core.recorder.record({ type: 'sign_up.pending' }, context, now)
    core.post.send(
      { kind: 'verification', to: email, userId: null, at: now, link: { page: 'verify', token, life } },
      context,
    )
  })
}

/** Sends the caller a link that verifies the address they have. Nothing is sent where it is verified already. */
export async function resendVerification(
  core: Core,
  { user: { id } }: Authenticated,
  context: RequestContext,
): Promise<Result<null>> {
  if (!core.post.able) return NO_MAIL
  const slow = await core.quota.bySource(context.source)
  if (slow) return refused(slow)
  core.post.later('sending a link for an address', async () => {
    const { user } = await core.store.users.find(id)
    if (!user || user.emailVerified || user.status === 'locked') return
    const key = emailKey(user.email)
    if (!(await core.quota.toAddress(key))) return throttled(core, user, context)
    const now = core.clock.now()
    const life = core.post.lifetimes.verify
    const token = await ticketed(core, 'verify', id, { key }, now + life)
    core.post.send(
      { kind: 'verification', to: user.email, userId: id, at: now, link: { page: 'verify', token, life } },
      context,
    )
  })
  return ok(null)
}

/** Carries out what a link to an address was for: makes the account, verifies the address, or changes to it. Signs nobody in. */
export async function verifyEmail(core: Core, token: string, context: RequestContext): Promise<Result<null>> {
  const slow = slowed(core, context)
  if (slow) return slow
  const ticket = await taken(core, token, 'sign_up', 'verify', 'email')
  if (!ticket) return spent(core, 'verify', context)
  if (ticket.kind === 'sign_up') return signUpWith(core, ticket, context)
  return ticket.kind === 'verify' ? verified(core, ticket, context) : confirmChange(core, ticket, context)
}

/** The address may have got an account meanwhile: whoever holds the link owns it, and may know. */
async function signUpWith(core: Core, ticket: Ticket, context: RequestContext): Promise<Result<null>> {
  const { record, ...given } = ticket.data as CheckedUser & { readonly record: string }
  const [defaultRole] = core.roles
  const roles = defaultRole === undefined ? [] : [defaultRole]
  try {
    const added = await addUser(core, { ...given, emailVerified: true }, record, roles, context, null)
    return added.ok ? ok(null) : added
  } catch (fault) {
    // Nothing was made, or nobody can say: the link is good for another try, which finds out.
    await core.store.tickets.put(ticket).catch(() => {})
    throw fault
  }
}

/** Opening it twice, or two of them, comes to the same. */
async function verified(core: Core, ticket: Ticket, context: RequestContext): Promise<Result<null>> {
  const { users } = core.store
  const { key } = ticket.data as { readonly key: string }
  for (let turn = 0; turn < MAX_TURNS; turn++) {
    const { user } = ticket.userId === null ? { user: null } : await users.find(ticket.userId)
    if (!user || emailKey(user.email) !== key) return spent(core, 'verify', context)
    if (user.emailVerified) return ok(null)
    const expected = { key, generation: user.generation }
    const { value, ...where } = await users.setEmail(user.id, expected, user.email, key, null)
    await core.view.settle(placeOf(users.source, where))
    if (!value) continue
    core.recorder.record({ type: 'email.verified', actor: user.id, subject: user.id }, context, core.clock.now())
    return ok(null)
  }
  return refused({ code: 'unavailable', retryAfter: 1 })
}
