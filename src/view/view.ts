import { StoreUnavailable } from '../errors.ts'
import type { Change, Feed } from '../feed.ts'
import type { Session, SessionId } from '../session.ts'
import { feedsOf, type Place, type Source } from '../source.ts'
import { followedFeeds } from '../store.ts'
import { activityBuffer } from './activity.ts'
import { asking, LOOKUP_MS } from './asking.ts'
import { cache, type Known } from './cache.ts'
import { denialsView } from './denials.ts'
import { epochsOf, type Follower, follower } from './follower.ts'
import { knowing } from './knowing.ts'
import { holds, LEASE_MS, leaseFrom, type Moment, moment } from './lease.ts'
import { idsOf, listeners } from './listeners.ts'
import { type Metrics, meter } from './meter.ts'
import type { ViewOptions } from './options.ts'
import { openReads } from './reads.ts'
import { retire, settleAll } from './settle.ts'
import { within } from './within.ts'

export type { Use } from './activity.ts'
export type { Known } from './cache.ts'
export type { Metrics } from './meter.ts'

/** Look-ups under way at once; one more is refused with 503 rather than queued behind a store that is in trouble. */
const MAX_LOOKUPS = 1000

/** How often a look-up is repeated because a change overtook it. */
const MAX_ATTEMPTS = 8

/**
 * Must not await: lease, changes and verdict are one step, and `now` is its time. `asked`: by a read of the store sent after the
 * question.
 */
export type Verdict<T> = (known: Known | null, asked: boolean, now: number) => T

/**
 * This node's leased view of the stores: what it may decide from its own memory, and how an ending reaches every other
 * node before it returns. `lease.ts` has the invariant.
 */
