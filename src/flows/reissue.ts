import type { Authenticated } from '../guard.ts'
import { ok, type Result, refused } from '../result.ts'
import { type Session, withoutToken } from '../session.ts'
import type { Carried } from '../strategy.ts'
import type { Place } from '../view/view.ts'
import type { Core } from './core.ts'

/** A session that goes on under a new token. */
export type Reissued = { readonly session: Session; readonly carried: Carried }

/**
 * Gives a session a new token after its owner proved again who they are (SL-01, RA-03); freshness and idle begin anew, the
 * absolute limit stays. The old token is dead on every node once `place` has settled: nothing may be handed out before.
 */
export async function reissue(
  core: Pick<Core, 'strategy' | 'store'>,
  who: Authenticated,
  proof: { readonly generation: number; readonly everyone: number; readonly amr: readonly string[] },
  now: number,
): Promise<{ readonly result: Result<Reissued>; readonly place: Place }> {
  const { sessions } = core.store
  const { source } = sessions
  const record = await sessions.find(who.session.id)
  if (!record || record.endedAt !== null) {
    const result = refused({ code: record?.endReason ?? 'session_revoked', presented: true })
    return { result, place: { source, position: await source.feed.tail() } }
  }
  const proved = { ...proof, authenticatedAt: now, lastActiveAt: now, longestIdle: 0 }
  const { carried, digest } = await core.strategy.issue({ ...record, ...proved }, who.via.transport, now)
  const { value, position } = await sessions.replace(record.id, record.digest, { ...proved, digest })
  const place = { source, position }
  if (!value) return { result: refused({ code: 'token_stale', presented: true }), place }
  return { result: ok({ session: withoutToken(value), carried }), place }
}
