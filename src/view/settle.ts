import { type Clock, sleep } from '../clock.ts'
import type { Feed, Row } from '../feed.ts'
import { feedsOf, type Place } from '../source.ts'
import type { Follower } from './follower.ts'
import { SETTLE_MS } from './lease.ts'
import { within } from './within.ts'

/**
 * How long the rows are not looked at again: half as long as was waited so far, so that a node which takes twice as long makes the ending take
 * little more than that; and within these, milliseconds.
 */
const PAUSE_MS = { least: 1, most: 25 } as const

/** Looks that follow one another without a pause, where there are few rows: a timer takes longer than they do. */
const AT_ONCE = 5
const FEW = 16

/** Waits for several changes together, so that they cost no more than one. @param own this node's follower of a feed, if it follows */
export async function settleAll(
  places: readonly Place[],
  own: (feed: Feed) => Follower | null,
  clock: Clock,
): Promise<void> {
  const newest = new Map<Feed, number>()
  for (const { source, position, part = 0 } of places) {
    const feed = feedsOf(source)[part] as Feed
    newest.set(feed, Math.max(position, newest.get(feed) ?? 0))
  }
  await Promise.all([...newest].map(([feed, at]) => settle(feed, own(feed), at, clock)))
}

/**
 * Waits until an ending at position `at` is settled: every row has acknowledged it, or no lease from before it can be
 * left. Called when the commit was answered. It never fails: when the rows cannot be read, time alone settles.
 *
 * Rows say nothing where data was lost: those who had them may have leases from before. That is so while this node's own row is not
 * among them, and for a lease after it noticed.
 *
 * Rows that made it wait the whole time are marked, so that their reads grant nothing, and removed a full lease after
 * that: the node behind one either registers anew in between, or is gone.
 */
export async function settle(feed: Feed, own: Follower | null, at: number, clock: Clock): Promise<void> {
  const begun = clock.monotonic()
  const deadline = begun + SETTLE_MS
  if (own) await own.applied(at, SETTLE_MS)
  let behind: readonly string[] = []
  for (let looks = 1; ; looks += 1) {
    const left = Math.max(1, deadline - clock.monotonic())
    const rows = await within(clock, left, feed.rows()).catch(() => null)
    if (rows) {
      behind = rows.filter((row) => row.acknowledged < at && row.id !== own?.row()).map((row) => row.id)
      if (behind.length === 0 && (own === null || isTold(rows, own, clock))) return
    }
    if (clock.monotonic() >= deadline) {
      // As of the last look that was answered: the one at the very end has no time left to be.
      if (behind.length > 0) retire(feed, behind, clock)
      return
    }
    if (rows && looks < AT_ONCE && rows.length <= FEW) continue
    const now = clock.monotonic()
    const pause = rows ? Math.min(PAUSE_MS.most, Math.ceil((now - begun) / 2)) : SETTLE_MS
    await sleep(clock, Math.max(PAUSE_MS.least, Math.min(pause, deadline - now)))
  }
}

function isTold(rows: readonly Row[], own: Follower, clock: Clock): boolean {
  const mine = own.row()
  const isThere = mine === null || rows.some(({ id }) => id === mine)
  return isThere && clock.monotonic() - own.lostAt() >= SETTLE_MS
}

/** Two steps: marked now, removed when no lease granted before the marking can be left. Failures leave the rows for the next ender. */
export function retire(feed: Feed, rows: readonly string[], clock: Clock): void {
  feed.mark(rows).then(
    () => clock.after(SETTLE_MS, () => feed.remove(rows).catch(() => {})),
    () => {},
  )
}
