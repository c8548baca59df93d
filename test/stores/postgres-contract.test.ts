import { afterAll, beforeAll, describe, it } from 'vitest'
import { postgres } from '../../src/postgres.ts'
import type { Store } from '../../src/store.ts'
import { feedContract, storeContract } from '../../src/testing.ts'
import { type PostgresServer, postgresServer } from '../support/postgres-server.ts'
import { describeWith } from '../support/services.ts'
import { sourceOf } from './source-of.ts'

/** Fewer connections than callers that race: whoever has one waits for no other. */
const FEW = { connections: 2 }

describeWith('postgres')('with a PostgreSQL server', () => {
  const api = { describe, it }
  const schemas = new WeakMap<Store, string>()
  let server: PostgresServer
  let count = 0

  beforeAll(async () => {
    server = await postgresServer()
  })
  afterAll(() => server.close())

  async function make() {
    const schema = `case_${++count}`
    const store = postgres(server.url(), { schema, ...FEW })
    schemas.set(store, schema)
    await sourceOf(store).open()
    return { store, close: () => sourceOf(store).close() }
  }

  const second = async (store: Store) => postgres(server.url(), { schema: schemas.get(store) ?? '', ...FEW })

  storeContract({ name: 'postgres', api, make, second })

  feedContract({
    name: 'postgres',
    api,
    make: async () => {
      const { store, close } = await make()
      const append = async () => (await store.users.endEveryone()).position
      return { feed: sourceOf(store).feed, append, close }
    },
  })
})
