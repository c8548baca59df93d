import { afterAll, beforeAll, describe, it } from 'vitest'
import { storeContract } from '../../src/testing/store-contract.ts'
import { type RedisCluster, redisCluster } from '../support/redis-cluster.ts'
import { describeWith } from '../support/services.ts'
import { emptyRedis } from './redis-fixture.ts'

describeWith('redis')('with a Redis Cluster of three', () => {
  let cluster: RedisCluster

  beforeAll(async () => {
    cluster = await redisCluster(3)
  }, 30_000)
  afterAll(() => cluster.close())

  const stores = () => emptyRedis(cluster.nodes, { partitions: 4 })

  storeContract({
    name: 'redis in four partitions',
    api: { describe, it },
    make: () => stores().make(),
    second: async (store) => stores().another(store),
  })
})
