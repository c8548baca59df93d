import { systemClock } from '../../../clock.ts'
import { entrance } from '../../../entrance.ts'
import type { AuditLog, Source, Store } from '../../../store.ts'
import { type BackgroundVerb, type Thread, verbOf } from './thread.ts'

/** From one append of events in the thread to the next at least, milliseconds: what happens meanwhile shares a commit. */
const GATHER_MS = 50

/**
 * The store, with what nobody waits for done in a second thread. SQLite answers where it is asked, and a commit waits for
 * the disk: a sweep of expired sessions would hold up every request that comes meanwhile (decision 10).
 *
 * The first sweep starts the thread; until then, as in the short life of a command, everything is done in place.
 * @param file what is not open when it is closed, for people
 */
export function inBackground(here: Store, thread: Thread, file: string): Store {
  const { source } = here.sessions
  const { into, ports, open, close } = entrance(file)

  function aside<V extends (...given: never[]) => Promise<unknown>>(name: BackgroundVerb, starts: boolean): V {
    const inPlace = verbOf(here, name)
    const verb = (...given: unknown[]) => {
      if (starts) thread.start()
      return thread.running() ? thread.call(name, given) : inPlace(...given)
    }
    return verb as unknown as V
  }

  const store = aside<AuditLog['append']>('audit.append', false)
  let free = Number.NEGATIVE_INFINITY
  /** Whoever waits keeps the process: an event is not lost because its program has nothing else to do. */
  const append: AuditLog['append'] = async (events) => {
    const now = systemClock.monotonic()
    const early = thread.running() ? free - now : 0
    free = now + Math.max(0, early) + GATHER_MS
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early))
    return store(events)
  }

  const shared: Source = {
    ...source,
    feed: { ...into({ ...source.feed, trim: aside('feed.trim', false) }), onAppend: source.feed.onAppend },
    ...into({ ping: source.ping, turn: source.turn }),
    open: () => open(source.open),
    close: () =>
      close(async () => {
        await thread.stop()
        await source.close()
      }),
  }
  return ports({
    users: { ...here.users, source: shared },
    credentials: { ...here.credentials, source: shared },
    sessions: {
      ...here.sessions,
      source: shared,
      endDue: aside('sessions.endDue', true),
      purge: aside('sessions.purge', false),
      touch: aside('sessions.touch', false),
    },
    denials: { ...here.denials, source: shared, purge: aside('denials.purge', false) },
    keys: { ...here.keys, source: shared },
    services: { ...here.services, source: shared },
    settings: { ...here.settings, source: shared },
    tickets: { ...here.tickets, source: shared, purge: aside('tickets.purge', false) },
    counters: { ...here.counters, source: shared, purge: aside('counters.purge', false) },
    audit: {
      ...here.audit,
      source: shared,
      append,
      purge: aside('audit.purge', false),
    },
  })
}
