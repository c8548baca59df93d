import type { RequestContext } from '../carrier.ts'
import type { Result } from '../result.ts'
import type { Page } from '../store.ts'
import type { PolicyStanding } from './policy.ts'
import type { PolicyValue } from './policy-rules.ts'
import type { Throttle } from './throttles.ts'

/** Who has to wait for their next attempt. */
export interface ThrottleDesk {
  /** Those that go on soonest first. */
  list(cursor: string | null, limit: number): Promise<Page<Throttle>>
  /** Forgets the failures under a key of the list. False for what is none. A password that was disabled stays so. */
  lift(key: string, context?: RequestContext): Promise<boolean>
}

/** The limits of sessions, which administrators may change while the program runs. */
export interface PolicyDesk {
  read(): Promise<PolicyStanding>
  /**
   * Replaces it, if its version is still `expected`: `conflict` otherwise, `policy_invalid` with the reason for what would not start.
   * Every node judges by it when this returns; open sessions at their next use.
   */
  change(wanted: PolicyValue, expected: number, context?: RequestContext): Promise<Result<PolicyStanding>>
}
