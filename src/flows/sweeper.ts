import { type Clock, sleep } from '../clock.ts'
import type { Store } from '../store.ts'
import type { Core } from './core.ts'
import { tell } from './endings.ts'

/** How often it looks, milliseconds. */
const EVERY_MS = 5000

/** Records in one statement, and the pause after each, so that a million of them delays nobody. */
const BATCH = 200
const PAUSE_MS = 10

/**
 * How long a session must be over before it is swept, milliseconds: longer than a buffered use can be under way to the
 * store, so that sweeping never overtakes one.
 */
const SLACK_MS = 2000

/** Entries of the feed that are kept for nodes that come back. */
const KEEP_ENTRIES = 10_000

type Sweeping = Pick<Core, 'store' | 'recorder' | 'clock' | 'retention'>

/**
 * Ends in the background what expired, so that expiry is an event too, and forgets what is older than it must be kept.
 * It decides nothing: a session is over at its instant whether or not it was swept.
 */
export function sweeper(core: Sweeping) {
  let stopped = false
  let cancel = () => {}
  let running: Promise<void> = Promise.resolve()

  /** Runs a batch verb until it has nothing left. Answers how many. */
  async function drain(clock: Clock, batch: () => Promise<number>): Promise<number> {
    let total = 0
    while (!stopped) {
      const done = await batch()
      total += done
      if (done < BATCH) break
      await sleep(clock, PAUSE_MS)
    }
    return total
  }

  async function sweep(): Promise<number> {
    const { store, recorder, clock, retention } = core
    const ended = await drain(clock, async () => {
      const now = clock.now()
      const { value } = await store.sessions.endDue(now - SLACK_MS, BATCH, now)
      tell({ recorder }, value ?? [], null, 'system', {}, now)
      return value?.length ?? 0
    })
    await drain(clock, () => store.sessions.purge(clock.now() - retention.ended, BATCH))
    await drain(clock, () => store.audit.purge(clock.now() - retention.audit, BATCH))
    await drain(clock, () => store.tickets.purge(clock.now(), BATCH))
    await drain(clock, () => store.counters.purge(clock.now(), BATCH))
    await drain(clock, () => store.denials.purge(clock.now(), BATCH))
    for (const feed of feeds(store)) await feed.trim(KEEP_ENTRIES)
    return ended
  }

  function schedule(): void {
    if (stopped) return
    cancel = core.clock.after(EVERY_MS, () => {
      running = sweep()
        .then(
          () => {},
          (fault) => core.recorder.fault(fault, 'sweeping'),
        )
        .finally(schedule)
    })
  }

  return {
    start: schedule,
    /** One round now; answers how many sessions it ended. */
    sweep,
    async stop(): Promise<void> {
      stopped = true
      cancel()
      await running
    },
  }
}

function feeds(store: Store) {
  return new Set([store.users, store.sessions, store.denials].map((port) => port.source.feed))
}
