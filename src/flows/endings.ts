import type { RequestContext } from '../carrier.ts'
import { sha256 } from '../crypto.ts'
import type { EndReason } from '../errors.ts'
import type { SessionId, SessionRecord } from '../session.ts'
import { type Changed, type Place, placeOf } from '../source.ts'
import type { Identified } from '../strategy.ts'
import type { User, UserId } from '../user.ts'
import type { Core } from './core.ts'

type Ending = Pick<Core, 'store' | 'view' | 'recorder' | 'clock' | 'denialLife'>
type Marking = Ending & Pick<Core, 'leftovers'>

/**
 * Ends the session behind a credential, as far as it once was genuine; an older token is enough, because ending needs
 * less than using. Returns when that is true everywhere, also when there was nothing left to end: whoever asks again
 * after a lost answer must not hear "done" early. True when this call ended it; null when it is nobody's, and nothing was
 * waited for.
 */
export async function endPresented(
  core: Ending & Pick<Core, 'stands'>,
  credential: Identified,
  context: RequestContext,
  reason: EndReason = 'signed_out',
): Promise<boolean | null> {
  if (credential.proof === 'access') {
    const { sid, claims } = credential
    if (!core.stands(credential.kid, core.clock.now())) return null
    return endOne(core, sid, reason, context, claims.subject)
  }
  const record = await core.store.sessions.find(credential.sid)
  if (record === null) return null
  const fits = (digest: string) =>
    credential.proof === 'digest' ? credential.digest === digest : credential.fits(digest)
  const genuine = fits(record.digest) || (record.previousDigest !== null && fits(record.previousDigest))
  return genuine ? endOne(core, record.id, reason, context, record.userId) : null
}

/** Ends one session, with a record or without; true when this call did it. Settled either way. */
export async function endOne(
  core: Ending,
  id: SessionId,
  reason: EndReason,
  context: RequestContext,
  actor: string | null,
): Promise<boolean> {
  const now = core.clock.now()
  const { sessions } = core.store
  const { value, ...where } = await sessions.end(id, reason, now)
  const ended = placeOf(sessions.source, where)
  if (value || core.denialLife === null || (await sessions.find(id)) !== null) {
    await core.view.settle(ended)
    if (value) tell(core, [value], reason, actor, context, now)
    return value !== null
  }
  const { place, sid } = await denyNewest(core, id, reason, now)
  await core.view.settle(ended, place)
  core.recorder.record({ type: 'session.ended', actor, sid, reason }, context, now)
  return true
}

/**
 * Ends sessions that have records, each by itself, and waits once for all of them. Answers how many this call ended.
 * @throws StoreUnavailable when one could not be ended; the others are, and are settled.
 */
export async function endSeveral(
  core: Pick<Core, 'store' | 'view' | 'recorder' | 'clock'>,
  ids: readonly SessionId[],
  reason: EndReason,
  context: RequestContext,
  actor: string | null,
): Promise<number> {
  const now = core.clock.now()
  const { sessions } = core.store
  const tried = await Promise.allSettled(ids.map((id) => sessions.end(id, reason, now)))
  const done = tried.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  await core.view.settle(...done.map((where) => placeOf(sessions.source, where)))
  const ended = done.flatMap(({ value }) => (value ? [value] : []))
  tell(core, ended, reason, actor, context, now)
  const failed = tried.find((one) => one.status === 'rejected')
  if (failed) throw failed.reason
  return ended.length
}

/**
 * The id under which a session without a record goes on when its owner re-authenticated. It follows from the one before, so that
 * whoever ends the session by that finds it. Ids open nothing, so it need not be a secret.
 */
export function successorOf(id: SessionId): SessionId {
  return Buffer.from(sha256(`successor of ${id}`), 'hex').toString('base64url', 0, 16) as SessionId
}

/**
 * Denies a session that has no record under the id it has by now. One that its owner left by re-authenticating is denied as
 * stale for as long as a token of it can be good, and so says where to go on; the first reason of an id stays, so a
 * re-authentication at the same time either comes too late or is found. What remains out of reach: after that time a token from
 * before, over by then, ends nothing that goes on, because without a record nothing is left that would lead there.
 */
async function denyNewest(
  core: Pick<Core, 'store' | 'denialLife'>,
  id: SessionId,
  reason: EndReason,
  now: number,
): Promise<{ readonly place: Place; readonly sid: SessionId }> {
  let sid = id
  for (;;) {
    const denied = await deny(core, sid, reason, now)
    if (denied.reason !== 'token_stale' || reason === 'token_stale') return { place: denied.place, sid }
    sid = successorOf(sid)
  }
}

/** Denies a session that has no record, for as long as a token of it can be good. Answers why it is denied: the first reason stays. */
export async function deny(
  { store, denialLife }: Pick<Core, 'store' | 'denialLife'>,
  sid: SessionId,
  reason: EndReason,
  now: number,
): Promise<{ readonly place: Place; readonly reason: EndReason }> {
  const { value, ...where } = await store.denials.deny({ sid, reason, until: now + (denialLife ?? 0) }, now)
  return { place: placeOf(store.denials.source, where), reason: value?.reason ?? reason }
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
  const { value, ...where } = await sessions.endOf(userId, reason, now, except)
  await core.view.settle(placeOf(sessions.source, where))
  tell(core, value ?? [], reason, actor, context, now)
  return value?.length ?? 0
}

/** Ends everything a user holds by raising their generation, which no sign-in under way survives. Null: no such user. */
export async function endAll(
  core: Marking,
  userId: UserId,
  reason: EndReason,
  context: RequestContext,
  actor: string | null,
): Promise<number | null> {
  const changed = await core.store.users.endAll(userId, reason)
  const ended = await carryOut(core, changed, reason, context, actor)
  return changed.value === null ? null : ended
}

/**
 * A change of a user that ended everything they hold: marks the records, and returns when the change is true everywhere.
 * The user's record is the ending; when marking fails, the sessions are over all the same. Answers how many were marked.
 */
export async function carryOut(
  core: Marking,
  changed: Changed<User>,
  reason: EndReason,
  context: RequestContext,
  actor: string | null,
): Promise<number> {
  const now = core.clock.now()
  const marked = changed.value ? await mark(core, changed.value.id, reason, null, now) : NOTHING
  await core.view.settle(placeOf(core.store.users.source, changed), ...marked.places)
  tell(core, marked.ended, reason, actor, context, now)
  return marked.ended.length
}

type Marked = { readonly ended: readonly SessionRecord[]; readonly places: readonly Place[] }

const NOTHING: Marked = { ended: [], places: [] }

/** Marks the records of sessions that a change of their user has ended, but `except`. A store that fails is nobody's refusal: they are marked later. */
export async function mark(
  core: Marking,
  userId: UserId,
  reason: EndReason,
  except: SessionId | null,
  now: number,
): Promise<Marked> {
  const { sessions } = core.store
  try {
    const { value, ...where } = await sessions.endOf(userId, reason, now, except)
    return { ended: value ?? [], places: [placeOf(sessions.source, where)] }
  } catch (fault) {
    core.recorder.fault(fault, 'marking ended sessions')
    core.leftovers.add(userId, reason)
    return NOTHING
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
