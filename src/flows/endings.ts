import type { RequestContext } from '../carrier.ts'
import type { EndReason } from '../errors.ts'
import type { SessionId, SessionRecord } from '../session.ts'
import type { Identified } from '../strategy.ts'
import type { User, UserId } from '../user.ts'
import type { Core } from './core.ts'

type Ending = Pick<Core, 'store' | 'view' | 'recorder' | 'clock'>

/**
 * Ends the session behind a credential, as far as it once was genuine; an older token is enough, because ending needs
 * less than using. Returns when that is true everywhere, also when there was nothing left to end: whoever asks again
 * after a lost answer must not hear "done" early.
 */
export async function endPresented(core: Ending, credential: Identified, context: RequestContext): Promise<boolean> {
  const { sessions } = core.store
  const record = await sessions.find(credential.sid)
  const genuine =
    record !== null && (record.digest === credential.digest || record.previousDigest === credential.digest)
  if (!genuine) return false
  return endOne(core, record.id, 'signed_out', context, record.userId)
}

/** Ends one session; true when this call did it. Settled either way. */
export async function endOne(
  core: Ending,
  id: SessionId,
  reason: EndReason,
  context: RequestContext,
  actor: string | null,
): Promise<boolean> {
  const now = core.clock.now()
  const { sessions } = core.store
  const { value, position } = await sessions.end(id, reason, now)
  await core.view.settle(sessions.source, position)
  if (value) tell(core, [value], reason, actor, context, now)
  return value !== null
}

/** Ends a user's sessions but one; answers how many. What signs in meanwhile is not among them. */
export async function endOthers(
  core: Ending,
  userId: UserId,
  except: SessionId,
  reason: EndReason,
  context: RequestContext,
  actor: string | null,
): Promise<number> {
  const now = core.clock.now()
  const { sessions } = core.store
  const { value, position } = await sessions.endOf(userId, reason, now, except)
  await core.view.settle(sessions.source, position)
  tell(core, value ?? [], reason, actor, context, now)
  return value?.length ?? 0
}

/**
 * Ends everything a user holds by raising their generation, which no sign-in under way survives; then the records are
 * marked. The first is the ending: when the second fails, the sessions are over all the same.
 */
export async function endAll(
  core: Ending,
  userId: UserId,
  reason: EndReason,
  context: RequestContext,
  actor: string | null,
): Promise<number | null> {
  const { users } = core.store
  const { value, position } = await users.endAll(userId, reason)
  await core.view.settle(users.source, position)
  return value === null ? null : cleanUp(core, value, reason, context, actor)
}

/** Marks the records of sessions that a change of their user has ended. Answers how many; null when that failed. */
export async function cleanUp(
  core: Ending,
  user: Pick<User, 'id'>,
  reason: EndReason,
  context: RequestContext,
  actor: string | null,
): Promise<number> {
  try {
    const now = core.clock.now()
    const { value, position } = await core.store.sessions.endOf(user.id, reason, now, null)
    if (value?.length) await core.view.settle(core.store.sessions.source, position)
    tell(core, value ?? [], reason, actor, context, now)
    return value?.length ?? 0
  } catch (fault) {
    core.recorder.fault(fault, 'marking ended sessions')
    return 0
  }
}

/** Takes down that sessions ended, each once. */
export function tell(
  core: Pick<Core, 'recorder'>,
  ended: readonly SessionRecord[],
  reason: EndReason | null,
  actor: string | null,
  context: RequestContext,
  now: number,
): void {
  for (const { id, userId, endReason } of ended) {
    core.recorder.record(
      { type: 'session.ended', actor, subject: userId, sid: id, reason: reason ?? endReason },
      context,
      now,
    )
  }
}
