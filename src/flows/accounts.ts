import type { RequestContext } from '../carrier.ts'
import { ok, type Result, refused } from '../result.ts'
import { placeOf } from '../source.ts'
import type { UserEdit } from '../store.ts'
import { emailKey, type Fields, type User, type UserId } from '../user.ts'
import type { Core } from './core.ts'
import { carryOut, tell } from './endings.ts'
import { accepted, nameRefusal } from './new-user.ts'
import { notify } from './notices.ts'

type Administering = Pick<
  Core,
  | 'store'
  | 'view'
  | 'recorder'
  | 'clock'
  | 'roles'
  | 'validateFields'
  | 'denialLife'
  | 'leftovers'
  | 'erasing'
  | 'post'
  | 'attempts'
>

const NOT_FOUND = refused({ code: 'not_found' })

/** Gives a user exactly these roles; true on every node when it returns. */
export async function setRoles(
  core: Administering,
  id: UserId,
  roles: readonly string[],
  context: RequestContext,
  actor: string | null,
): Promise<Result<User>> {
  const wanted = [...new Set(roles)]
  const unknown = wanted.find((role) => !core.roles.includes(role))
  if (unknown !== undefined) {
    const detail = `The catalogue has: ${core.roles.join(', ')}`
    return refused({ code: 'role_unknown', errors: [{ path: 'roles', code: 'role_unknown', detail }] })
  }
  const { users } = core.store
  const { value, ...where } = await users.setRoles(id, wanted)
  await core.view.settle(placeOf(users.source, where))
  if (!value) return NOT_FOUND
  const data = { roles: wanted.join(' ') }
  core.recorder.record({ type: 'user.roles_changed', actor, subject: id, data }, context, core.clock.now())
  return ok(value)
}

/** Locks an account and ends everything it holds, at once and everywhere (TE-07). */
export async function lock(
  core: Administering,
  id: UserId,
  context: RequestContext,
  actor: string | null,
): Promise<Result<User>> {
  const { users } = core.store
  const changed = await users.setStatus(id, 'locked')
  if (changed.value) core.recorder.record({ type: 'user.locked', actor, subject: id }, context, core.clock.now())
  await carryOut(core, changed, 'user_locked', context, actor)
  return changed.value ? ok(changed.value) : NOT_FOUND
}

/** Lets an account sign in again; what was ended stays ended. */
export async function unlock(
  core: Administering,
  id: UserId,
  context: RequestContext,
  actor: string | null,
): Promise<Result<User>> {
  const { users } = core.store
  const { value, ...where } = await users.setStatus(id, 'active')
  await core.view.settle(placeOf(users.source, where))
  if (!value) return NOT_FOUND
  core.recorder.record({ type: 'user.unlocked', actor, subject: id }, context, core.clock.now())
  return ok(value)
}

/** Removes an account: first the record, which ends everything, then what it held and what is personal in what stays. */
export async function removeUser(
  core: Administering,
  id: UserId,
  context: RequestContext,
  actor: string | null,
): Promise<Result<null>> {
  const changed = await core.store.users.remove(id)
  if (changed.value) core.recorder.record({ type: 'user.removed', actor, subject: id }, context, core.clock.now())
  await carryOut(core, changed, 'session_revoked', context, actor)
  core.post.forget(id)
  if (changed.value) {
    const { email } = changed.value
    notify(core, 'account_deleted', changed.value, context, core.clock.now())
    await core.attempts.clear(emailKey(email)).catch((fault) => core.recorder.fault(fault, 'clearing a counter'))
  }
  // Also for nobody: whoever asks again, after an answer that was lost, gets done what was left.
  await core.erasing.of(id)
  return changed.value ? ok(null) : NOT_FOUND
}

export type Profile = { readonly name?: string; readonly fields?: Fields }

/** Changes name and declared fields. */
export async function editProfile(
  core: Administering,
  user: User,
  change: Profile,
  context: RequestContext,
  actor: string | null,
): Promise<Result<User>> {
  const name = change.name?.normalize('NFC').trim()
  const wrong = name === undefined ? null : nameRefusal(name)
  if (wrong) return refused(wrong)
  const fields =
    change.fields === undefined ? null : await accepted(core.validateFields.user, { ...user.fields, ...change.fields })
  if (fields && !fields.ok) return fields
  const edit: UserEdit = { ...(name !== undefined && { name }), ...(fields && { fields: fields.value }) }
  const { users } = core.store
  const { value, ...where } = await users.edit(user.id, edit)
  await core.view.settle(placeOf(users.source, where))
  if (!value) return NOT_FOUND
  core.recorder.record({ type: 'user.changed', actor, subject: user.id }, context, core.clock.now())
  return ok(value)
}

/** Ends every session of everyone. Answers how many records were marked. */
export async function endEveryone(core: Administering, context: RequestContext, actor: string | null): Promise<number> {
  const { users } = core.store
  const { value, ...where } = await users.endEveryone()
  await core.view.settle(placeOf(users.source, where))
  core.recorder.record({ type: 'everyone.signed_out', actor }, context, core.clock.now())
  return value === null ? 0 : markOlder(core, value, context, actor)
}

/** Sessions that one statement marks as ended. */
const BATCH = 200

/**
 * Marks the records of sessions from before this generation of everyone, which are over already; at most about `most`, the sweeper
 * goes on. Answers how many.
 */
export async function markOlder(
  core: Pick<Core, 'store' | 'recorder' | 'clock'>,
  everyone: number,
  context: RequestContext,
  actor: string | null,
  most = Number.POSITIVE_INFINITY,
): Promise<number> {
  const now = core.clock.now()
  let marked = 0
  for (let more = true; more && marked < most; ) {
    const batch = await core.store.sessions.endOlder(everyone, BATCH, now).catch((fault) => {
      // They are over all the same, and the sweeper goes on.
      core.recorder.fault(fault, 'marking ended sessions')
      return { value: [] }
    })
    tell(core, batch.value ?? [], 'session_revoked', actor, context, now)
    marked += batch.value?.length ?? 0
    more = (batch.value?.length ?? 0) === BATCH
  }
  return marked
}
