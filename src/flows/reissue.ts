import { ConfigurationError } from '../errors.ts'
import type { Authenticated } from '../guard.ts'
import { limits } from '../policy.ts'
import { ok, type Result, refused } from '../result.ts'
import { type Session, withoutToken } from '../session.ts'
import { type Place, placeOf } from '../source.ts'
import type { Carried, Strategy } from '../strategy.ts'
import type { Core } from './core.ts'
import { deny, successorOf } from './endings.ts'

type Reissuing = Pick<Core, 'strategies' | 'store' | 'view' | 'policy' | 'denialLife'>

/** How a session goes on: what was proved, when and by what means, and under which generations. */
type Proof = Pick<Session, 'generation' | 'everyone' | 'amr' | 'authenticatedAt' | 'longestIdle'>

/** A session that goes on under a new token. */
export type Reissued = { readonly session: Session; readonly carried: Carried }

/**
 * Gives a session a new token after its owner proved again who they are (SL-01, RA-03); freshness and idle begin anew, the
 * absolute limit stays. The old token is dead on every node once `places` have settled: nothing may be handed out before.
 */
export async function reissue(
  core: Reissuing,
  who: Authenticated,
  proof: Proof,
  now: number,
): Promise<{ readonly result: Result<Reissued>; readonly places: readonly Place[] }> {
  const strategy = strategyOf(core, who)
  if (strategy.keeps === 'nothing') return reissueAlone(core, strategy, who, proof, now)
  const { sessions } = core.store
  const { source } = sessions
  const record = await sessions.find(who.session.id)
  if (!record || record.endedAt !== null) {
    const result = refused({ code: record?.endReason ?? 'session_revoked', presented: true })
    return { result, places: await core.view.tails(source) }
  }
  const { generation, everyone, amr, authenticatedAt, longestIdle } = proof
  const proved = { generation, everyone, amr, authenticatedAt, longestIdle, lastActiveAt: now }
  const subject = { session: { ...record, ...proved }, user: who.user }
  const { carried, digest } = await strategy.issue(subject, who.via.transport, now)
  const { value, ...where } = await sessions.replace(record.id, record.digest, { ...proved, digest })
  const places = [placeOf(source, where)]
  if (!value) return { result: refused({ code: 'token_stale', presented: true }), places }
  return { result: ok({ session: withoutToken(value), carried }), places }
}

/**
 * The same for a session without a record: the next token has another id, and the one before is denied, unless a new
 * generation has ended it already.
 */
async function reissueAlone(
  core: Reissuing,
  strategy: Strategy,
  who: Authenticated,
  proof: Proof,
  now: number,
): Promise<{ readonly result: Result<Reissued>; readonly places: readonly Place[] }> {
  const before = who.session
  const raised = proof.generation !== before.generation || proof.everyone !== before.everyone
  const id = raised ? before.id : successorOf(before.id)
  const next = { ...before, ...proof, id, lastActiveAt: now }
  const result = ok(await issueNext(core, strategy, who, next, now))
  if (!raised) {
    const { place, reason } = await deny(core, before.id, 'token_stale', now)
    // It ended meanwhile: the first reason stays, and there is no next token of what is over (P7).
    return { result: reason === 'token_stale' ? result : refused({ code: reason, presented: true }), places: [place] }
  }
  return { result, places: await core.view.tails(core.store.denials.source) }
}

/** The next token of a session without a record, within the limits that hold now. */
export async function issueNext(
  { policy }: Pick<Core, 'policy'>,
  strategy: Strategy,
  { user, via }: Authenticated,
  session: Session,
  now: number,
): Promise<Reissued> {
  const { idle } = limits(policy, user.roles, session.remember)
  const { carried } = await strategy.issue({ session: { ...session, idleTimeout: idle }, user }, via.transport, now)
  const idleTimeout = (carried.tokenExpiresAt ?? now) - now
  return { session: { ...session, lastActiveAt: now, idleTimeout }, carried }
}

/** The strategy a session travels by. It stays with it, also when another one issues by now. */
export function strategyOf(
  { strategies }: Pick<Core, 'strategies'>,
  { via }: { readonly via: Pick<Authenticated['via'], 'strategy'> },
): Strategy {
  const own = strategies.find(({ name }) => name === via.strategy)
  if (own) return own
  throw new ConfigurationError(`The strategy ${via.strategy} is not honoured here: add it to accept`)
}
