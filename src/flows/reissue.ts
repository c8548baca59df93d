import type { Authenticated } from '../guard.ts'
import { ok, type Result, refused } from '../result.ts'
import type { Session } from '../session.ts'
import type { Carried } from '../strategy.ts'
import type { Core } from './core.ts'

/** A session that goes on under a new token. */
export type Reissued = { readonly session: Session; readonly carried: Carried }

/**
 * Gives a session a new token after its owner proved again who they are. The old token is dead on every node when this
 * returns (SL-01, RA-03); freshness and idle begin anew, the absolute limit stays.
 */
export async function renewedSecret(
  core: Pick<Core, 'strategy' | 'store' | 'view'>,
  who: Authenticated,
  proof: { readonly generation: number; readonly everyone: number; readonly amr: readonly string[] },
  now: number,
): Promise<Result<Reissued>> {
  const { sessions } = core.store
  const record = await sessions.find(who.session.id)
  if (!record || record.endedAt !== null) {
    return refused({ code: record?.endReason ?? 'session_revoked', presented: true })
  }
  const renewed = { ...record, authenticatedAt: now, lastActiveAt: now, longestIdle: 0, ...proof }
  const issued = await core.strategy.issue(renewed, who.via.transport, now)
  const replaced = await sessions.replace(record.id, record.digest, {
    ...proof,
    digest: issued.digest,
    authenticatedAt: now,
    lastActiveAt: now,
    longestIdle: 0,
  })
  await core.view.settle(sessions.source, replaced.position)
  if (!replaced.value) return refused({ code: 'token_stale', presented: true })
  const { digest: _, previousDigest: __, ...session } = replaced.value
  return ok({ session, carried: issued.carried })
}
