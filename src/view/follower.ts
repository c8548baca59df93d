import type { Clock } from '../clock.ts'
import { StoreUnavailable } from '../errors.ts'
import type { Change, Entry, Feed, Position, Told } from '../feed.ts'
import { holds, LEASE_MS, leaseFrom, type Moment, moment, NO_LEASE } from './lease.ts'
import { within } from './within.ts'

/** Entries asked for at once. A fuller answer is a page, and a page grants nothing. */
const PAGE = 500

/** A node reads at the latest this often, also when nothing wakes it, so that two reads may fail before the lease ends. */
const READ_EVERY_MS = LEASE_MS / 3

/** How often in a row it registers anew at once; after that it waits as after a read that failed. */
const MOST_ANEW = 3

/** How long one who waits for an entry waits to be told of it before it is read, milliseconds: mostly it is on its way. */
const TOLD_MS = 1

/** How soon a failed read is tried again. */
const RETRY_MS = 200

/** Follows one feed and holds the lease that its reads grant. */
export type Follower = {
  /**
   * Registers and reads until the node holds its first lease. Rejects when the store does not answer, and keeps trying all the
   * same; may be called again to hear of it.
   */
  start(): Promise<void>
  /** Gives up the lease, then the row. */
  stop(): Promise<void>
  /** Whether the node may decide alone at this instant. @param at now, as the caller has read it */
  leased(at?: Moment): boolean
  /** This node's row; null before it has one. */
  row(): string | null
  /** When this node last found that data was lost, on its monotonic clock: others may have leases from before and no rows any more. */
  lostAt(): number
  /** Of the feed as this node knows it; empty before it has registered. */
  epoch(): string
  /** For whoever operates the node; see `FollowedFeed`. */
  standing(): { readonly leased: boolean; readonly position: number; readonly age: number | null }
  /** Resolves once everything up to `at` is applied here, or `timeout` ms have passed; answers which. */
  applied(at: number, timeout: number): Promise<boolean>
}

type Applying = {
  /** Applies one change. Synchronous, so that a lease never covers half of a read. */
  readonly apply: (change: Change) => void
  /** Data was lost or this feed is another one: forget everything that was learnt from it. */
  readonly reset: () => void
  readonly onFault: (fault: unknown) => void
  /** Called after each round of reading, however it came out: the lease may have come or gone. */
  readonly onRound: () => void
}

