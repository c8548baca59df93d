import { postgres } from '../../../src/postgres.ts'
import { redis } from '../../../src/redis.ts'
import type { Store } from '../../../src/store.ts'

/** Addresses: of PostgreSQL, and of Redis where the sessions are there. */
export type Databases = { readonly people: string; readonly sessions: string | null }

export function storeOf({ people, sessions }: Databases, connections = 10): Store {
  const store = postgres(people, { connections })
  return sessions === null ? store : { ...store, ...redis(sessions) }
}
