import { findPostgres } from '../test/support/postgres-server.ts'
import { findRedis } from '../test/support/redis-server.ts'
import { foreseen } from './capacity/foreseen.ts'
import { oneDatabase, POSTGRES, REDIS } from './capacity/one-database.ts'
import { outage } from './capacity/outage.ts'
import { simulated } from './capacity/simulated.ts'
import type { Bench } from './lib/bench.ts'
import type { Report } from './lib/report.ts'

export const capacity: Bench = {
  about:
    'what the feed costs: 1 M and 100 M people, up to 1,000 nodes, simulated; what a command costs PostgreSQL and Redis',
  patience: 30_000,
  async run(options) {
    const measured: Report[] = []
    if (findPostgres()) measured.push(await oneDatabase(options, POSTGRES))
    if (findRedis()) measured.push(await oneDatabase(options, REDIS))
    const all = [foreseen(), await simulated(options), await outage(options), ...measured]
    return { tables: all.flatMap(({ tables }) => tables), bars: all.flatMap(({ bars }) => bars) }
  },
}
