import { sleep } from '../clock.ts'
import { randomText } from '../crypto.ts'
import type { Source } from '../source.ts'
import { followedFeeds } from '../store.ts'
import type { UserId } from '../user.ts'
import type { Core } from './core.ts'
import { tell } from './endings.ts'

/** How often it looks, milliseconds. */
const EVERY_MS = 5000

/**
 * The pause after each batch: this many times as long as it took, so that a million of them delays nobody, and at least
 * this many milliseconds.
 */
const PAUSE_TIMES = 30
const PAUSE_MS = 10

/** In which of its rounds it looks for what signing everyone out has left: whoever did that has marked it, unless they were interrupted. */
const EVERY_ROUND = 12

/**
 * How long a session must be over before it is swept, milliseconds: longer than a buffered use can be under way to the
 * store, so that sweeping never overtakes one.
 */
const SLACK_MS = 2000

/** Entries of the feed that are kept for nodes that come back. */
const KEEP_ENTRIES = 10_000

/** What it is called among the work that one node does at a time. */
const WORK = 'sweeping'

/**
 * How long a node has the turn, milliseconds: longer than it is between two looks, and than a batch with its pause; not so long
 * that anybody would miss the sweeper of a node that died.
 */
const TURN_MS = 30_000

type Sweeping = Pick<Core, 'store' | 'recorder' | 'clock' | 'retention' | 'leftovers' | 'erasing'>

/** Nobody's id: what is asked for with it is how the installation stands. */
const NOBODY = '' as UserId

/**
 * Ends in the background what expired, so that expiry is an event too, and forgets what is older than it must be kept. Of
 * all nodes on a database one does it at a time. It decides nothing: a session is over at its instant whether or not it was swept.
 */
export function sweeper(core: Sweeping) {
  const { store, recorder, clock, retention, leftovers, erasing } = core
  const { sessions, audit, tickets, counters, denials } = store
  const node = randomText(12)
  /** Where this node has the turn, and until when. */
  const turns = new Map<Source, number>()
  let stopped = false
  let round = 0
  let cancel = () => {}
  let running: Promise<void> = Promise.resolve()

  async function hasTurn(source: Source): Promise<boolean> {
    const now = clock.now()
    if (now < (turns.get(source) ?? 0) - TURN_MS / 2) return true
    const has = await source.turn(WORK, node, now, now + TURN_MS)
    if (has) turns.set(source, now + TURN_MS)
    else turns.delete(source)
    return has
  }

  /** Runs the verb until it has nothing left. Answers how many. */
  async function drain(source: Source, goesOn: GoesOn, verb: (limit: number) => Promise<number>): Promise<number> {
    const { batch } = source
    let total = 0
    while (!stopped && (await goesOn(source))) {
      const begun = clock.monotonic()
      const done = await verb(batch)
      total += done
      if (done < batch) break
      await sleep(clock, Math.max(PAUSE_MS, PAUSE_TIMES * (clock.monotonic() - begun)))
    }
    return total
  }

  async function endDue(limit: number): Promise<number> {
    const now = clock.now()
    const { value } = await sessions.endDue(now - SLACK_MS, limit, now)
    tell({ recorder }, value ?? [], null, 'system', {}, now)
    return value?.length ?? 0
  }

  /** What signing everyone out has left open, because whoever did it was interrupted. */
  async function endOlder(limit: number): Promise<number> {
    const now = clock.now()
    const { everyone } = await store.users.find(NOBODY)
    const { value } = await sessions.endOlder(everyone, limit, now)
    tell({ recorder }, value ?? [], null, 'system', {}, now)
    return value?.length ?? 0
  }

  async function sweep(goesOn: GoesOn, wholly: boolean): Promise<number> {
    await leftovers.clear()
    await erasing.again()
    const ended = await drain(sessions.source, goesOn, endDue)
    if (wholly) await drain(sessions.source, goesOn, endOlder)
    await drain(sessions.source, goesOn, (limit) => sessions.purge(clock.now() - retention.ended, limit))
    await drain(audit.source, goesOn, (limit) => audit.purge(clock.now() - retention.audit, limit))
    await drain(tickets.source, goesOn, (limit) => tickets.purge(clock.now(), limit))
    await drain(counters.source, goesOn, (limit) => counters.purge(clock.now(), limit))
    await drain(denials.source, goesOn, (limit) => denials.purge(clock.now(), limit))
    for (const { feed, source } of followedFeeds(store)) if (await goesOn(source)) await feed.trim(KEEP_ENTRIES)
    return ended
  }

  function schedule(): void {
    if (stopped) return
    cancel = clock.after(EVERY_MS, () => {
      running = sweep(hasTurn, round++ % EVERY_ROUND === 0)
        .then(
          () => {},
          (fault) => recorder.fault(fault, 'sweeping'),
        )
        .finally(schedule)
    })
  }

  return {
    start: schedule,
    /** One round now, whoever has the turn; answers how many sessions it ended. */
    sweep: () => sweep(async () => true, true),
    async stop(): Promise<void> {
      stopped = true
      cancel()
      await running
      const left = [...turns.keys()].map((source) => source.turn(WORK, node, clock.now(), 0))
      turns.clear()
      await Promise.allSettled(left)
    },
  }
}

/** Whether this node goes on with what there is to do in a database. */
type GoesOn = (source: Source) => Promise<boolean>
