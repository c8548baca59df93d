import type { Carrier, RequestContext } from '../carrier.ts'
import type { EndReason } from '../errors.ts'
import type { Authenticated } from '../guard.ts'
import { ok, type Result, refused } from '../result.ts'
import { refreshTurn } from '../rotation.ts'
import { type SessionRecord, withoutToken } from '../session.ts'
import type { Found, Identified, RefreshProof, Strategy } from '../strategy.ts'
import { DOUBLED, MALFORMED } from '../tokens/refusals.ts'
import { type Authenticating, authenticateBy } from './authenticate.ts'
import type { Core } from './core.ts'
import { endOne } from './endings.ts'
import { notify } from './notices.ts'
import type { Reissued } from './reissue.ts'

/** The next tokens, and who they were handed to. */
export type Refreshed = Reissued & { readonly who: Authenticated }

type Refreshing = Authenticating & Pick<Core, 'refreshes' | 'denialLife' | 'post'>

/** How often a refresh that lost the race is judged again: each time another one has won. */
const MAX_TURNS = 100

/**
 * Gets the next tokens of a session for its refresh token (design, section 6). What a genuine token is to the session is
 * said by `rotation.ts`; here it is carried out, by compare-and-swap, so that of any number of parallel refreshes one moves
 * the counter and all of them get the same refresh token. Not activity.
 *
 * @param given the refresh token of a body; null: the cookie's.
 */
export async function refresh(
  core: Refreshing,
  carrier: Carrier,
  given: string | null,
  context: RequestContext,
): Promise<Result<Refreshed>> {
  const now = core.clock.now()
  const read = readBy(core.strategies, carrier, given)
  if (read === null) return refused({ code: 'not_supported' })
  const { strategy, found } = read
  if (found === null) return refused({ code: 'unauthenticated' })
  if (!found.ok) {
    if (found === DOUBLED) core.recorder.record(CONFLICT, context, now)
    return MALFORMED
  }
  const { value } = found
  const admitted = await authenticateBy(core, value, { ...context, passive: true })
  if (!admitted.ok) return admitted
  const who = admitted.value

  for (let turn = 0; turn < MAX_TURNS; turn++) {
    const record = await core.store.sessions.find(value.sid)
    if (!record || record.endedAt !== null) return over(record?.endReason ?? 'session_revoked')
    // Its owner proved again who they are meanwhile: that gave this session a new line of tokens.
    if (!value.fits(record.digest)) return over('token_stale')
    const done = await carryOut(core, strategy, value, record, who, context)
    if (done !== null) return done
  }
  return refused({ code: 'unavailable', retryAfter: 1 })
}

/** One turn; null when another refresh was faster, and the record has to be read again. */
async function carryOut(
  core: Refreshing,
  strategy: Strategy,
  { sid, counter, via }: Identified<RefreshProof>,
  record: SessionRecord,
  who: Authenticated,
  context: RequestContext,
): Promise<Result<Refreshed> | null> {
  const now = core.clock.now()
  const { sessions } = core.store
  const happening = { actor: who.user.id, subject: who.user.id, sid } as const
  const turn = refreshTurn(counter, record, now)
  switch (turn) {
    case 'theft': {
      core.recorder.record(
        {
          type: 'token.reused',
          outcome: 'failure',
          reason: 'token_reused',
          subject: who.user.id,
          sid,
          data: { behind: record.counter - counter, factor: 'refresh_token' },
        },
        context,
        now,
      )
      const ended = await endOne(core, sid, 'token_reused', context, 'system')
      if (ended) notify(core, 'token_theft', who.user, context, now)
      return over('token_reused')
    }
    case 'same':
    case 'repeat': {
      const allowed = await core.refreshes.repeated(core, who, context)
      if (!allowed.ok) return allowed
      if (turn === 'same') return handOut(strategy, record, via, who, now, false)
      const handed = await sessions.advance(sid, record.digest, record.counter, record.counter, now)
      return handed && handOut(strategy, handed, via, who, now)
    }
    case 'regressed': {
      const next = await sessions.advance(sid, record.digest, record.counter, counter, now)
      if (!next) return null
      core.recorder.record(
        { type: 'store.regressed', ...happening, data: { by: counter - record.counter } },
        context,
        now,
      )
      return handOut(strategy, next, via, who, now)
    }
    case 'advance': {
      const next = await sessions.advance(sid, record.digest, counter, counter + 1, now)
      if (!next) return null
      core.refreshes.advanced(sid, context)
      core.recorder.record(
        { type: 'token.refreshed', ...happening, data: { counter: next.counter, factor: 'refresh_token' } },
        context,
        now,
      )
      return handOut(strategy, next, via, who, now)
    }
  }
}

async function handOut(
  strategy: Strategy,
  record: SessionRecord,
  { transport }: Identified['via'],
  who: Authenticated,
  now: number,
  whole = true,
): Promise<Result<Refreshed> | null> {
  const carried = await strategy.refreshing?.issue(record, who.user, transport, now, whole)
  if (!carried) return null
  const { lastActiveAt, longestIdle } = who.session
  return ok({ session: { ...withoutToken(record), lastActiveAt, longestIdle }, carried, who })
}

/** The strategy that refreshes here, and what it reads off the request; null when none does. */
function readBy(
  strategies: readonly Strategy[],
  carrier: Carrier,
  given: string | null,
): { readonly strategy: Strategy; readonly found: Found<RefreshProof> } | null {
  for (const strategy of strategies) {
    if (strategy.refreshing) return { strategy, found: strategy.refreshing.read(carrier, given) }
  }
  return null
}

const CONFLICT = { type: 'cookie.conflict', outcome: 'failure', reason: 'doubled' } as const

function over(code: EndReason) {
  return refused({ code, presented: true })
}
