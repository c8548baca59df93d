import type { RequestContext } from '../carrier.ts'
import { ok, type Result, refused } from '../result.ts'
import type { Ticket } from '../store.ts'
import { emailKey, type User } from '../user.ts'
import { breachRefusal } from './breached.ts'
import type { Core } from './core.ts'
import { carryOut } from './endings.ts'
import { notify } from './notices.ts'
import { slowed, spent } from './presenting.ts'
import { addressDigest, isToken, SPENT, taken } from './tickets.ts'

export type PasswordReset = { readonly token: string; readonly newPassword: string }

/** How often the new password is written, each time the record was changed meanwhile. */
const MAX_TURNS = 8

/*
 * The invariant of a reset: the password is set only while nothing has ended the user's sessions but this reset itself. The
 * generation is raised first, from exactly the number the ticket was made at: of several resets at once one can do so. The record
 * is then replaced only in the version it had before the generation was last seen to be that one: an objection or a lock raises
 * the generation before it touches the record, so either it is seen, or it comes after and has the last word. At the end the
 * generation is raised once more, which ends whoever signed in with the old password in between.
 */

/** Sets a new password by a link, ends every session, and voids every other link that sets one. Signs nobody in (RC-04). */
export async function resetPassword(core: Core, given: PasswordReset, context: RequestContext): Promise<Result<null>> {
  const slow = slowed(core, context)
  if (slow) return slow
  if (!isToken(given.token)) return spent(core, 'reset', context)
  const early = core.passwordRules(given.newPassword, { email: '', name: '' }, 'newPassword')
  if (early) return refused(early)
  const prepared = await core.passwords.prepare(given.newPassword)
  if (!prepared.ok) return prepared
  const ticket = await taken(core, given.token, 'reset')
  if (!ticket) return spent(core, 'reset', context)
  const user = await holder(core, ticket)
  if (!user) return spent(core, 'reset', context)
  const unfit =
    core.passwordRules(given.newPassword, user, 'newPassword') ??
    (await breachRefusal(core, given.newPassword, 'newPassword', user.id, context)) ??
    (await unchanged(core, ticket, user, given))
  if (unfit) {
    await core.store.tickets.put(ticket)
    return refused(unfit)
  }
  return apply(core, user, ticket, prepared.value, context)
}

/** Whose link it is, as long as what it was made for is true: what ended the sessions since then voids it too (TE-07). */
async function holder({ store }: Pick<Core, 'store'>, ticket: Ticket): Promise<User | null> {
  if (ticket.userId === null) return null
  const { user } = await store.users.find(ticket.userId)
  const { generation, to } = ticket.data
  if (!user || user.generation !== generation || user.status === 'locked') return null
  return to === undefined || to === addressDigest(emailKey(user.email)) ? user : null
}

/** Who has to change a password that somebody else chose does not keep it (RC-06). */
async function unchanged(core: Core, ticket: Ticket, user: User, { newPassword }: PasswordReset) {
  if (ticket.data.reason !== 'change_required') return null
  const same = await core.passwords.check(user.id, newPassword, core.clock.now())
  if (!same.ok) return same.refusal
  if (!same.value.good) return null
  const detail = 'Choose another one'
  return {
    code: 'password_unchanged',
    errors: [{ path: 'newPassword', code: 'password_unchanged', detail }],
  } as const
}

async function apply(
  core: Core,
  user: User,
  { data }: Ticket,
  record: string,
  context: RequestContext,
): Promise<Result<null>> {
  const { users, credentials, tickets } = core.store
  const { id } = user
  const by = context.actor ?? id
  const first = (await users.endAll(id, 'session_revoked', user.generation)).value
  if (!first) return SPENT
  if (!(await replaced(core, first, record))) return refused({ code: 'conflict' })
  const now = core.clock.now()
  await Promise.all([
    tickets.removeOf(id, 'reset'),
    tickets.removeOf(id, 'email'),
    core.attempts.clear(emailKey(user.email)),
  ])
  // A link that was mailed has come from the address.
  await users.edit(id, { passwordChangeRequired: false, ...(data.to !== undefined && { emailVerified: true }) })
  const last = await users.endAll(id, 'session_revoked')
  if (!last.value) await credentials.remove(id, null, '')
  const factor = data.to === undefined ? 'pwd' : 'link'
  core.recorder.record({ type: 'password.changed', actor: by, subject: id, data: { factor } }, context, now)
  if (data.reason !== 'invitation') notify(core, 'password_changed', user, context, now)
  await carryOut(core, last, 'session_revoked', context, by)
  return last.value ? ok(null) : SPENT
}

/** Writes the record, unless something else has ended the sessions since `raised`. */
async function replaced({ store, passwords, clock }: Core, { id, generation }: User, record: string): Promise<boolean> {
  for (let turn = 0; turn < MAX_TURNS; turn++) {
    const version = await passwords.version(id)
    const { user } = await store.users.find(id)
    if (user?.generation !== generation) return false
    if (await passwords.put(id, record, clock.now(), version)) return true
  }
  return false
}