export function follower(feed: Feed, clock: Clock, { apply, reset, onFault, onRound }: Applying): Follower {
  let row: string | null = null
  /** The newest row this node has registered, also while it grants nothing. */
  let newest: string | null = null
  let epoch = ''
  let position: Position = { at: 0, id: '' }
  let acknowledged = 0
  let lease: Moment = NO_LEASE
  let lostAt = Number.NEGATIVE_INFINITY
  let stopped = false
  /** Registrations since a read was in good standing. */
  let anew = 0
  let running: Promise<void> | null = null
  let again = false
  /** The newest entry told of while a round is under way. */
  let told = 0
  let acknowledging = false
  let cancelTimer = () => {}
  let unsubscribe = () => {}
  const waiting = new Set<{ at: number; done: (applied: boolean) => void }>()

  async function register(from: Position | null): Promise<void> {
    anew += 1
    if (anew > MOST_ANEW) {
      anew = 0
      throw new StoreUnavailable('the feed keeps beginning anew')
    }
    const registered = await within(clock, LEASE_MS, feed.register(from))
    replace(registered.row)
    if (from !== null && registered.epoch !== epoch) {
      lostAt = clock.monotonic()
      return register(null)
    }
    if (from === null) {
      lease = NO_LEASE
      reset()
    }
    row = registered.row
    epoch = registered.epoch
    position = registered.position
    acknowledged = position.at
  }

  /** Whoever ends something waits for the new row from now on, and need not wait for the one before. */
  function replace(by: string): void {
    if (newest !== null) feed.remove([newest]).catch(() => {})
    newest = by
  }

  /** One read, applied. True when the next should follow at once. */
  async function read(): Promise<boolean> {
    if (row === null) await register(null)
    const asked = moment(clock)
    const answer = await within(clock, LEASE_MS, feed.read(row as string, position, PAGE))
    if (stopped) return false
    if (answer.lost || answer.epoch !== epoch) {
      lease = NO_LEASE
      row = null
      lostAt = clock.monotonic()
      return true
    }
    for (const entry of answer.entries) take(entry)
    if (answer.complete && answer.standing === 'good') lease = leaseFrom(asked)
    arrived()
    if (answer.standing === 'good') {
      anew = 0
      await acknowledgeAll()
    } else {
      await register(position)
      return true
    }
    return !answer.complete
  }

  function take({ at, id, change }: Entry): void {
    apply(change)
    position = { at, id }
  }

  function arrived(): void {
    for (const waiter of waiting) if (position.at >= waiter.at) waiter.done(true)
  }

  async function acknowledge(): Promise<void> {
    const { at } = position
    const by = row as string
    await within(clock, LEASE_MS, feed.acknowledge(by, at))
    if (row === by) acknowledged = at
  }

  async function acknowledgeAll(): Promise<void> {
    if (acknowledging) return
    acknowledging = true
    try {
      while (!stopped && row !== null && position.at > acknowledged) await acknowledge()
    } finally {
      acknowledging = false
    }
  }

  /**
   * What was appended. The next entry is applied as it is told of, which saves reading it and grants nothing: a lease is for what was
   * read. It has to follow the very entry this node is at, not only by its number: a feed that lost entries counts on.
   */
  function hear(entry: Told | undefined): void {
    if (stopped || (entry?.at === position.at && entry.id === position.id)) return
    if (running !== null && entry) {
      told = Math.max(told, entry.at)
    } else if (row !== null && entry?.at === position.at + 1 && entry.follows === position.id) {
      take(entry)
      arrived()
      acknowledgeAll().catch(wake)
    } else {
      wake()
    }
  }

  async function rounds(): Promise<void> {
    cancelTimer()
    let next = READ_EVERY_MS
    try {
      do {
        again = false
        told = 0
      } while (((await read()) || again || position.at < told) && !stopped)
    } catch (fault) {
      next = RETRY_MS
      onFault(fault)
      throw fault
    } finally {
      running = null
      if (!stopped) {
        cancelTimer = clock.after(next, wake)
        onRound()
      }
    }
  }

  function run(): Promise<void> {
    again = true
    running ??= rounds()
    return running
  }

  /** Reading is retried by the timer, so a failed round needs no further handling here. */
  function wake(): void {
    if (!stopped) run().catch(() => {})
  }

  return {
    start() {
      unsubscribe()
      unsubscribe = feed.onAppend(hear)
      return run()
    },
    async stop() {
      stopped = true
      lease = NO_LEASE
      unsubscribe()
      cancelTimer()
      await running?.catch(() => {})
      cancelTimer()
      if (newest !== null) await within(clock, LEASE_MS, feed.remove([newest])).catch(() => {})
    },
    leased: (at = moment(clock)) => holds(lease, at),
    row: () => row,
    lostAt: () => lostAt,
    epoch: () => epoch,
    standing: () => ({
      leased: holds(lease, moment(clock)),
      position: position.at,
      age: lease === NO_LEASE ? null : clock.monotonic() - (lease.monotonic - LEASE_MS),
    }),
    applied(at, timeout) {
      if (position.at >= at) return Promise.resolve(true)
      return new Promise((resolve) => {
        const done = (applied: boolean) => {
          cancel()
          cancelRead()
          waiting.delete(waiter)
          resolve(applied)
        }
        const waiter = { at, done }
        const cancel = clock.after(timeout, () => done(false))
        const cancelRead = clock.after(TOLD_MS, wake)
        waiting.add(waiter)
      })
    },
  }
}

/** The epochs of several feeds as one text. */
export function epochsOf(followers: readonly Follower[]): string {
  return followers.length === 1 ? (followers[0] as Follower).epoch() : followers.map((one) => one.epoch()).join('.')
}
