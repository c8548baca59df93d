import type { Feed } from './feed.ts'
import type { Keys } from './keyring.ts'
import { feedsOf, type Source } from './source.ts'
import type { Store, Users } from './store.ts'

/** The databases behind a store, each once. */
export function sources(store: Store): readonly Source[] {
  return [...new Set(Object.values(store).map((port) => port.source))]
}

/** A feed, and the database it is of. */
export type SourcedFeed = { readonly feed: Feed; readonly source: Source }

/**
 * The feeds that tell of everything a view may know, each once. Their order is the same wherever the store is put together in
 * the same way: a service that follows them through any server of an installation names them by their number in it.
 */
export function followedFeeds(
  ports: Record<'users' | 'sessions' | 'denials', Pick<Users, 'source'>> &
    Partial<Record<'keys' | 'settings', Pick<Keys, 'source'>>>,
): readonly SourcedFeed[] {
  const { users, sessions, denials, keys, settings } = ports
  const found = new Map<Feed, SourcedFeed>()
  for (const { source } of [users, sessions, denials, ...(keys ? [keys] : []), ...(settings ? [settings] : [])]) {
    for (const feed of feedsOf(source)) if (!found.has(feed)) found.set(feed, { feed, source })
  }
  return [...found.values()]
}
