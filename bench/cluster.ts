import { postgresServer } from '../test/support/postgres-server.ts'
import { cluster } from './cluster/cluster.ts'
import { commandsSent } from './cluster/commands.ts'
import { million } from './cluster/million.ts'
import { serving } from './cluster/serving.ts'
import { settleTime } from './cluster/settle.ts'
import type { Bench } from './lib/bench.ts'
import { say } from './lib/progress.ts'
import { serverOf } from './lib/server-cpu.ts'

const SIZES = [1, 3, 8] as const
const PEOPLE = 2_000
/** Those in front are let in again and again, the others' sessions are ended. */
const STAYING = 500

export const clusters: Bench = {
  about: 'nodes on PostgreSQL: settling, deciding, what is sent to the database, a million sessions',
  patience: 60_000,
  async run(options) {
    say('Starting PostgreSQL and twelve nodes …')
    const server = await postgresServer({ fsync: true, settings: { shared_buffers: '256MB' } })
    try {
      const calm = options.calm.with([serverOf(server.data)])
      const made = []
      // Each in a database of its own: PostgreSQL wakes everybody who listens in the same one.
      for (const size of SIZES) made.push(await cluster(await server.createDatabase(), size, PEOPLE))
      const served = await serving({ ...options, calm }, made, STAYING)
      const settled = await settleTime({ ...options, calm }, made, STAYING, PEOPLE)
      const sent = await commandsSent(options, made, STAYING)
      for (const one of made) await one.stop()
      const kept = await million({ ...options, calm }, server.url())
      const all = [settled, served, sent, kept]
      return { tables: all.flatMap(({ tables }) => tables), bars: all.flatMap(({ bars }) => bars) }
    } finally {
      await server.close()
    }
  },
}
