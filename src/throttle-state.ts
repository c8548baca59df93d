import { RESERVATION_MS, type Reservation, type ThrottleRule } from './store.ts'

/** What a counter keeps under one key. Zero is "never". */
export type ThrottleState = {
  readonly failures: number
  readonly pending: number
  readonly pendingAt: number
  readonly blockedUntil: number
  readonly forgetAt: number
  /** What the newest failure was said to concern. */
  readonly about?: string | undefined
}

const FRESH: ThrottleState = { failures: 0, pending: 0, pendingAt: 0, blockedUntil: 0, forgetAt: 0 }

/** The rule of `Counters.reserve`, for stores that can run it inside their transaction. */
export function reserve(
  stored: ThrottleState | null,
  rule: ThrottleRule,
  now: number,
): { readonly state: ThrottleState | null; readonly reservation: Reservation } {
  const state = current(stored, rule, now)
  if (now < state.blockedUntil) {
    return { state: null, reservation: { verdict: 'no', retryAt: state.blockedUntil, failures: state.failures } }
  }
  const slowed = state.failures >= rule.free
  const room = slowed ? state.pending === 0 : state.failures + state.pending < rule.free
  if (!room) return { state: null, reservation: { verdict: 'wait' } }
  return {
    state: { ...state, pending: state.pending + 1, pendingAt: now, forgetAt: forgetAt(state, rule, now) },
    reservation: { verdict: 'go', failures: state.failures },
  }
}

/** The rule of `Counters.resolve`. */
export function resolve(
  stored: ThrottleState | null,
  outcome: 'failed' | 'passed' | 'clear',
  rule: ThrottleRule,
  now: number,
  about?: string,
): ThrottleState {
  const state = current(stored, rule, now)
  const pending = Math.max(0, state.pending - 1)
  if (outcome === 'clear') return { ...state, failures: 0, blockedUntil: 0, pending, forgetAt: now + rule.window }
  if (outcome === 'passed') return { ...state, pending }
  const named = about === undefined ? {} : { about }
  return failed({ ...state, ...named, pending, forgetAt: forgetAt(state, rule, now) }, 1, rule, now)
}

/** The window begins with the first failure; until there is one, it begins anew with each attempt. */
function forgetAt(state: ThrottleState, rule: ThrottleRule, now: number): number {
  return state.failures === 0 ? now + rule.window : state.forgetAt
}

function current(stored: ThrottleState | null, rule: ThrottleRule, now: number): ThrottleState {
  if (!stored || now >= stored.forgetAt) return FRESH
  const abandoned = stored.pending > 0 && now >= stored.pendingAt + RESERVATION_MS
  return abandoned ? failed({ ...stored, pending: 0 }, stored.pending, rule, stored.pendingAt) : stored
}

function failed(state: ThrottleState, more: number, rule: ThrottleRule, now: number): ThrottleState {
  const failures = state.failures + more
  const beyond = failures - rule.free
  const delay = beyond < 0 ? 0 : Math.min(rule.cap, rule.delay * 2 ** Math.min(beyond, 30))
  return { ...state, failures, blockedUntil: Math.max(state.blockedUntil, delay === 0 ? 0 : now + delay) }
}
