import { sleep } from '../clock.ts'
import type { Source, Store } from '../store.ts'
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

  /** Runs a verb until it has nothing left. Answers how many. */
  async function drain({ batch }: Source, verb: (limit: number) => Promise<number>): Promise<number> {
    const { clock } = core
    let total = 0
    while (!stopped) {
      const begun = clock.monotonic()
      const done = await verb(batch)
      total += done
      if (done < batch) break
      await sleep(clock, Math.max(PAUSE_MS, PAUSE_TIMES * (clock.monotonic() - begun)))
    }
    return total
  }

  async function sweep(): Promise<number> {
    const { store, recorder, clock, retention } = core
    const { sessions, audit, tickets, counters, denials } = store
    const ended = await drain(sessions.source, async (limit) => {
      const now = clock.now()
      const { value } = await sessions.endDue(now - SLACK_MS, limit, now)
      tell({ recorder }, value ?? [], null, 'system', {}, now)
      return value?.length ?? 0
    })
    await drain(sessions.source, (limit) => sessions.purge(clock.now() - retention.ended, limit))
    await drain(audit.source, (limit) => audit.purge(clock.now() - retention.audit, limit))
    await drain(tickets.source, (limit) => tickets.purge(clock.now(), limit))
    await drain(counters.source, (limit) => counters.purge(clock.now(), limit))
    await drain(denials.source, (limit) => denials.purge(clock.now(), limit))
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
  return new Set([store.users, store.sessions, store.denials, store.keys].map((port) => port.source.feed))
}
