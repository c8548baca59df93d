import type { BenchOptions } from '../lib/bench.ts'
import { guard, openStore } from '../lib/guard.ts'
import { cookie, person, record, token } from '../lib/population.ts'
import { say } from '../lib/progress.ts'
import type { Report } from '../lib/report.ts'
import { type Contestant, inTurns } from '../lib/rounds.ts'
import { median, quantile, ratio } from '../lib/statistics.ts'
import { EACH } from './fill.ts'

/** A step between numbers that meets every session and no neighbour. */
const STRIDE = 7_919

const WHAT = [
  'look-up of a session',
  'authenticate, cold',
  'the sessions of one user',
  'first page of everybody’s',
] as const

/** What finding costs among few and among many. */
export async function lookupCost({ quick, calm }: BenchOptions, files: ReadonlyMap<number, string>): Promise<Report> {
  say('Looking up, in turns …')
  const nodes = await Promise.all([...files].map(([sessions, file]) => node(sessions, file)))
  const contestants = nodes.flatMap((one) => one.contestants)
  const slices = quick ? { slice: 10, rounds: 10, warmUp: 200 } : { slice: 20, rounds: 40, warmUp: 400 }
  const found = await inTurns(contestants, slices, calm)
  for (const { close } of nodes) await close()

  const [few = 0, many = 0] = files.keys()
  const of = (what: string, sessions: number) => found.get(name(what, sessions))?.wall ?? []
  const rows = WHAT.map((what) => ({
    name: what,
    few: median(of(what, few)),
    many: median(of(what, many)),
    manyP99: quantile(of(what, many), 0.99),
    ratio: ratio(of(what, many), of(what, few)),
  }))
  const [lookup] = rows
  return {
    tables: [
      {
        title: 'finding sessions in SQLite, microseconds each',
        columns: [
          { key: 'name', label: '' },
          { key: 'few', label: `of ${few.toLocaleString('en')}: p50 µs`, digits: 1 },
          { key: 'many', label: `of ${many.toLocaleString('en')}: p50 µs`, digits: 1 },
          { key: 'manyP99', label: 'p99 µs', digits: 1 },
          { key: 'ratio', label: '×', digits: 2 },
        ],
        rows,
        notes: [`Every one another session, far from the last. ${EACH} sessions a user; a page has 50.`],
      },
    ],
    bars: [
      {
        name: `look-up of one of ${many.toLocaleString('en')} sessions`,
        wanted: `<= 1.5 × of ${few.toLocaleString('en')}`,
        measured: `${lookup?.ratio.toFixed(2)} ×`,
        met: (lookup?.ratio ?? Number.NaN) <= 1.5,
      },
    ],
  }
}

async function node(sessions: number, file: string) {
  const store = await openStore('sqlite', file)
  const auth = await guard(store, { cache: { sessions: 1 } })
  let at = 0
  const next = () => {
    at = (at + STRIDE) % sessions
    return at
  }
  const repeat = (what: (typeof WHAT)[number], one: (i: number) => Promise<boolean>): Contestant => ({
    name: name(what, sessions),
    async run(times) {
      for (let i = 0; i < times; i++) if (!(await one(next()))) throw new Error(`${what}: not found`)
    },
  })
  const contestants = [
    repeat(WHAT[0], async (i) => (await store.sessions.find(record(i, 0, 0).id)) !== null),
    repeat(WHAT[1], async (i) => {
      const header = cookie(token(i))
      return (await auth.authenticate({ get: (one) => (one === 'cookie' ? header : null) })).ok
    }),
    repeat(WHAT[2], async (i) => (await auth.sessions(person(Math.floor(i / EACH), 0).id)).length === EACH),
    repeat(WHAT[3], async () => (await auth.allSessions({ state: 'active' }, null, 50)).items.length === 50),
  ]
  return { contestants, close: auth.close }
}

function name(what: string, sessions: number): string {
  return `${what} of ${sessions}`
}
