import { redis } from '../../src/redis.ts'
import type { RedisServer } from '../../test/support/redis-server.ts'
import type { BenchOptions } from '../lib/bench.ts'
import { person, record } from '../lib/population.ts'
import { progress, say } from '../lib/progress.ts'
import type { Report } from '../lib/report.ts'
import { type Contestant, inTurns } from '../lib/rounds.ts'
import { median, quantile } from '../lib/statistics.ts'

const EACH = 10
const AT_ONCE = 500
const STRIDE = 7_919
const EXPIRED = 20_000

const WHAT = ['look-up of a session', 'the sessions of one user', 'first page of everybody’s'] as const

/** A great many sessions in Redis: what each weighs, finding, listing, sweeping. */
export async function millionInRedis({ quick, calm }: BenchOptions, server: RedisServer): Promise<Report> {
  const many = quick ? 100_000 : 1_000_000
  say(`Filling Redis with ${many.toLocaleString('en')} sessions …`)
  const now = Date.now()
  const { sessions } = redis(server.url(), { prefix: 'million' })
  await sessions.source.open()
  // What follows is about memory and answers; the disk would only make it take longer.
  await server.run('CONFIG', 'SET', 'appendonly', 'no')
  const before = await memoryOf(server)
  const draw = progress(`${many.toLocaleString('en')} sessions`, many)
  for (let i = 0; i < many; i += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, many - i) }, (_, j) => {
      const made = record(i + j, Math.floor((i + j) / EACH), now)
      return i + j < EXPIRED ? { ...made, expiresAt: now - 1 } : made
    })
    await Promise.all(some.map((one) => sessions.start(one, null, now)))
    draw(Math.min(i + AT_ONCE, many))
  }
  const bytes = ((await memoryOf(server)) - before) / many

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
  const trip: Contestant = {
    name: 'one round trip',
    async run(times) {
      for (let i = 0; i < times; i++) await sessions.source.ping()
    },
  }
  const contestants = [
    repeat(WHAT[0], async (i) => (await sessions.find(record(i, 0, 0).id)) !== null),
    repeat(WHAT[1], async (i) => (await sessions.ofUser(person(Math.floor(i / EACH), 0).id, 'active', 100)).length > 0),
    repeat(WHAT[2], async () => (await sessions.list({ state: 'active' }, null, 50, now)).items.length === 50),
  ]
  const slices = quick ? { slice: 20, rounds: 10, warmUp: 200 } : { slice: 30, rounds: 40, warmUp: 500 }
  const found = await inTurns([trip, ...contestants], slices, calm)

  say('Sweeping …')
  const begun = performance.now()
  let swept = 0
  for (let done = -1; done !== 0; swept += done) done = (await sessions.endDue(now, 200, now)).value?.length ?? 0
  const seconds = (performance.now() - begun) / 1000
  await sessions.source.close()

  const wall = (name: string) => found.get(name)?.wall ?? []
  return {
    tables: [
      {
        title: `one of ${many.toLocaleString('en')} sessions in Redis, microseconds`,
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
        title: 'what a session takes in Redis',
        columns: [
          { key: 'bytes', label: 'bytes, with its indexes' },
          { key: 'swept', label: 'expired ones swept a second, without a pause' },
        ],
        rows: [{ bytes, swept: swept / seconds }],
      },
    ],
    bars: [],
  }
}

/** Bytes the server uses for what it keeps. */
async function memoryOf(server: RedisServer): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await server.run('INFO', 'memory'))?.[1])
}
