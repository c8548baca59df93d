import { afterAll, beforeAll, describe, it } from 'vitest'
import { feedContract } from '../../src/testing/feed-contract.ts'
import { sampleSession, T0 } from '../../src/testing/samples.ts'
import { storeContract } from '../../src/testing/store-contract.ts'
import { type RedisServer, redisServer } from '../support/redis-server.ts'
import { describeWith } from '../support/services.ts'
import { emptyRedis } from './redis-fixture.ts'

const api = { describe, it }

describeWith('redis')('with a Redis server', () => {
  let server: RedisServer

  beforeAll(async () => {
    server = await redisServer()
  })
  afterAll(() => server.close())

  const one = () => emptyRedis([server])
  const four = () => emptyRedis([server], { partitions: 4 })

  storeContract({ name: 'redis', api, make: () => one().make(), second: async (store) => one().another(store) })

  storeContract({
    name: 'redis in four partitions',
    api,
    make: () => four().make(),
    second: async (store) => four().another(store),
  })

  feedContract({
    name: 'redis',
    api,
    make: async () => {
      const { store, close } = await one().make()
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
