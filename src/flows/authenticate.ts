import type { Carrier, RequestContext } from '../carrier.ts'
import { type EndReason, type Refusal, StoreUnavailable } from '../errors.ts'
import type { Authenticated } from '../guard.ts'
import { type Refused, type Result, refused } from '../result.ts'
import type { Identified, Strategy } from '../strategy.ts'
import type { User } from '../user.ts'
import type { Known } from '../view/view.ts'
import type { Core } from './core.ts'
import { type Admitted, sameContext } from './drift.ts'
import { type Flaw, judge } from './judge.ts'

const ANONYMOUS: Refused = refused({ code: 'unauthenticated' })
const UNAVAILABLE: Refused = refused({ code: 'unavailable', retryAfter: 1 })

type Authenticating = Pick<
  Core,
  'clock' | 'view' | 'strategies' | 'policy' | 'roles' | 'recorder' | 'store' | 'onContextChange' | 'guesses'
>

/**
 * Who is calling? Local while the view is warm, and then answered at once, without a promise: a tick of waiting costs a
 * server more than the decision. Never throws for a store that fails: a node that cannot know answers `unavailable` (P3).
 */
export function authenticate(
  core: Authenticating,
  carrier: Carrier,
  context: RequestContext,
): Result<Authenticated> | Promise<Result<Authenticated>> {
  const now = core.clock.now()
  try {
    const found = identify(core, carrier, now)
    const given =
      found instanceof Promise
        ? found.then((late) => admit(core, late, context, now))
        : admit(core, found, context, now)
    return given instanceof Promise ? given.catch((fault) => unanswered(core, fault)) : given
  } catch (fault) {
    return unanswered(core, fault)
  }
}

function admit(
  core: Authenticating,
  credential: Result<Identified> | null,
  context: RequestContext,
  now: number,
): Result<Authenticated> | Promise<Result<Authenticated>> {
  if (credential === null) return ANONYMOUS
  if (!credential.ok) return turnedAway(core, credential, context, now)
  const { value } = credential
  if (core.guesses.blocked(context.source, now) && !core.view.remembers(value.sid)) {
    return refused({ code: 'throttled', retryAfter: core.guesses.retryAfter })
  }
  const decided = core.view.decide(value.sid, (known, asked) => decide(core, value, known, context, asked))
  if (decided instanceof Promise) return decided.then((decision) => answer(core, value, decision, context))
  return answer(core, value, decided, context)
}

function answer(
  core: Authenticating,
  credential: Identified,
  decision: Decision,
  context: RequestContext,
): Result<Authenticated> | Promise<Result<Authenticated>> {
  if (decision.kind === 'admitted') return sameContext(core, decision, context)
  return otherwise(core, credential, decision, context)
}

function unanswered(core: Authenticating, fault: unknown): Refused {
  if (!(fault instanceof StoreUnavailable)) throw fault
  core.recorder.fault(fault, 'authenticate')
  return UNAVAILABLE
}

/** The first strategy that finds its credential, good or bad, has the word. */
export function identify(
  { strategies }: Pick<Core, 'strategies'>,
  carrier: Carrier,
  now: number,
): Result<Identified> | null | Promise<Result<Identified> | null> {
  for (let i = 0; i < strategies.length; i++) {
    const found = (strategies[i] as Strategy).identify(carrier, now)
    if (found instanceof Promise) {
      const rest = { strategies: strategies.slice(i + 1) }
      return found.then((late) => late ?? identify(rest, carrier, now))
    }
    if (found !== null) return found
  }
  return null
}

/** What the view's knowledge makes of a credential. Verdict and use are one step: a use that is noted was allowed at that instant. */
type Decision = Flaw | Admission
type Admission = Admitted & { readonly kind: 'admitted' }
type Sound = Known & { readonly user: User }

function decide(
  core: Authenticating,
  credential: Identified,
  known: Known | null,
  context: RequestContext,
  asked: boolean,
): Decision {
  const now = core.clock.now()
  const flaw = judge(credential, known, core.policy, now, asked)
  if (flaw !== null) return flaw
  const { session, user, use } = known as Sound
  if (!context.passive) core.view.use(use, now)
  return {
    kind: 'admitted',
    use,
    who: {
      user,
      session: { ...session, lastActiveAt: use.lastActiveAt, longestIdle: use.longestIdle },
      via: credential.via,
      policy: core.policy,
      roles: core.roles,
    },
  }
}

async function otherwise(
  core: Authenticating,
  credential: Identified,
  first: Decision,
  context: RequestContext,
): Promise<Result<Authenticated>> {
  let verdict = first
  for (let attempt = 0; attempt < 3; attempt++) {
    switch (verdict.kind) {
      case 'admitted':
        return sameContext(core, verdict, context)
      case 'refused':
        return shutOut(core, verdict, context)
      case 'expired':
        if (await expire(core, verdict.known, verdict.reason, context)) {
          return refused({ code: verdict.reason, presented: true })
        }
    }
    // The store has the word: it knows of uses on other nodes, of an end elsewhere, and of a use that overtook an expiry.
    verdict = await core.view.ask(credential.sid, (known, asked) => decide(core, credential, known, context, asked))
  }
  if (verdict.kind === 'refused') return shutOut(core, verdict, context)
  if (verdict.kind === 'admitted') return sameContext(core, verdict, context)
  throw new StoreUnavailable('uses kept overtaking the expiry')
}

/** Ends what is over by time, unless it was used meanwhile. True when it is over, whoever ended it. */
async function expire(
  core: Authenticating,
  known: Known,
  reason: EndReason,
  context: RequestContext,
): Promise<boolean> {
  const now = core.clock.now()
  const unlessUsedAfter = reason === 'session_expired_idle' ? known.use.lastActiveAt : undefined
  const { value } = await core.store.sessions.end(known.session.id, reason, now, unlessUsedAfter)
  if (!value) return false
  const { id, userId } = known.session
  core.recorder.record({ type: 'session.ended', actor: 'system', subject: userId, sid: id, reason }, context, now)
  return true
}

/** A credential of bad form: refused before anything was looked up (SI-06, CK-07). */
function turnedAway(core: Authenticating, credential: Refused, context: RequestContext, now: number): Refused {
  if (credential.refusal.detail !== undefined) {
    core.recorder.record({ type: 'cookie.conflict', outcome: 'failure', reason: 'doubled' }, context, now)
  }
  return refused(plain(credential.refusal))
}

function shutOut(core: Authenticating, verdict: Flaw & { kind: 'refused' }, context: RequestContext): Refused {
  const now = core.clock.now()
  const { refusal, genuine } = verdict
  if (genuine) {
    const { id, userId } = genuine.session
    const happening = { outcome: 'failure', subject: userId, sid: id, reason: refusal.code } as const
    if (refusal.code !== 'token_stale')
      core.recorder.record({ type: 'session.used_after_end', ...happening }, context, now)
  } else if (core.guesses.miss(context.source, now)) {
    core.recorder.record({ type: 'token.guessing', outcome: 'failure', reason: 'unknown_tokens' }, context, now)
  }
  return refused(refusal)
}

/** What a stranger hears, whatever was wrong (ER-04). */
function plain(refusal: Refusal): Refusal {
  return { code: refusal.code, ...(refusal.presented && { presented: true }) }
}
