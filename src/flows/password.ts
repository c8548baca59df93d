import type { RequestContext } from '../carrier.ts'
import type { Authenticated } from '../guard.ts'
import { type Result, refused } from '../result.ts'
import { placeOf } from '../source.ts'
import type { User } from '../user.ts'
import { breachRefusal } from './breached.ts'
import type { Core } from './core.ts'
import { carryOut, mark, tell } from './endings.ts'
import { notify } from './notices.ts'
import { confirmed } from './reauthenticate.ts'
import { type Reissued, reissue } from './reissue.ts'

/** All sessions were ended by somebody else meanwhile, and so this one: nothing it asked for lets it go on (P7). */
const OVERTAKEN = { code: 'session_revoked', presented: true } as const

export type PasswordChange = { readonly currentPassword: string; readonly newPassword: string }

/**
 * Changes the password, ends every other session and gives this one a new token. The generation is raised before and
 * after: the first makes a crash in between end sessions rather than keep them, the second ends whoever signed in with
 * the old password meanwhile.
 */
export async function changePassword(
  core: Core,
  who: Authenticated,
  given: PasswordChange,
  context: RequestContext,
): Promise<Result<Reissued>> {
  const { user, session } = who
  const wrongShape = core.passwordRules(given.newPassword, user, 'newPassword')
  if (wrongShape) return refused(wrongShape)
  const proof = await confirmed(core, who, given.currentPassword, 'password.change_failed', context)
  if (!proof.ok) return proof
  const breached = await breachRefusal(core, given.newPassword, 'newPassword', user.id, context)
  if (breached) return refused(breached)

  const now = core.clock.now()
  const { users } = core.store
  const prepared = await core.passwords.prepare(given.newPassword)
  if (!prepared.ok) return prepared
  const first = (await users.endAll(user.id, 'session_revoked')).value
  if (first === null) return refused({ code: 'unauthenticated', presented: true })
  if (first.generation !== session.generation + 1) return refused(OVERTAKEN)
  // Whoever replaced the password since it was confirmed wins: it may have been its owner, recovering the account.
  if (!(await core.passwords.put(user.id, prepared.value, now, proof.value.version)))
    return refused({ code: 'conflict' })
  const raised = await users.endAll(user.id, 'session_revoked')
  if (raised.value === null) return refused({ code: 'unauthenticated', presented: true })
  if (raised.value.passwordChangeRequired) await users.edit(user.id, { passwordChangeRequired: false })
  const { generation } = raised.value
  const { everyone } = session
  const grown = { generation, everyone, amr: ['pwd'], authenticatedAt: now, longestIdle: 0 }
  const overtaken = generation !== first.generation + 1
  const { result, places } = overtaken
    ? { result: refused(OVERTAKEN), places: await core.view.tails(users.source) }
    : await reissue(core, who, grown, now)
  const marked = await mark(core, user.id, 'session_revoked', overtaken ? null : session.id, now)
  const changed = { type: 'password.changed', actor: user.id, subject: user.id, sid: session.id } as const
  core.recorder.record({ ...changed, data: { factor: 'pwd' } }, context, now)
  notify(core, 'password_changed', user, context, now)
  await core.view.settle(placeOf(users.source, raised), ...places, ...marked.places)
  tell(core, marked.ended, 'session_revoked', user.id, context, now)
  return result
}

/** The next sign-in can only change the password; every session ends (PW-10). */
export async function requirePasswordChange(
  core: Core,
  user: User,
  context: RequestContext,
  actor: string | null,
): Promise<void> {
  const { users } = core.store
  await users.edit(user.id, { passwordChangeRequired: true })
  const changed = await users.endAll(user.id, 'session_revoked')
  core.recorder.record({ type: 'password.change_required', actor, subject: user.id }, context, core.clock.now())
  await carryOut(core, changed, 'session_revoked', context, actor)
}
