import { afterAll, beforeAll, describe, it } from 'vitest'
import { type PostgresOptions, postgres } from '../../src/postgres.ts'
import type { Source, Store } from '../../src/store.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { sqlite } from '../../src/stores/sql/sqlite.ts'
import { hybrid } from '../../src/strategies/hybrid.ts'
import { jwt } from '../../src/strategies/jwt.ts'
import { session } from '../../src/strategies/session.ts'
import type { Transport } from '../../src/strategy.ts'
import { type Cases, cases } from '../../src/testing/strategy/harness.ts'
import { emptyStores } from '../stores/postgres-fixture.ts'
import { sourceOf } from '../stores/source-of.ts'
import { newFile } from '../stores/sqlite-fixture.ts'
import { type PostgresServer, postgresServer } from '../support/postgres-server.ts'
import { describeWith } from '../support/services.ts'

/** Data without anything in it, and handles on it. */
export type Place = {
  readonly store: Store
  /** A handle with connections of its own, as another process has. Whoever asks for it closes it. */
  another(): Store
  /** Where it is: a file, or the address of a database. Null for memory. */
  readonly at: string | null
  close(): Promise<void>
}

export type Kind = {
  readonly name: 'memory' | 'SQLite' | 'PostgreSQL'
  make(options?: PostgresOptions): Promise<Place>
}

/** Another handle on what is in memory: what closes it, closes nobody else's. */
function sharing(store: Store): Store {
  const source: Source = { ...sourceOf(store), close: async () => {} }
  const ports = Object.entries(store).map(([name, port]) => [name, { ...port, source }])
  return Object.fromEntries(ports) as Store
}

const inMemory: Kind = {
  name: 'memory',
  async make() {
    const store = memory()
    return { store, another: () => sharing(store), at: null, close: () => sourceOf(store).close() }
  },
}

const inFile: Kind = {
  name: 'SQLite',
  async make() {
    const at = newFile()
    const store = sqlite(at)
    await sourceOf(store).open()
    return { store, another: () => sqlite(at), at, close: () => sourceOf(store).close() }
  },
}

function onServer(server: () => PostgresServer): Kind {
  return {
    name: 'PostgreSQL',
    async make(options = { connections: 3 }) {
      const at = server().url()
      const empty = emptyStores(server(), options)
      const { store, close } = await empty.make()
      return {
        store,
        another: () => postgres(at, options),
        at,
        async close() {
          await close()
          await empty.close()
        },
      }
    },
  }
}

/**
 * One trap: what has brought down other houses, tried on every store there is. PostgreSQL is a server of its own for each file,
 * passed over where there are no programs for one.
 */
export function trap(name: string, body: (kind: Kind) => void): void {
  describe(name, () => {
    for (const kind of [inMemory, inFile]) describe(kind.name, () => body(kind))
    describeWith('postgres')('PostgreSQL', () => {
      let server: PostgresServer
      beforeAll(async () => {
        server = await postgresServer()
      })
      afterAll(() => server.close())
      body(onServer(() => server))
    })
  })
}

export const STRATEGIES = { session, hybrid, jwt } as const
export type StrategyName = keyof typeof STRATEGIES

/** Cases over three nodes with a handle each, under one clock, for a strategy. */
export function nodes(kind: Kind, by: StrategyName, transport: Transport = 'cookie'): Cases {
  let place: Place | null = null
  return cases({
    name: `${by}, ${kind.name}`,
    api: { describe, it },
    strategy: STRATEGIES[by](),
    transport,
    async make() {
      place = await kind.make()
      return place
    },
    another() {
      if (place === null) throw new Error('there is no place yet')
      return place.another()
    },
  })
}

/** The same for each strategy, in a group of its name. */
export function underEveryStrategy(kind: Kind, body: (to: Cases, by: StrategyName) => void): void {
  for (const by of Object.keys(STRATEGIES) as StrategyName[]) describe(by, () => body(nodes(kind, by), by))
}
