import type { Clock } from '../clock.ts'
import type { Activity, Rotation, SessionId } from '../session.ts'

/** Uses of one session, some of which the store may not have yet. */
export type Use = {
  readonly id: SessionId
  readonly authenticatedAt: number
  lastActiveAt: number
  longestIdle: number
  /** The `lastActiveAt` that the store has for certain. */
  storedAt: number
  /** Where it was last used from, as this node saw it. */
  from: { readonly ip: string; readonly userAgent: string } | null
  /** The newest counter of which an access token is known to have been used, and that use while the store may not have it. */
  seenCounter: number
  seen: NonNullable<Activity['seen']> | null
  /** Whether it waits to be written, and from when on. */
  queued: boolean
  due: number
}

/** How often due uses are written, milliseconds: what a crash can lose beyond one step. */
const FLUSH_EVERY_MS = 250

/**
 * Buffers activity, so that a used session costs at most one write in `step` ms and none while a request waits. A use
 * after a step or more without one is written at the next flush; so what a crash can lose is the activity of the last
 * step, and an idle limit, being at least ten steps, can come early by that and never late (P5).
 */
export function activityBuffer(
  clock: Clock,
  step: () => number,
  touch: (uses: readonly Activity[]) => Promise<void>,
  onFault: (fault: unknown) => void,
) {
  const soon = new Map<string, Use>()
  const later = new Map<string, Use>() // in order of `due`: every one is due a step after it was queued, and a step that changes empties it
  let cancelTimer: (() => void) | null = null
  let writing: Promise<void> = Promise.resolve()

  function arm(): void {
    cancelTimer ??= clock.after(FLUSH_EVERY_MS, () => {
      cancelTimer = null
      void flush(clock.now())
    })
  }

  function enqueue(use: Use, due: number, queue: Map<string, Use>): void {
    use.queued = true
    use.due = due
    queue.set(use.id, use)
    arm()
  }

  function taken(now: number): Use[] {
    const due = [...soon.values()]
    soon.clear()
    for (const use of later.values()) {
      if (use.due > now) break
      due.push(use)
      later.delete(use.id)
    }
    return due
  }

  /** What was used meanwhile waits for its next turn; what could not be written waits for the next flush. */
  async function write(uses: readonly Use[]): Promise<void> {
    const written = uses.map(({ id, authenticatedAt, lastActiveAt, longestIdle, seen }) => ({
      id,
      authenticatedAt,
      lastActiveAt,
      longestIdle,
      ...(seen && { seen }),
    }))
    try {
      await touch(written)
    } catch (fault) {
      for (const use of uses) enqueue(use, 0, soon)
      return onFault(fault)
    }
    const now = clock.now()
    for (const [i, use] of uses.entries()) {
      const { lastActiveAt: stored, seen = null } = written[i] as Activity
      if (stored > use.storedAt) use.storedAt = stored
      use.queued = false
      if (use.seen !== seen) enqueue(use, now, soon)
      else use.seen = null
      if (!use.queued && use.lastActiveAt > stored) enqueue(use, now + step(), later)
    }
  }

  function flush(now: number): Promise<void> {
    const due = taken(now)
    if (due.length > 0) writing = writing.then(() => write(due))
    if (soon.size + later.size > 0) arm()
    return writing
  }

  return {
    /** The uses of a session as of a record just read, with what this node has not written yet. */
    resume(record: Activity & Rotation): Use {
      const seenCounter = record.seenAt === null ? record.counter - 1 : record.counter
      const pending = soon.get(record.id) ?? later.get(record.id)
      if (pending && pending.authenticatedAt === record.authenticatedAt) {
        pending.lastActiveAt = Math.max(pending.lastActiveAt, record.lastActiveAt)
        pending.longestIdle = Math.max(pending.longestIdle, record.longestIdle)
        pending.storedAt = Math.max(pending.storedAt, record.lastActiveAt)
        pending.seenCounter = Math.max(pending.seenCounter, seenCounter)
        return pending
      }
      const { id, authenticatedAt, longestIdle } = record
      const lastActiveAt = Math.max(record.lastActiveAt, pending?.lastActiveAt ?? 0)
      return {
        id,
        authenticatedAt,
        lastActiveAt,
        longestIdle,
        storedAt: record.lastActiveAt,
        from: null,
        seenCounter,
        seen: null,
        queued: false,
        due: 0,
      }
    },

    /**
     * A use. No I/O: this is on the path of every request. A clock that stepped back moves nothing.
     * @param now the time of writing it down, where somebody else saw the use and tells of it later
     */
    note(use: Use, at: number, now: number = at): void {
      const pause = at - use.lastActiveAt
      if (pause <= 0) return
      if (pause > use.longestIdle) use.longestIdle = pause
      use.lastActiveAt = at
      if (use.queued) return
      if (at - use.storedAt >= step()) enqueue(use, now, soon)
      else enqueue(use, now + step(), later)
    },

    /** An access token of this counter was used: what tells a lost answer from a stolen token. Written at the next flush. */
    saw(use: Use, counter: number, now: number): void {
      if (counter <= use.seenCounter) return
      use.seenCounter = counter
      use.seen = { counter, at: now }
      if (later.delete(use.id) || !use.queued) enqueue(use, now, soon)
    },

    /** What waits for the end of a step waits for the next flush: the step has become shorter. */
    hurry(): void {
      for (const use of later.values()) soon.set(use.id, use)
      later.clear()
      if (soon.size > 0) arm()
    },

    /** Writes everything, due or not, and stops. */
    async drain(): Promise<void> {
      await flush(Number.POSITIVE_INFINITY)
      cancelTimer?.()
      cancelTimer = null
    },
  }
}
