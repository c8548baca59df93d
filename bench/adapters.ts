import { redisServer } from '../test/support/redis-server.ts'
import { frameworkShares } from './adapters/share.ts'
import type { Bench } from './lib/bench.ts'

export const adapters: Bench = {
  about: 'what is left of a route in each framework when it is protected, by us and by others',
  patience: 15_000,
  async run(options) {
    const redis = await redisServer()
    try {
      return await frameworkShares(options, redis.url())
    } finally {
      await redis.close()
    }
  },
}
