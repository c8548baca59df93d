import { postgres } from '../../src/postgres.ts'
import type { SessionRecord } from '../../src/session.ts'
import { INSERT_SESSION, valuesOf } from '../../src/stores/sql/session-row.ts'
import { emailKey } from '../../src/user.ts'
import type { BenchOptions } from '../lib/bench.ts'
import { postgresBulk } from '../lib/bulk.ts'
import { person, record } from '../lib/population.ts'
import { say } from '../lib/progress.ts'
import type { Report } from '../lib/report.ts'
import { type Contestant, inTurns } from '../lib/rounds.ts'
import { median, quantile } from '../lib/statistics.ts'

const EACH = 10
const STRIDE = 7_919
const EXPIRED = 20_000

const WHAT = ['look-up of a session', 'the sessions of one user', 'first page of everybody’s'] as const

/** A great many sessions in PostgreSQL: what each weighs, finding, listing, sweeping. */
export async function million({ quick, calm }: BenchOptions, url: string): Promise<Report> {
  const many = quick ? 100_000 : 1_000_000
  say(`Filling a table with ${many.toLocaleString('en')} sessions …`)
  const now = Date.now()
  const store = postgres(url, { schema: 'million', connections: 4 })
  await store.users.source.open()
  for (let i = 0; i < many / EACH; i += 500) {
    const some = Array.from({ length: Math.min(500, many / EACH - i) }, (_, j) => person(i + j, now))
    await Promise.all(some.map((user) => store.users.create(user, emailKey(user.email))))
  }
  const bulk = await postgresBulk(url, 'million')
  await bulk.fill(INSERT_SESSION, many, (i) => valuesOf(expiring(i, now)))
  await bulk.run('VACUUM ANALYZE sessions')
  await bulk.run('VACUUM ANALYZE session_list')
  const sizes = await bulk.run(
    `SELECT sum(pg_table_size(oid))::float8 AS record, sum(pg_indexes_size(oid))::float8 AS indexes FROM pg_class
      WHERE oid IN ('sessions'::regclass, 'session_list'::regclass)`,
  )

  let at = 0
  const next = () => {
    at = (at + STRIDE) % many
    return at
  }
  const repeat = (name: (typeof WHAT)[number], one: (i: number) => Promise<boolean>): Contestant => ({
    name,
    async run(times) {
      for (let i = 0; i < times; i++) if (!(await one(next()))) throw new Error(`${name}: not found`)
    },
  })
  const contestants = [
    repeat(WHAT[0], async (i) => (await store.sessions.find(record(i, 0, 0).id)) !== null),
    repeat(
      WHAT[1],
      async (i) => (await store.sessions.ofUser(person(Math.floor(i / EACH), 0).id, 'active', 100)).length > 0,
    ),
    repeat(WHAT[2], async () => (await store.sessions.list({ state: 'active' }, null, 50, now)).items.length === 50),
  ]
  const trip: Contestant = {
    name: 'one round trip',
    async run(times) {
      for (let i = 0; i < times; i++) await store.users.source.ping()
    },
  }
  const slices = quick ? { slice: 20, rounds: 10, warmUp: 200 } : { slice: 30, rounds: 40, warmUp: 500 }
  const found = await inTurns([trip, ...contestants], slices, calm)

  say('Sweeping …')
  const begun = performance.now()
  let swept = 0
  for (let done = -1; done !== 0; swept += done) {
    done = (await store.sessions.endDue(now, 200, now)).value?.length ?? 0
  }
  const seconds = (performance.now() - begun) / 1000
  await bulk.close()
  await store.users.source.close()

  const { record: table, indexes } = sizes[0] as { record: number; indexes: number }
  const wall = (name: string) => found.get(name)?.wall ?? []
  return {
    tables: [
      {
        title: `one of ${many.toLocaleString('en')} sessions in PostgreSQL, microseconds`,
        columns: [
          { key: 'name', label: '' },
          { key: 'p50', label: 'p50 µs' },
          { key: 'p99', label: 'p99 µs' },
        ],
        rows: [trip.name, ...WHAT].map((name) => ({
          name,
          p50: median(wall(name)),
          p99: quantile(wall(name), 0.99),
        })),
        notes: [`Every one another session, far from the last. ${EACH} sessions a user; a page has 50.`],
      },
      {
        title: 'what a session takes',
        columns: [
          { key: 'record', label: 'bytes of the record' },
          { key: 'indexes', label: 'of its indexes' },
          { key: 'swept', label: 'expired ones swept a second, without a pause' },
        ],
        rows: [{ record: table / many, indexes: indexes / many, swept: swept / seconds }],
      },
    ],
    bars: [],
  }
}

function expiring(i: number, now: number): SessionRecord {
  const made = record(i, Math.floor(i / EACH), now)
  return i < EXPIRED ? { ...made, expiresAt: now - 1 } : made
}
