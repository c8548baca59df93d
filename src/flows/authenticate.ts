import type { Carrier, RequestContext } from '../carrier.ts'
import { type EndReason, type Refusal, StoreUnavailable } from '../errors.ts'
import type { Authenticated } from '../guard.ts'
import { ok, type Refused, type Result, refused } from '../result.ts'
import type { Session, SessionId } from '../session.ts'
import type { Found, Identified, Strategy } from '../strategy.ts'
import { DOUBLED, FORGED, MALFORMED } from '../tokens/refusals.ts'
import type { User } from '../user.ts'
import type { Known, Verdict } from '../view/view.ts'
import { device } from '../wire/device.ts'
import type { Core } from './core.ts'
import { drift, isHere } from './drift.ts'
import { endOne } from './endings.ts'
import { type Flaw, judge, type Rules } from './judge.ts'

const ANONYMOUS: Refused = refused({ code: 'unauthenticated' })
/** From where it is used now, its owner has to prove themselves first. */
const UNPROVED = { code: 'reauth_required', maxAge: 0 } as const
const UNAVAILABLE: Refused = refused({ code: 'unavailable', retryAfter: 1 })

export type Authenticating = Pick<
  Core,
  | 'clock'
  | 'view'
  | 'strategies'
  | 'policy'
  | 'roles'
  | 'recorder'
  | 'store'
  | 'onContextChange'
  | 'guesses'
  | 'keys'
  | 'denialLife'
  | 'places'
> &
  Rules

const GUESSING = { type: 'token.guessing', outcome: 'failure', reason: 'unknown_tokens' } as const
const FORGERY = { type: 'token.forged', outcome: 'failure', reason: 'signature' } as const

/**
 * Who is calling? Local while the view is warm, and then answered at once, without a promise: a tick of waiting costs a
 * server more than the decision. Never throws for a store that fails: a node that cannot know answers `unavailable` (P3).
 */
