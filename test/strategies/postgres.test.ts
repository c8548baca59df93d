import { afterAll, beforeAll, describe, it, vi } from 'vitest'
import { hybrid, jwt, session } from '../../src/index.ts'
import { strategyContract } from '../../src/testing.ts'
import { emptyStores } from '../stores/postgres-fixture.ts'
import { type PostgresServer, postgresServer } from '../support/postgres-server.ts'
import { describeWith } from '../support/services.ts'

/** What passwords cost is paid in test/strategies/contract.test.ts. */
vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('../faults/support/quick-argon2.ts'))

/**
 * Three nodes by every strategy, and one by one of them: what one node does by each is asked over the embedded stores, in
 * contract.test.ts. `npm run test:long` asks for every pair.
 */
const isAlone = (by: string) => by === 'session' || process.env.EVERY_PAIR === '1'

const STRATEGIES = { session: session(), hybrid: hybrid(), jwt: jwt() }

describeWith('postgres')('with a PostgreSQL server', () => {
  const api = { describe, it }
  let server: PostgresServer
  let stores: ReturnType<typeof emptyStores>

  beforeAll(async () => {
    server = await postgresServer()
    stores = emptyStores(server, { connections: 2 })
  })
  afterAll(async () => {
    await stores.close()
    await server.close()
  })

  const make = () => stores.make()
  const another = () => stores.another()

  for (const [by, strategy] of Object.entries(STRATEGIES)) {
    if (isAlone(by)) strategyContract({ name: `${by}, postgres, cookie`, api, strategy, transport: 'cookie', make })
    strategyContract({
      name: `${by}, three nodes on postgres, bearer`,
      api,
      strategy,
      transport: 'bearer',
      make,
      another,
    })
  }
})
