import type { BreachedOptions, BreachedRange } from '../checks.ts'
import type { Duration } from '../duration.ts'

/** What passwords have to be like, and how they are kept. */
export type PasswordOptions = {
  /**
   * Code points, never fewer than 8: a password is the only factor (NIST SP 800-63B-4 section 3.1.1.2).
   * @default 15
   */
  readonly minLength?: number
  /**
   * Of argon2id, in KiB. Never below 19 MiB with 2 passes, or 46 MiB with 1 (OWASP).
   * @default 19456
   */
  readonly memory?: number
  /**
   * Of argon2id.
   * @default 2
   */
  readonly passes?: number
  /**
   * Keyed pepper kept outside the database, newest first: at least 32 characters each.
   * @default none
   */
  readonly pepper?: string | readonly string[]
  /**
   * Hashes that are handed over at once; of them as many are computed as there are cores.
   * @default eight for each core
   */
  readonly concurrency?: number
  /**
   * Hashes that may wait; beyond that a sign-in is 503 `overloaded`.
   * @default 64
   */
  readonly queue?: number
  /**
   * Further words no password may be made of: the product's name, the company's.
   * @default []
   */
  readonly context?: readonly string[]
  /**
   * Refuses passwords known from breaches elsewhere: `haveIBeenPwned()` of `sallyport/providers`, or a source of your own.
   * @default none
   */
  readonly breached?: BreachedRange | BreachedOptions
  /**
   * How records begin that were imported and whose owners may not have signed in yet, as `users import` prints it: `['$2b$10']`. Unknown
   * addresses are then checked as long as these or as own ones, so that the time does not tell which of them have an account.
   * @default []
   */
  readonly imported?: readonly string[]
}

/** How guessing is slowed. */
export type ThrottleOptions = {
  /**
   * Failures an account has free before delays begin.
   * @default 5
   */
  readonly free?: number
  /**
   * The first delay; each failure doubles it.
   * @default '1s'
   */
  readonly delay?: Duration
  /**
   * The longest delay.
   * @default '15m'
   */
  readonly cap?: Duration
  /**
   * Consecutive failures that disable the password until recovery; at most 100 (NIST SP 800-63B-4 section 3.2.2).
   * @default 100
   */
  readonly disableAfter?: number
  /** Failures of one network address, for whichever accounts. */
  readonly perSource?: {
    /**
     * How many it has free.
     * @default 50
     */
    readonly failures: number
    /**
     * In this time; and for as long it waits after that.
     * @default '10m'
     */
    readonly window: Duration
  }
  /** Messages that anybody can cause. */
  readonly mail?: {
    /**
     * To one address; what is beyond is dropped without a word.
     * @default 5
     */
    readonly perAddress?: number
    /**
     * Asked for from one source; what is beyond is 429.
     * @default 50
     */
    readonly perSource?: number
    /**
     * In this time.
     * @default '1h'
     */
    readonly window?: Duration
  }
}
