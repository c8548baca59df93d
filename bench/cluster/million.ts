import pg from 'pg'
import { postgres } from '../../src/postgres.ts'
import type { SessionRecord } from '../../src/session.ts'
import { INSERT_SESSION, SESSION, valuesOf } from '../../src/stores/sql/session-row.ts'
import { emailKey } from '../../src/user.ts'
import type { BenchOptions } from '../lib/bench.ts'
import { person, record } from '../lib/population.ts'
import { progress, say } from '../lib/progress.ts'
import type { Report } from '../lib/report.ts'
import { type Contestant, inTurns } from '../lib/rounds.ts'
import { median, quantile } from '../lib/statistics.ts'

const EACH = 10
const ROWS = 5_000
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
  const client = new pg.Client(url)
  // The statement that fails says so.
  client.on('error', () => {})
  await client.connect()
  await client.query('SET search_path TO million; SET synchronous_commit TO off')
  await fill(client, many, (i) => expiring(i, now))
  await client.query('VACUUM ANALYZE sessions')
  const { rows: sizes } = await client.query(
    "SELECT pg_table_size('sessions')::float8 AS record, pg_indexes_size('sessions')::float8 AS indexes",
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
  await client.end()
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

/** By the statement of the store, many rows at a time. */
async function fill(client: pg.Client, count: number, recordOf: (i: number) => SessionRecord): Promise<void> {
  const columns = /\(([^)]*)\)\s*VALUES/s.exec(INSERT_SESSION)?.[1] ?? SESSION
  const { rows: described } = await client.query(
    `SELECT column_name AS name, data_type AS type FROM information_schema.columns
      WHERE table_schema = 'million' AND table_name = 'sessions'`,
  )
  const typeOf = new Map(described.map(({ name, type }: { name: string; type: string }) => [name, type]))
  const names = columns.split(',').map((name) => name.trim())
  const given = names.map((name, column) => `$${column + 1}::${typeOf.get(name)}[]`).join(', ')
  const draw = progress(`${count.toLocaleString('en')} sessions`, count)
  for (let i = 0; i < count; i += ROWS) {
    const rows = Array.from({ length: Math.min(ROWS, count - i) }, (_, j) => valuesOf(recordOf(i + j)))
    const lists = names.map((_, column) => rows.map((row) => row[column] ?? null))
    await client.query(`INSERT INTO sessions (${columns}) SELECT * FROM unnest(${given})`, lists)
    draw(Math.min(i + ROWS, count))
  }
}
