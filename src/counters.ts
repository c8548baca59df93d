import type { Page, Source } from './source.ts'

/**
 * How attempts are slowed: `free` failures cost nothing, then the next attempt waits `delay`, doubled by each further
 * failure up to `cap`; all is forgotten `window` after the first failure. Milliseconds.
 */
export type ThrottleRule = {
  readonly free: number
  readonly delay: number
  readonly cap: number
  readonly window: number
}

/**
 * `go`: the attempt is reserved and must be resolved. `wait`: it depends on attempts that are under way; ask again
 * shortly. `no`: not before `retryAt`.
 */
export type Reservation =
  | { readonly verdict: 'go'; readonly failures: number }
  | { readonly verdict: 'wait' }
  | { readonly verdict: 'no'; readonly retryAt: number; readonly failures: number }

/** A counter whose next attempt has to wait. `about` is what the newest failure was said to concern. */
export type Slowed = {
  readonly key: string
  readonly failures: number
  readonly blockedUntil: number
  readonly about: string | null
}

export interface Counters {
  readonly source: Source
  /**
   * Reserves an attempt before it is made, so that parallel ones cannot overrun the limit (TH-06). While fewer than
   * `free` have failed, failed and pending together stay within `free`; after that one attempt at a time, each after
   * its delay. A reservation left unresolved for `RESERVATION_MS` counts as a failure.
   */
  reserve(key: string, rule: ThrottleRule, now: number): Promise<Reservation>
  /**
   * How a reserved attempt went: it failed, or it passed; `clear` forgets earlier failures too. Answers the failures now.
   * @param about whom a failure concerns: the newest that was named is kept with the counter
   */
  resolve(
    key: string,
    outcome: 'failed' | 'passed' | 'clear',
    rule: ThrottleRule,
    now: number,
    about?: string,
  ): Promise<number>
  /**
   * Counters that are slowed at `now`, by (blockedUntil, key), those that go on soonest first. One that is slowed for longer meanwhile comes
   * later in the list, and so may come twice.
   */
  list(now: number, cursor: string | null, limit: number): Promise<Page<Slowed>>
  remove(key: string): Promise<void>
  purge(now: number, limit: number): Promise<number>
}

/** A reserved attempt that was not resolved in this time (its process died) counts as failed. Milliseconds. */
export const RESERVATION_MS = 30_000
