import { type RedisOptions, redis } from '../../src/redis.ts'
import type { Store } from '../../src/store.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import type { RedisServer } from '../support/redis-server.ts'

/** Stores without data: Redis has what it is for, and memory the rest. */
export function emptyRedis(servers: readonly RedisServer[], options: RedisOptions = {}) {
  const urls = servers.map((server) => server.url())
  return {
    async make(): Promise<{ readonly store: Store; close(): Promise<void> }> {
      await Promise.all(servers.map((server) => server.run('FLUSHALL', 'SYNC')))
      const store = { ...memory(), ...redis(urls, options) }
      return { store, close: () => closed(store) }
    },
    /** Another way to the same data. */
    another: (store: Store): Store => ({ ...store, ...redis(urls, options) }),
  }
}

async function closed(store: Store): Promise<void> {
  await Promise.all([store.users.source.close(), store.sessions.source.close()])
}
