import { afterAll, beforeAll, describe, it } from 'vitest'
import { feedContract } from '../../src/testing/feed-contract.ts'
import { sampleSession, T0 } from '../../src/testing/samples.ts'
import { storeContract } from '../../src/testing/store-contract.ts'
import { type RedisServer, redisServer } from '../support/redis-server.ts'
import { describeWith } from '../support/services.ts'
import { emptyRedis } from './redis-fixture.ts'

describeWith('redis')('with a Redis server', () => {
  const api = { describe, it }
  let server: RedisServer
  let stores: ReturnType<typeof emptyRedis>

  beforeAll(async () => {
    server = await redisServer()
    stores = emptyRedis([server])
  })
  afterAll(() => server.close())

  const make = () => stores.make()
  const second = async (store: Parameters<typeof stores.another>[0]) => stores.another(store)

  storeContract({ name: 'redis', api, make, second })

  feedContract({
    name: 'redis',
    api,
    make: async () => {
      const { store, close } = await make()
      const { sessions } = store
      await sessions.source.open()
      let count = 0
      const append = async () => {
        const record = sampleSession(`appended-${count++}`)
        await sessions.start(record, null, T0)
        return (await sessions.setFields(record.id, { count })).position
      }
      return { feed: sessions.source.feed, append, close }
    },
  })
})
