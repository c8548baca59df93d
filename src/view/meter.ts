import type { Clock } from '../clock.ts'

/** Upper bounds of what endings are sorted by, milliseconds. Beyond the last there are none: a lease is over then. */
export const SETTLE_BOUNDS = [1, 2, 5, 10, 20, 50, 100, 250, 500, 1000, 2000, 3100] as const

/** How many values were at most so large, each bound by itself, and all together. */
export type Histogram = {
  readonly bounds: readonly number[]
  /** One more than there are bounds: the last counts what is above them. */
  readonly counts: readonly number[]
  readonly count: number
  readonly sum: number
}

/** One database that this node follows. */
export type FollowedFeed = {
  readonly source: string
  readonly leased: boolean
  /** The newest change that was applied here. */
  readonly position: number
  /** Milliseconds since the last complete read was asked: nothing older can be missing here. Null before the first. */
  readonly age: number | null
}

/** What a node can tell of itself, for whoever operates it. Counts are since it began. */
export type Metrics = {
  /** `leased`: it decides from its own memory. `lookup`: it asks the store for every request. */
  readonly state: 'leased' | 'lookup'
  readonly feeds: readonly FollowedFeed[]
  /** Requests decided from memory; by asking the store, as the session was not in memory; and as there was no lease. */
  readonly decisions: { readonly warm: number; readonly cold: number; readonly leaseless: number }
  readonly cachedSessions: number
  /** Sessions without a record that are denied, as far as this node knows. */
  readonly deniedSessions: number
  readonly lookups: { readonly underWay: number; readonly count: number; readonly refused: number }
  /** How long endings waited, from the database's answer until they were true on every node, milliseconds. */
  readonly settling: Histogram
  /** Those that wait now: how many, and for how many milliseconds the one that has waited longest. */
  readonly waiting: { readonly count: number; readonly longest: number }
}

/** Counts what a view does. */
export function meter(clock: Clock) {
  const counts = new Array<number>(SETTLE_BOUNDS.length + 1).fill(0)
  let [settled, sum, looked, refused] = [0, 0, 0, 0]
  let [warm, cold, leaseless] = [0, 0, 0]
  /** When each wait began, in order. */
  const waits = new Set<{ readonly begun: number }>()
  return {
    /** Measures one wait, however it comes out. */
    async settling(wait: () => Promise<unknown>): Promise<void> {
      const begun = clock.monotonic()
      const own = { begun }
      waits.add(own)
      await wait().finally(() => {
        waits.delete(own)
        const took = clock.monotonic() - begun
        const place = SETTLE_BOUNDS.findIndex((bound) => took <= bound)
        const at = place === -1 ? SETTLE_BOUNDS.length : place
        counts[at] = (counts[at] as number) + 1
        settled += 1
        sum += took
      })
    },
    /** Counts what was decided from memory, and hands it on. */
    warm<T>(verdict: T): T {
      warm += 1
      return verdict
    },
    asked(hasLease: boolean): void {
      if (hasLease) cold += 1
      else leaseless += 1
    },
    decisions: () => ({ warm, cold, leaseless }),
    lookedUp(isAllowed: boolean): void {
      if (isAllowed) looked += 1
      else refused += 1
    },
    lookups: () => ({ count: looked, refused }),
    waiting(): Metrics['waiting'] {
      const [first] = waits
      return { count: waits.size, longest: first ? clock.monotonic() - first.begun : 0 }
    },
    settled: (): Histogram => ({ bounds: SETTLE_BOUNDS, counts: [...counts], count: settled, sum }),
  }
}
