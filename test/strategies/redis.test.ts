import { afterAll, beforeAll, describe, it, vi } from 'vitest'
import { hybrid, jwt, session } from '../../src/index.ts'
import { redis } from '../../src/redis.ts'
import type { Store } from '../../src/store.ts'
import { strategyContract } from '../../src/testing.ts'
import { emptyStores } from '../stores/postgres-fixture.ts'
import { type PostgresServer, postgresServer } from '../support/postgres-server.ts'
import { type RedisServer, redisServer } from '../support/redis-server.ts'
import { describeWith } from '../support/services.ts'

/** What passwords cost is paid in test/strategies/contract.test.ts. */
vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('../faults/support/quick-argon2.ts'))

/**
 * Three nodes by every strategy, and one by one of them: what one node does by each is asked over the embedded stores, in
 * contract.test.ts. `npm run test:long` asks for every pair.
 */
const isAlone = (by: string) => by === 'hybrid' || process.env.EVERY_PAIR === '1'

const STRATEGIES = { session: session(), hybrid: hybrid(), jwt: jwt() }

describeWith('postgres')('with a PostgreSQL server', () => {
  describeWith('redis')('and a Redis server', () => {
    const api = { describe, it }
    let people: PostgresServer
    let sessions: RedisServer
    let stores: ReturnType<typeof emptyStores>

    beforeAll(async () => {
      people = await postgresServer()
      sessions = await redisServer()
      stores = emptyStores(people, { connections: 2 })
    })
    afterAll(async () => {
      await stores.close()
      await Promise.all([people.close(), sessions.close()])
    })

    const beside = (store: Store): Store => ({ ...store, ...redis(sessions.url()) })

    async function make() {
      const { store, close } = await stores.make()
      await sessions.run('FLUSHALL', 'SYNC')
      const mixed = beside(store)
      return {
        store: mixed,
        close: async () => void (await Promise.all([close(), mixed.sessions.source.close()])),
        dump: () => bytesOf(sessions),
      }
    }
    const another = () => beside(stores.another())

    for (const [by, strategy] of Object.entries(STRATEGIES)) {
      if (isAlone(by))
        strategyContract({ name: `${by}, redis and postgres, cookie`, api, strategy, transport: 'cookie', make })
      strategyContract({
        name: `${by}, three nodes on redis and postgres, bearer`,
        api,
        strategy,
        transport: 'bearer',
        make,
        another,
      })
    }
  })
})

/** Every value the server keeps, by the key it has. */
async function bytesOf(server: RedisServer): Promise<string> {
  const keys = (await server.run('KEYS', '*')).split('\n').filter((key) => key !== '')
  const all = await Promise.all(
    keys.map(async (key) => {
      const read = {
        hash: ['HGETALL', key],
        string: ['GET', key],
        zset: ['ZRANGE', key, '0', '-1', 'WITHSCORES'],
        stream: ['XRANGE', key, '-', '+'],
      }
      const type = (await server.run('TYPE', key)) as keyof typeof read
      return `${key}\n${await server.run(...read[type])}`
    }),
  )
  return all.join('\n')
}
