import type { EndReason, Refusal } from '../errors.ts'
import { expiry, type Policy } from '../policy.ts'
import type { Session } from '../session.ts'
import type { AccessProof, Identified } from '../strategy.ts'
import type { User } from '../user.ts'
import type { Known } from '../view/view.ts'
import { timeliness } from '../wire/claims.ts'

/** Of whom a refusal is told with its reason: the credential once was this session's. */
export type Genuine = Pick<Session, 'id' | 'userId'>

/**
 * Why a credential does not let in, given what is known. `ask`: only the store's word counts, because another node may have
 * seen a later use. `expired`: over by time, and to be ended.
 */
export type Flaw =
  | {
      readonly kind: 'refused'
      readonly refusal: Refusal
      readonly genuine: Genuine | null
      /** It was nobody's: whoever sends many of these is guessing. */
      readonly guessed?: true
    }
  | { readonly kind: 'expired'; readonly reason: EndReason; readonly known: Known }
  | { readonly kind: 'ask' }

/** What is judged by besides the clock. */
export type Rules = {
  readonly policy: Policy
  /** Whether tokens that this key signed are good, as far as this node knows. @throws StoreUnavailable when it knows of none. */
  readonly stands: (kid: string, now: number) => boolean
  /** Milliseconds by which the checks of a token's time are widened. */
  readonly leeway: number
}

/** How the question is meant. */
export type Manner = {
  /** Everything known was just read from the store. */
  readonly fromStore: boolean
  /** A token whose roles are out of date is good enough to get the next one with. */
  readonly renewing: boolean
  /** It comes with a proof of who is there: if its session has a record, a token is good enough that a refresh would replace. */
  readonly proving: boolean
}

/** How far the clock of a node that signs may be ahead of one that reads, milliseconds. Nothing lives longer for it. */
const CLOCKS_MS = 30_000

const STRANGE: Flaw = { kind: 'refused', refusal: { code: 'unauthenticated', presented: true }, genuine: null }

const UNKNOWN: Flaw = { ...STRANGE, guessed: true }

const ASK: Flaw = { kind: 'ask' }

/**
 * What is wrong with a credential, null when nothing is and the session and its user are known: pure, synchronous, every
 * check in the order in which it may answer. Strangers get one and the same refusal; a reason is told only to whoever holds a
 * token that once was this session's.
 */
export function judge(
  rules: Rules,
  credential: Identified,
  known: Known | null,
  now: number,
  { fromStore, renewing, proving }: Manner,
): Flaw | null {
  // What a removed key signed proves nothing, so it is not even told why (KM-02).
  if (credential.proof === 'access' && !mayBeBelieved(rules, credential, now)) return STRANGE
  if (!known) return credential.proof === 'access' ? no('session_revoked', genuine(credential)) : UNKNOWN
  const standing = match(credential, known)
  if (standing === 'unknown') return UNKNOWN

  const { session, user } = known
  const over = endOf(known)
  if (over) return no(over, session)
  if (!user) return no('session_revoked', session)
  // They may be unlocked by now, and this the first token since: a session that goes on is told by nobody's memory that it is over.
  if (user.status === 'locked') return fromStore ? no('user_locked', session) : ASK
  const own = (credential.proof === 'access' && credential.session) || session
  // Everybody's sessions were ended, and nothing brings one of them into the next generation.
  if (own.everyone < known.everyone) return no('session_revoked', session)
  if (own.generation !== user.generation) {
    // All sessions of the user were ended. The record says why as soon as it is marked too; until then, and when it is about to be
    // rewritten by the password change that ended the others, trying once more with the newest token is right.
    if (!fromStore) return ASK
    return no(own === session ? 'token_stale' : 'session_revoked', session)
  }
  if (standing === 'stale') return no('token_stale', session)
  if (credential.proof === 'access' && credential.session !== null) {
    return withoutRecord(rules, credential, credential.session, { user, epoch: known.epoch }, now, renewing)
  }

  const { policy } = rules
  const reason = expiry(policy, session, user.roles, now, known.use.lastActiveAt)
  if (reason !== null) {
    if (reason === 'session_expired_idle' && !fromStore) return ASK
    return { kind: 'expired', reason, known }
  }
  if (credential.proof === 'access' && isStale(rules, credential, known, user, now, proving)) {
    return no('token_stale', session)
  }
  if (!fromStore && policy.sections.length > 0 && pauseMatters(policy, now - known.use.lastActiveAt)) return ASK
  return null
}

/** Why the record says the session is over. */
export function endOf(known: Known): EndReason | null {
  return known.session.endedAt === null ? null : (known.session.endReason ?? 'session_revoked')
}

/** Digests of 256 random bits are compared, so an early exit tells nothing about a token. */
function match(credential: Identified, { digest, previousDigest }: Known): 'current' | 'stale' | 'unknown' {
  switch (credential.proof) {
    case 'digest':
      if (credential.digest === digest) return 'current'
      return credential.digest === previousDigest ? 'stale' : 'unknown'
    case 'refresh':
      if (credential.fits(digest)) return 'current'
      return previousDigest !== null && credential.fits(previousDigest) ? 'stale' : 'unknown'
    case 'access':
      return 'current'
  }
}

function mayBeBelieved({ stands, leeway }: Rules, { kid, claims }: AccessProof, now: number): boolean {
  return stands(kid, now) && timeliness(claims, now, { leeway, ahead: CLOCKS_MS }) !== 'early'
}

/**
 * Whether a newer access token is to be got: this one is over, was made before the owner proved again who they are, before
 * roles changed, or before the store lost data.
 */
function isStale(
  { leeway }: Rules,
  { claims }: AccessProof,
  { session, epoch }: Known,
  user: User,
  now: number,
  proving: boolean,
): boolean {
  const { authenticatedAt, generation, everyone } = session
  if (claims.authenticatedAt !== authenticatedAt) return true
  if (claims.generation !== generation || claims.everyone !== everyone) return true
  if (proving) return false
  return (
    timeliness(claims, now, { leeway, ahead: CLOCKS_MS }) !== 'good' ||
    claims.version !== user.version ||
    claims.epoch !== epoch
  )
}

/** A token that is all there is of its session. */
function withoutRecord(
  { policy, leeway }: Rules,
  { claims }: AccessProof,
  session: Session,
  { user, epoch }: { readonly user: User; readonly epoch: string },
  now: number,
  renewing: boolean,
): Flaw | null {
  const reason = expiry(policy, session, user.roles, now)
  // Clocks that differ lengthen the life of a token, never that of its session.
  const over =
    reason === 'session_expired_idle' && leeway > 0 ? expiry(policy, session, user.roles, now - leeway) : reason
  if (over !== null) return no(over, session)
  // Endings may be among what was lost.
  if (claims.epoch !== epoch) return no('session_revoked', session)
  if (claims.version !== user.version && !renewing) return no('token_stale', session)
  return null
}

function no(code: Refusal['code'], { id, userId }: Genuine): Flaw {
  return { kind: 'refused', refusal: { code, presented: true }, genuine: { id, userId } }
}

function genuine({ sid, claims }: Identified<AccessProof>): Genuine {
  return { id: sid, userId: claims.subject as Genuine['userId'] }
}

/** A pause that some section would ask re-authentication for, if it was a pause on every node. */
export function pauseMatters(policy: Policy, pause: number): boolean {
  return policy.sections.some((section) => pause >= section.idle)
}