export function view({ store, clock, sessions, touchStep, keys, policy, denialLife, onFault, onState }: ViewOptions) {
  const cached = cache(sessions)
  const reads = openReads()
  const uses = activityBuffer(clock, touchStep, store.sessions.touch, (fault) => onFault(fault, 'activity'))
  const known = knowing(clock, uses.resume)
  const listening = listeners()
  const metered = meter(clock)
  const denied = denialsView({
    denials: store.denials,
    clock,
    life: denialLife ?? (() => null),
    onFault: (fault) => onFault(fault, 'denials'),
  })
  const followers = new Map<Feed, Follower>()
  const names: string[] = []
  let begun = false
  let starting: Promise<void> | null = null
  let stopped = false
  let lookups = 0
  let state: 'leased' | 'lookup' = 'lookup'

  function apply(change: Change): void {
    const ids = idsOf(change)
    if (ids === null) reads.changedForEveryone()
    else reads.changed(ids)
    cached.apply(change)
    denied.apply(change)
    keys?.apply(change)
    policy?.apply(change)
    listening.tell(change)
  }

  function reset(): void {
    reads.reset()
    cached.clear()
    denied.reset()
    keys?.reset()
    policy?.reset()
    listening.tell(null)
  }

  const { users, sessions: records, denials } = store
  const ports = { users, sessions: records, denials, ...(keys && { keys }), ...(policy && { settings: policy }) }
  for (const { feed, source } of followedFeeds(ports)) {
    const fault = (error: unknown) => onFault(error, `feed of ${source.name}`)
    followers.set(feed, follower(feed, clock, { apply, reset, onFault: fault, onRound: leased }))
    names.push(source.name)
  }

  const following = [...followers.values()]

  function leased(at: Moment = moment(clock)): boolean {
    let all = true
    for (let i = 0; i < following.length; i++) if (!(following[i] as Follower).leased(at)) all = false
    if (all !== (state === 'leased')) {
      state = all ? 'leased' : 'lookup'
      onState(state)
    }
    return all
  }

  /** Begins to follow. Where that fails it goes on all the same, and may be waited for again. */
  function start(): Promise<void> {
    if (stopped) return Promise.reject(new StoreUnavailable('the view is closed'))
    if (!starting) {
      const first = !begun
      begun = true
      starting = Promise.all([...followers].map(([feed, own]) => follow(feed, own, first))).then(
        () => undefined,
        (fault) => {
          starting = null
          throw fault
        },
      )
    }
    return starting
  }

  /** Rows left behind by nodes that died would hold up endings for a lease each, so they are retired at the beginning. */
  async function follow(feed: Feed, own: Follower, first: boolean): Promise<void> {
    const before = first ? await within(clock, LEASE_MS, feed.rows()).catch(() => []) : []
    const left = before.map((row) => row.id)
    if (left.length > 0) retire(feed, left, clock)
    await own.start()
  }

  /** What is known of a session without a record, where all that was denied and its user are in memory. */
  function claimedHere(session: Session): Known | null {
    const user = denied.complete() ? cached.userOf(session.userId) : null
    if (user === null) return null
    const standing = { user, everyone: cached.everyone() }
    const found = known.fromToken(session, denied.reasonOf(session.id), { ...standing, epoch: epochsOf(following) })
    cached.put(found)
    return found
  }

  const { recorded, claimed } = asking({ store, clock, followers, leased, knowing: known })

  /**
   * Asks the store, by reads sent after this call, and hands what it answered to `verdict` in the same step in which it
   * is known that no change has overtaken it, and that it is no older than a lease: endings wait no longer than that for
   * a node that hears nothing of them. `signed`: which keys stand is part of the question.
   */
  async function lookup<T>(subject: SessionId | Session, verdict: Verdict<T>, signed = false): Promise<T> {
    metered.lookedUp(lookups < MAX_LOOKUPS)
    if (lookups >= MAX_LOOKUPS) throw new StoreUnavailable('too many look-ups are under way')
    lookups += 1
    try {
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        const reading = reads.begin()
        const asked = moment(clock)
        const asksKeys = signed && !knowsKeys(asked)
        const asksPolicy = !knowsPolicy(asked)
        try {
          const [{ known, ids }] = await Promise.all([
            typeof subject === 'string' ? recorded(subject) : claimed(subject),
            asksKeys && keys ? within(clock, LOOKUP_MS, keys.load()) : null,
            asksPolicy && policy ? within(clock, LOOKUP_MS, policy.load()) : null,
          ])
          const at = moment(clock)
          if (reads.outdated(reading, ids) || (signed && !asksKeys && !knowsKeys(at))) continue
          if (!asksPolicy && !knowsPolicy(at)) continue
          if (!holds(leaseFrom(asked), at)) {
            if (attempt > 0) throw new StoreUnavailable('the store takes longer to answer than its answer counts')
            continue
          }
          if (known && begun) cached.put(known)
          return verdict(known, true, at.wall)
        } finally {
          reads.end()
        }
      }
      throw new StoreUnavailable('changes kept overtaking the look-up')
    } finally {
      lookups -= 1
    }
  }

  /** Whether the keys in memory may be decided by. */
  function knowsKeys(at: Moment): boolean {
    return knowsPolicy(at) && (keys?.loaded() ?? true)
  }

  /** Whether the policy in memory may be decided by, and with it everything that has no keys. */
  function knowsPolicy(at: Moment): boolean {
    return leased(at) && (policy?.loaded() ?? true)
  }

  return {
    start,
    leased: () => leased(),

    /**
     * Judges a session: one that has a record by its id, another by what its token says of it. With a lease and the
     * session in memory this is one synchronous step and no I/O; otherwise the store is asked first. `signed`: by a token
     * whose key has to stand. `now`: as this step has read it, of those that come with every request.
     */
    decide<T>(
      subject: SessionId | Session,
      verdict: Verdict<T>,
      signed = false,
      now: number = clock.now(),
    ): T | Promise<T> {
      const at = { monotonic: clock.monotonic(), wall: now }
      const decides = signed ? knowsKeys(at) : knowsPolicy(at)
      if (decides) {
        const known =
          typeof subject === 'string' ? cached.get(subject) : (cached.get(subject.id) ?? claimedHere(subject))
        if (known) return metered.warm(verdict(known, false, now))
      }
      metered.asked(decides)
      return lookup(subject, verdict, signed)
    },

    /** As `decide`, from the store whatever is cached: where only its word counts, as before an idle session is ended. */
    ask: lookup,

    /** Whether a session is in memory, whatever may be decided on it. */
    remembers: (sid: SessionId): boolean => cached.get(sid) !== null,

    /** Notes a use. */
    use: uses.note,

    /** Writes soon what was to be written in a step: the step has become shorter. */
    hurry: uses.hurry,

    /** Notes that an access token of this counter was used. */
    saw: uses.saw,

    /**
     * Of the feeds this node follows, as one text: it changes when data was lost.
     * @throws StoreUnavailable before they are followed.
     */
    epoch(): string {
      if (following.some((one) => one.epoch() === '')) throw new StoreUnavailable('the feeds are not followed yet')
      return epochsOf(following)
    },

    /** The newest changes of a database: what an ending waits for that found nothing left to end. */
    tails: (source: Source): Promise<readonly Place[]> =>
      Promise.all(
        feedsOf(source).map(async (feed, part) => ({
          source,
          position: await within(clock, LOOKUP_MS, feed.tail()),
          part,
        })),
      ),

    /** Returns when these changes are true on every node. */
    settle: (...places: readonly Place[]): Promise<void> =>
      metered.settling(() => settleAll(places, (feed) => (begun ? (followers.get(feed) ?? null) : null), clock)),

    /** Calls `listener` when a change of one of these sessions or users, or of everyone, is applied here, until cancelled. */
    onChange: listening.add,

    /** This node's rows. */
    rows: (): readonly string[] => following.flatMap((one) => one.row() ?? []),

    metrics: (): Metrics => ({
      state: leased() ? 'leased' : 'lookup',
      feeds: following.map(({ standing }, i) => ({ source: names[i] as string, ...standing() })),
      decisions: metered.decisions(),
      cachedSessions: cached.size(),
      deniedSessions: denied.size(),
      lookups: { underWay: lookups, ...metered.lookups() },
      settling: metered.settled(),
      waiting: metered.waiting(),
    }),

    /** Writes buffered activity, gives up the leases and the rows. */
    async stop(): Promise<void> {
      stopped = true
      await uses.drain()
      await Promise.all([...followers.values()].map((one) => one.stop()))
    },
  }
}

export type View = ReturnType<typeof view>
