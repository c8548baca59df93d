import { postgresServer } from '../test/support/postgres-server.ts'
import { redisServer } from '../test/support/redis-server.ts'
import { cluster } from './cluster/cluster.ts'
import { commandsSent } from './cluster/commands.ts'
import { million } from './cluster/million.ts'
import { millionInRedis } from './cluster/million-in-redis.ts'
import { serving } from './cluster/serving.ts'
import { settleTime } from './cluster/settle.ts'
import type { Bench } from './lib/bench.ts'
import { say } from './lib/progress.ts'
import { processOf, serverOf } from './lib/server-cpu.ts'

const SIZES = [1, 3, 8] as const
const PEOPLE = 2_000
/** Those in front are let in again and again, the others' sessions are ended. */
const STAYING = 500

export const clusters: Bench = {
  about:
    'nodes on PostgreSQL, and on Redis beside it: settling, deciding, what is sent to the databases, a million sessions',
  patience: 60_000,
  async run(options) {
    say('Starting PostgreSQL, Redis and twenty-four nodes …')
    const server = await postgresServer({ fsync: true, settings: { shared_buffers: '256MB' } })
    const redis = await redisServer({ persistence: 'aof' })
    try {
      const pid = Number(/process_id:(\d+)/.exec(await redis.run('INFO', 'server'))?.[1])
      const calm = options.calm.with([serverOf(server.data), processOf(pid)])
      const made = []
      // Each in a database of its own: PostgreSQL wakes everybody who listens in the same one.
      for (const beside of [null, redis.url()]) {
        for (const size of SIZES) made.push(await cluster(await server.createDatabase(), beside, size, PEOPLE))
      }
      const served = await serving({ ...options, calm }, made, STAYING)
      const settled = await settleTime({ ...options, calm }, made, STAYING, PEOPLE)
      const sent = await commandsSent(options, made, STAYING)
      for (const one of made) await one.stop()
      const kept = await million({ ...options, calm }, server.url())
      const beside = await millionInRedis({ ...options, calm }, redis)
      const all = [settled, served, sent, kept, beside]
      return { tables: all.flatMap(({ tables }) => tables), bars: all.flatMap(({ bars }) => bars) }
    } finally {
      await Promise.all([server.close(), redis.close()])
    }
  },
}
