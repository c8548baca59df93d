import { postgres } from '../../../src/postgres.ts'
import { redis } from '../../../src/redis.ts'
import type { Store } from '../../../src/store.ts'

/** Addresses: of PostgreSQL, and of Redis where there is one. */
export type Databases = {
  readonly people: string
  readonly sessions: string | null
  /** What is in Redis: everything that can be, or all of it but the sessions. */
  readonly beside?: 'everything' | 'all but sessions'
}

export function storeOf({ people, sessions, beside = 'everything' }: Databases, connections = 10): Store {
  const store = postgres(people, { connections })
  if (sessions === null) return store
  const ports = redis(sessions)
  return { ...store, ...ports, ...(beside === 'all but sessions' && { sessions: store.sessions }) }
}
