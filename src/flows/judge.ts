import type { EndReason, Refusal } from '../errors.ts'
import { expiry, type Policy } from '../policy.ts'
import type { Identified } from '../strategy.ts'
import type { Known } from '../view/view.ts'

/**
 * Why a credential does not let in, given what is known. `ask`: only the store's word counts, because another node may have
 * seen a later use. `expired`: over by time, and to be ended.
 */
export type Flaw =
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly genuine: Known | null }
  | { readonly kind: 'expired'; readonly reason: EndReason; readonly known: Known }
  | { readonly kind: 'ask' }

const UNKNOWN: Flaw = {
  kind: 'refused',
  refusal: { code: 'unauthenticated', presented: true },
  genuine: null,
}

const ASK: Flaw = { kind: 'ask' }

/**
 * What is wrong with a credential, null when nothing is and the session and its user are known: pure, synchronous, every
 * check in the order in which it may answer. Strangers get one and the same refusal; a reason is told only to whoever holds a token that once was this session's.
 */
export function judge(
  credential: Identified,
  known: Known | null,
  policy: Policy,
  now: number,
  fromStore: boolean,
): Flaw | null {
  if (!known) return UNKNOWN
  // Digests of 256 random bits are compared, so an early exit tells nothing about a token.
  const current = credential.digest === known.digest
  if (!current && credential.digest !== known.previousDigest) return UNKNOWN

  const { user, use } = known
  const over = endOf(known)
  if (over) return { kind: 'refused', refusal: { code: over, presented: true }, genuine: known }
  if (!user) return { kind: 'refused', refusal: { code: 'session_revoked', presented: true }, genuine: known }
  if (user.status === 'locked') {
    return { kind: 'refused', refusal: { code: 'user_locked', presented: true }, genuine: known }
  }
  if (known.session.generation !== user.generation || known.session.everyone < known.everyone) {
    // All sessions were ended. The record says why as soon as it is marked too; until then, and when it is about to be
    // rewritten by the password change that ended the others, trying once more with the newest token is right.
    if (!fromStore) return ASK
    return { kind: 'refused', refusal: { code: 'token_stale', presented: true }, genuine: known }
  }
  if (!current) return { kind: 'refused', refusal: { code: 'token_stale', presented: true }, genuine: known }

  const { session } = known
  const reason = expiry(policy, session, user.roles, now, use.lastActiveAt)
  if (reason !== null) {
    if (reason === 'session_expired_idle' && !fromStore) return ASK
    return { kind: 'expired', reason, known }
  }
  if (!fromStore && policy.sections.length > 0 && pauseMatters(policy, now - use.lastActiveAt)) return ASK
  return null
}

/** Why the record says the session is over. */
export function endOf(known: Known): EndReason | null {
  return known.session.endedAt === null ? null : (known.session.endReason ?? 'session_revoked')
}

/** A pause that some section would ask re-authentication for, if it was a pause on every node. */
function pauseMatters(policy: Policy, pause: number): boolean {
  return policy.sections.some((section) => pause >= section.idle)
}
