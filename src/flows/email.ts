import type { RequestContext } from '../carrier.ts'
import type { Authenticated } from '../guard.ts'
import { ok, type Result, refused } from '../result.ts'
import { placeOf } from '../source.ts'
import type { Ticket } from '../store.ts'
import { emailKey, type User, type UserId } from '../user.ts'
import type { Core } from './core.ts'
import { emailRefusal } from './new-user.ts'
import { tellTaken } from './notices.ts'
import { confirmed } from './reauthenticate.ts'
import { NO_MAIL, throttled } from './recovery.ts'
import { SPENT, ticketed } from './tickets.ts'

/*
 * A change of address (RC-07). The invariant: an account has the address that its owner confirmed last, unless the owner of
 * the one before objected; an objection that was answered stands, whatever was confirmed at the same time.
 *
 * - Pending: a ticket to the new address, bound to the address and the generation of now. The old one signs in and receives
 *   links as ever. Whatever ends all sessions (a reset, a changed password, a lock, an objection) raises the generation and so
 *   voids it.
 * - Confirmed: one statement that moves the address, if both are still what they were and nobody has it meanwhile.
 * - Objected (`objection.ts`): one statement that moves the address back and raises the generation, judged by what is. The two
 *   statements are on one row, so one comes first: a confirmation after it finds another generation, and one before it is undone.
 */

export type EmailChange = { readonly email: string; readonly password: string }

/** Asks for another address. Whether that one is in use is told to nobody but its owner (TH-09). */
export async function changeEmail(
  core: Core,
  who: Authenticated,
  given: EmailChange,
  context: RequestContext,
): Promise<Result<null>> {
  if (!core.post.able) return NO_MAIL
  const email = given.email.normalize('NFC').trim()
  const wrong = emailRefusal(email) ?? (email === who.user.email ? UNCHANGED : null)
  if (wrong) return refused(wrong)
  const slow = await core.quota.bySource(context.source)
  if (slow) return refused(slow)
  const proof = await confirmed(core, who, given.password, 'email.change_requested', context)
  if (!proof.ok) return proof
  const { id, generation } = who.user
  core.recorder.record(
    { type: 'email.change_requested', actor: id, subject: id, sid: who.session.id },
    context,
    core.clock.now(),
  )
  core.post.later('asking an address whether it agrees', () => ask(core, id, generation, email, context))
  return ok(null)
}

const UNCHANGED = {
  code: 'invalid_request',
  errors: [{ path: 'email', code: 'unchanged', detail: 'This is the address the account has' }],
} as const

async function ask(core: Core, id: UserId, generation: number, email: string, context: RequestContext): Promise<void> {
  const { users, tickets } = core.store
  const now = core.clock.now()
  const { user } = await users.find(id)
  if (!user || user.generation !== generation || user.status === 'locked') return
  const [from, to] = [emailKey(user.email), emailKey(email)]
  const holder = (await users.findByEmail(to)).user
  // Only the newest change counts. The old address hears of it whether or not the new one is free.
  await tickets.removeOf(id, 'email')
  await tellOld(core, user, 'email_requested', email, context, now)
  if (!(await core.quota.toAddress(to))) return throttled(core, user, context)
  if (holder && holder.id !== id) return tellTaken(core, holder, context, now)
  const life = core.post.lifetimes.verify
  const token = await ticketed(core, 'email', id, { from, email, generation }, now + life)
  // Somebody who is gone leaves no address behind.
  if ((await users.find(id)).user === null) return tickets.removeOf(id, null)
  core.post.send(
    { kind: 'email_confirmation', to: email, userId: id, at: now, link: { page: 'verify', token, life } },
    context,
  )
}

/** The new address has confirmed. */
export async function confirmChange(core: Core, ticket: Ticket, context: RequestContext): Promise<Result<null>> {
  const { users, tickets } = core.store
  const { userId } = ticket
  const { from, email, generation } = ticket.data as {
    readonly from: string
    readonly email: string
    readonly generation: number
  }
  const { user } = userId === null ? { user: null } : await users.find(userId)
  if (!user || user.status === 'locked') return SPENT
  const key = emailKey(email)
  const { value, ...where } = await users.setEmail(user.id, { key: from, generation }, email, key, null)
  await core.view.settle(placeOf(users.source, where))
  if (!value) {
    const { user: holder } = await users.findByEmail(key)
    return holder && holder.id !== user.id ? refused({ code: 'email_taken' }) : SPENT
  }
  const now = core.clock.now()
  core.recorder.record({ type: 'email.changed', actor: user.id, subject: user.id }, context, now)
  // What was mailed to the old address sets no password any more.
  await tickets.removeOf(user.id, 'reset')
  if (from !== key)
    core.post.later('telling the old address', () => tellOld(core, user, 'email_changed', email, context, now))
  return ok(null)
}

/** Tells the address a user had, with a way to object. */
async function tellOld(
  core: Core,
  { id, email: old }: User,
  kind: 'email_requested' | 'email_changed',
  email: string,
  context: RequestContext,
  at: number,
): Promise<void> {
  const life = core.post.lifetimes.object
  const token = await ticketed(core, 'object', id, { email: old, at }, at + life)
  core.post.send({ kind, to: old, userId: id, at, email, link: { page: 'object', token, life } }, context)
}
