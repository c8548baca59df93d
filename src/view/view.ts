import type { Clock } from '../clock.ts'
import { StoreUnavailable } from '../errors.ts'
import type { Change, Feed } from '../feed.ts'
import { type SessionId, type SessionRecord, withoutToken } from '../session.ts'
import type { Source, Store } from '../store.ts'
import { activityBuffer } from './activity.ts'
import { cache, type Known } from './cache.ts'
import { type Follower, follower } from './follower.ts'
import { idsOf, listeners } from './listeners.ts'
import { openReads } from './reads.ts'
import { retire, settle } from './settle.ts'
import { within } from './within.ts'

export type { Use } from './activity.ts'
export type { Known } from './cache.ts'

/** Look-ups under way at once; one more is refused with 503 rather than queued behind a store that is in trouble. */
const MAX_LOOKUPS = 1000

/** How long a look-up waits for each of its answers, milliseconds. */
const LOOKUP_MS = 5000

/** How often a look-up is repeated because a change overtook it. */
const MAX_ATTEMPTS = 8

/** Must not await: lease, changes and verdict are one step. `asked`: by a read of the store sent after the question. */
export type Verdict<T> = (known: Known | null, asked: boolean) => T

/** Where in which feed a change stands. */
export type Place = { readonly source: Source; readonly position: number }

export type ViewOptions = {
  readonly store: Store
  readonly clock: Clock
  /** Sessions kept at most. */
  readonly sessions: number
  /** See `Policy.touchStep`. */
  readonly touchStep: number
  readonly onFault: (fault: unknown, doing: string) => void
  readonly onState: (state: 'leased' | 'lookup') => void
}

/**
 * This node's leased view of the stores: what it may decide from its own memory, and how an ending reaches every other
 * node before it returns. `lease.ts` has the invariant.
 */
export function view({ store, clock, sessions, touchStep, onFault, onState }: ViewOptions) {
  const cached = cache(sessions)
  const reads = openReads()
  const uses = activityBuffer(clock, touchStep, store.sessions.touch, (fault) => onFault(fault, 'activity'))
  const listening = listeners()
  const followers = new Map<Feed, Follower>()
  let started: Promise<void> | null = null
  let stopped = false
  let lookups = 0
  let state: 'leased' | 'lookup' = 'lookup'

  function apply(change: Change): void {
    const ids = idsOf(change)
    if (ids === null) reads.changedForEveryone()
    else reads.changed(ids)
    cached.apply(change)
    listening.tell(change)
  }

  function reset(): void {
    reads.reset()
    cached.clear()
  }

  for (const { source } of [store.users, store.sessions, store.denials]) {
    if (followers.has(source.feed)) continue
    const fault = (error: unknown) => onFault(error, `feed of ${source.name}`)
    followers.set(source.feed, follower(source.feed, clock, { apply, reset, onFault: fault }))
  }

  const following = [...followers.values()]

  function leased(): boolean {
    let all = true
    for (let i = 0; i < following.length; i++) if (!(following[i] as Follower).leased()) all = false
    if (all !== (state === 'leased')) {
      state = all ? 'leased' : 'lookup'
      onState(state)
    }
    return all
  }

  /** Begins to follow. Rows left behind by nodes that died would hold up endings for a lease each, so they are retired now. */
  function start(): Promise<void> {
    if (stopped) return Promise.reject(new StoreUnavailable('the view is closed'))
    started ??= Promise.all(
      [...followers].map(async ([feed, own]) => {
        const before = await feed.rows().catch(() => [])
        if (before.length > 0)
          retire(
            feed,
            before.map((row) => row.id),
            clock,
          )
        await own.start()
      }),
    ).then(() => undefined)
    return started
  }

  function read(record: SessionRecord, user: Known['user'], everyone: number, keep: boolean): Known {
    const { digest, previousDigest } = record
    const session = withoutToken(record)
    const use = uses.resume(record)
    if (keep) cached.put(record, session, user, everyone, use)
    return { session, digest, previousDigest, user, everyone, use }
  }

  /**
   * Asks the store, by reads sent after this call, and hands what it answered to `verdict` in the same step in which it
   * is known that no change has overtaken it.
   */
  async function lookup<T>(sid: SessionId, verdict: Verdict<T>): Promise<T> {
    if (lookups >= MAX_LOOKUPS) throw new StoreUnavailable('too many look-ups are under way')
    lookups += 1
    try {
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        const reading = reads.begin()
        try {
          const record = await within(clock, LOOKUP_MS, store.sessions.find(sid))
          if (!record) {
            if (reads.outdated(reading, [sid])) continue
            return verdict(null, true)
          }
          const { user, everyone } = await within(clock, LOOKUP_MS, store.users.find(record.userId))
          if (reads.outdated(reading, [sid, record.userId])) continue
          return verdict(read(record, user, everyone, started !== null), true)
        } finally {
          reads.end()
        }
      }
      throw new StoreUnavailable('changes kept overtaking the look-up')
    } finally {
      lookups -= 1
    }
  }

  return {
    start,
    leased,

    /**
     * Judges a session. With a lease and the session in memory this is one synchronous step and no I/O; otherwise the
     * store is asked first.
     */
    decide<T>(sid: SessionId, verdict: Verdict<T>): T | Promise<T> {
      if (leased()) {
        const known = cached.get(sid)
        if (known) return verdict(known, false)
      }
      return lookup(sid, verdict)
    },

    /** As `decide`, from the store whatever is cached: where only its word counts, as before an idle session is ended. */
    ask: lookup,

    /** Whether a session is in memory, whatever may be decided on it. */
    remembers: (sid: SessionId): boolean => cached.get(sid) !== null,

    /** Notes a use. */
    use: uses.note,

    /** Returns when these changes are true on every node. They are waited for together, so several cost no more than one. */
    async settle(...places: readonly Place[]): Promise<void> {
      const newest = new Map<Feed, number>()
      for (const { source, position } of places) {
        newest.set(source.feed, Math.max(position, newest.get(source.feed) ?? 0))
      }
      const own = (feed: Feed) => (started ? (followers.get(feed) ?? null) : null)
      await Promise.all([...newest].map(([feed, at]) => settle(feed, own(feed), at, clock)))
    },

    /** Calls `listener` when a change of one of these sessions or users, or of everyone, is applied here, until cancelled. */
    onChange: listening.add,

    cachedSessions: cached.size,

    /** Writes buffered activity, gives up the leases and the rows. */
    async stop(): Promise<void> {
      stopped = true
      await uses.drain()
      await Promise.all([...followers.values()].map((one) => one.stop()))
    },
  }
}

export type View = ReturnType<typeof view>
