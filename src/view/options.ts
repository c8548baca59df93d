import type { Clock } from '../clock.ts'
import type { Change } from '../feed.ts'
import type { Source } from '../source.ts'
import type { Store } from '../store.ts'

/** What else follows the feeds, in the same steps: changes are applied before a lease covers them. */
export type Followed = {
  readonly source: Source
  apply(change: Change): void
  reset(): void
  /** Whether it has been read since it was reset. */
  loaded(): boolean
  /** Reads it, by a read sent after the call. */
  load(): Promise<void>
}

export type ViewOptions = {
  readonly store: Store
  readonly clock: Clock
  /** Sessions kept at most. */
  readonly sessions: number
  /** See `Policy.touchStep`. */
  readonly touchStep: () => number
  /** Follows the feed of the signing keys with everything else. */
  readonly keys?: Followed
  /** Follows the feed of the policy. */
  readonly policy?: Followed
  /** How long sessions without a record stay denied, milliseconds; null when there are none. */
  readonly denialLife?: () => number | null
  readonly onFault: (fault: unknown, doing: string) => void
  readonly onState: (state: 'leased' | 'lookup') => void
}
