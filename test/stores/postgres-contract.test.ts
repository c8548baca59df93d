import { afterAll, beforeAll, describe, it } from 'vitest'
import { feedContract, storeContract } from '../../src/testing.ts'
import { type PostgresServer, postgresServer } from '../support/postgres-server.ts'
import { describeWith } from '../support/services.ts'
import { emptyStores } from './postgres-fixture.ts'
import { sourceOf } from './source-of.ts'

/** Fewer connections than callers that race: whoever has one waits for no other. */
const FEW = { connections: 2 }

describeWith('postgres')('with a PostgreSQL server', () => {
  const api = { describe, it }
  let server: PostgresServer
  let stores: ReturnType<typeof emptyStores>

  beforeAll(async () => {
    server = await postgresServer()
    stores = emptyStores(server, FEW)
  })
  afterAll(async () => {
    await stores.close()
    await server.close()
  })

  const make = () => stores.make()
  const second = async () => stores.another()

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