export function authenticate(
  core: Authenticating,
  carrier: Carrier,
  told: RequestContext,
): Result<Authenticated> | Promise<Result<Authenticated>> {
  const now = core.clock.now()
  // Whoever guesses a password keeps no session alive with it.
  const context = told.proving === 'proves' ? { ...told, passive: true } : told
  try {
    const found = identify(core, carrier, now)
    const given =
      found instanceof Promise
        ? found.then((late) => admit(core, late, context, core.clock.now()))
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
  if (value.proof !== 'access' && core.guesses.blocked(context.source, now) && !core.view.remembers(value.sid)) {
    return refused({ code: 'throttled', retryAfter: core.guesses.retryAfter })
  }
  return decideOn(core, value, context, now)
}

/**
 * Judges a credential that was identified already, by what the store says.
 * @throws StoreUnavailable when it does not say anything.
 */
export async function authenticateBy(
  core: Authenticating,
  credential: Identified,
  context: RequestContext,
): Promise<Result<Authenticated>> {
  const now = core.clock.now()
  if (core.guesses.blocked(context.source, now)) {
    return refused({ code: 'throttled', retryAfter: core.guesses.retryAfter })
  }
  const decided = await core.view.ask(credential.sid, deciding(core, credential, context))
  return answer(core, credential, decided, context)
}

function decideOn(
  core: Authenticating,
  credential: Identified,
  context: RequestContext,
  now: number,
): Result<Authenticated> | Promise<Result<Authenticated>> {
  const verdict = deciding(core, credential, context)
  const decided = core.view.decide(subjectOf(credential), verdict, credential.proof === 'access', now)
  if (decided instanceof Promise) return decided.then((decision) => answer(core, credential, decision, context))
  return answer(core, credential, decided, context)
}

/** What the view is asked about: a session by its id, or what a token says of one that has no record. */
export function subjectOf(credential: Identified): SessionId | Session {
  return (credential.proof === 'access' && credential.session) || credential.sid
}

function answer(
  core: Authenticating,
  credential: Identified,
  decision: Decision,
  context: RequestContext,
): Result<Authenticated> | Promise<Result<Authenticated>> {
  if (decision.kind === 'admitted') return ok(decision.who)
  return otherwise(core, credential, decision, context)
}

function unanswered(core: Authenticating, fault: unknown): Refused {
  if (!(fault instanceof StoreUnavailable)) throw fault
  core.recorder.fault(fault, 'authenticate')
  return UNAVAILABLE
}

/** The first strategy that finds its credential, good or bad, has the word. What is in a header and nobody's is bad. */
export function identify(
  { strategies }: Pick<Core, 'strategies'>,
  carrier: Carrier,
  now: number,
): Found | Promise<Found> {
  for (let i = 0; i < strategies.length; i++) {
    const found = (strategies[i] as Strategy).identify(carrier, now)
    if (found instanceof Promise) {
      const rest = { strategies: strategies.slice(i + 1) }
      return found.then((late) => late ?? identify(rest, carrier, now))
    }
    if (found !== null) return found
  }
  const authorization = carrier.get('authorization')
  return authorization === null || authorization === undefined ? null : MALFORMED
}

/** As `identify`, for ending: a refresh token, or an access token that is over, is enough. */
export async function identifyToEnd(
  { strategies }: Pick<Core, 'strategies'>,
  carrier: Carrier,
  now: number,
): Promise<Found> {
  let bad: Found = null
  for (const strategy of strategies) {
    const found = await strategy.identifyToEnd(carrier, now)
    if (found?.ok) return found
    bad ??= found
  }
  return bad
}

/** What the view's knowledge makes of a credential. Verdict and use are one step: a use that is noted was allowed at that instant. */
type Decision = Flaw | Admission | Drifted
type Admission = { readonly kind: 'admitted'; readonly who: Authenticated }
/** It is used from where it may not be, and to be ended. */
type Drifted = { readonly kind: 'drifted'; readonly sid: SessionId }
type Sound = Known & { readonly user: User }

function deciding(core: Authenticating, credential: Identified, context: RequestContext): Verdict<Decision> {
  return (known, asked, now) => decide(core, credential, known, context, asked, now)
}

function decide(
  core: Authenticating,
  credential: Identified,
  known: Known | null,
  context: RequestContext,
  asked: boolean,
  now: number,
): Decision {
  const proving = context.proving === 'proves'
  const renewing = proving || (context.renewing ?? false)
  const flaw = judge(core, credential, known, now, { fromStore: asked, renewing, proving })
  if (flaw !== null) return flaw
  const { session, user, use } = known as Sound
  const { via } = credential
  const claims = credential.proof === 'access' ? credential.claims : null
  const own = credential.proof === 'access' ? credential.session : null
  // That its client has it is so wherever that is.
  if (claims !== null && own === null) core.view.saw(use, claims.counter, now)
  const shown = own === null ? session : seenFrom(own, context, now)
  if (!isHere(use, context)) {
    const verdict = drift(core, { user, session: shown, alone: own !== null, use }, context)
    if (verdict === 'end') return { kind: 'drifted', sid: shown.id }
    if (verdict === 'prove') return { kind: 'refused', refusal: UNPROVED, genuine: null }
  }
  const { policy, roles } = core
  const tokenExpiresAt = claims?.expiresAt ?? null
  if (own !== null) return { kind: 'admitted', who: { user, session: shown, via, tokenExpiresAt, policy, roles } }
  if (!context.passive) core.view.use(use, now)
  const { lastActiveAt, longestIdle } = use
  const used = { ...session, lastActiveAt, longestIdle }
  return { kind: 'admitted', who: { user, session: used, via, tokenExpiresAt, policy, roles } }
}

/**
 * A session without a record, as this request shows it. Nobody knows when it was used since its token was made, so sections
 * that limit pauses take all of that for one.
 */
function seenFrom(session: Session, context: RequestContext, now: number): Session {
  const longestIdle = Math.max(session.longestIdle, now - session.lastActiveAt)
  return { ...session, longestIdle, device: device(context.userAgent), ip: context.source ?? '' }
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
        return ok(verdict.who)
      case 'refused':
        return shutOut(core, verdict, context)
      case 'drifted':
        return driftedOut(core, verdict, context)
      case 'expired':
        if (await expire(core, verdict.known, verdict.reason, context)) {
          return refused({ code: verdict.reason, presented: true })
        }
    }
    // The store has the word: it knows of uses on other nodes, of an end elsewhere, and of a use that overtook an expiry.
    const judged = deciding(core, credential, context)
    verdict = await core.view.ask(subjectOf(credential), judged, credential.proof === 'access')
  }
  if (verdict.kind === 'refused') return shutOut(core, verdict, context)
  if (verdict.kind === 'drifted') return driftedOut(core, verdict, context)
  if (verdict.kind === 'admitted') return ok(verdict.who)
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
  if (credential === DOUBLED) {
    core.recorder.record({ type: 'cookie.conflict', outcome: 'failure', reason: 'doubled' }, context, now)
  } else if (credential === FORGED) {
    // Each is told, but not so many that whoever sends them writes the log full.
    const so = core.guesses.miss(context.source, now)
    if (so === 'limit') core.recorder.record(GUESSING, context, now)
    else if (so === 'few') core.recorder.record(FORGERY, context, now)
  }
  return refused(plain(credential.refusal))
}

function shutOut(core: Authenticating, verdict: Flaw & { kind: 'refused' }, context: RequestContext): Refused {
  const now = core.clock.now()
  const { refusal, genuine } = verdict
  if (genuine) {
    const { id, userId } = genuine
    const happening = { outcome: 'failure', subject: userId, sid: id, reason: refusal.code } as const
    if (refusal.code !== 'token_stale')
      core.recorder.record({ type: 'session.used_after_end', ...happening }, context, now)
  } else if (verdict.guessed && core.guesses.miss(context.source, now) === 'limit') {
    core.recorder.record(GUESSING, context, now)
  }
  return refused(refusal)
}

async function driftedOut(core: Authenticating, { sid }: Drifted, context: RequestContext): Promise<Refused> {
  await endOne(core, sid, 'session_revoked', context, 'system')
  return refused({ code: 'session_revoked', presented: true })
}

/** What a stranger hears, whatever was wrong (ER-04). */
function plain(refusal: Refusal): Refusal {
  return { code: refusal.code, ...(refusal.presented && { presented: true }) }
}
