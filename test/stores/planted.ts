import type { Entry, Feed } from '../../src/feed.ts'
import type { Source, Store } from '../../src/store.ts'

/** A store with one fault planted in it, and the beginning of the name of a case that has to notice. */
export type Bug = { readonly name: string; readonly caught: string; readonly plant: (store: Store) => Store }

/** The store with some verbs of one port replaced. */
export function withPort<P extends keyof Store>(store: Store, port: P, verbs: Partial<Store[P]>): Store {
  return { ...store, [port]: { ...store[port], ...verbs } }
}

/** The store with some verbs of its feed replaced. */
export function withFeed(store: Store, verbs: (feed: Feed) => Partial<Feed>): Store {
  const { feed } = store.users.source
  return withSource(store, { feed: { ...feed, ...verbs(feed) } })
}

/** The store with part of its source replaced; still one source for all ports. */
export function withSource(store: Store, part: Partial<Source>): Store {
  const faulty = { ...store.users.source, ...part }
  const { users, credentials, sessions, denials, keys, services, tickets, counters, audit, settings } = store
  return {
    users: { ...users, source: faulty },
    credentials: { ...credentials, source: faulty },
    sessions: { ...sessions, source: faulty },
    denials: { ...denials, source: faulty },
    keys: { ...keys, source: faulty },
    services: { ...services, source: faulty },
    tickets: { ...tickets, source: faulty },
    counters: { ...counters, source: faulty },
    audit: { ...audit, source: faulty },
    settings: { ...settings, source: faulty },
  }
}

/** The store whose feed shows readers what `show` makes of an entry; null leaves it out. */
export function withEntries(store: Store, show: (entry: Entry) => Entry | null): Store {
  return withFeed(store, (feed) => ({
    async read(row, after, limit) {
      const read = await feed.read(row, after, limit)
      return { ...read, entries: read.entries.map(show).filter((entry) => entry !== null) }
    },
  }))
}

/** A few turns of the event loop: what a statement sent on its own costs, and where others get in between. */
export async function gap(turns = 1): Promise<void> {
  for (let i = 0; i < turns; i += 1) await new Promise<void>((resolve) => setImmediate(resolve))
}
