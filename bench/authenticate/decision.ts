import { hash } from 'node:crypto'
import { join } from 'node:path'
import type { Carrier, RequestContext } from '../../src/index.ts'
import type { BenchOptions } from '../lib/bench.ts'
import { guard, type Kept, openStore } from '../lib/guard.ts'
import { betterAuth, type PeerOptions } from '../lib/peer.ts'
import { cookie, populate, token } from '../lib/population.ts'
import { say } from '../lib/progress.ts'
import type { Report } from '../lib/report.ts'
import { type Contestant, inTurns } from '../lib/rounds.ts'
import { median, quantile, ratio } from '../lib/statistics.ts'

/** Sessions that take turns. */
const PEOPLE = 1_000

/** Fewer than take turns: the one that is asked for is always the one that was dropped. */
const TOO_FEW = 100

const USER_AGENT = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0'
const WARM = 'warm, memory'
const BARE = 'bare: one SHA-256, one Map.get'

/** Microseconds for one `authenticate`, beside the bare work and beside a peer. */
export async function decisionCost({ quick, folder, calm }: BenchOptions): Promise<Report> {
  say('Signing people in …')
  const ours = [
    await sallyport(WARM, 'memory', {}, folder),
    await sallyport('warm, memory, with address and browser', 'memory', { from: '192.0.2.7' }, folder),
    await sallyport('warm, SQLite', 'sqlite', {}, folder),
    await sallyport('cold, memory', 'memory', { cached: TOO_FEW }, folder),
    await sallyport('cold, SQLite', 'sqlite', { cached: TOO_FEW }, folder),
  ]
  const peers = [
    await better('Better Auth 1.7.7, memory', { kept: 'memory', cookieCache: false }, folder),
    await better('Better Auth 1.7.7, SQLite', { kept: 'sqlite', cookieCache: false }, folder),
    await better('Better Auth 1.7.7, SQLite, cookie cache', { kept: 'sqlite', cookieCache: true }, folder),
  ]
  say('Measuring in turns …')
  const contestants = [bare(), ...ours.map(({ contestant }) => contestant), ...peers]
  const slices = quick ? { slice: 10, rounds: 10, warmUp: 200 } : { slice: 20, rounds: 40, warmUp: 400 }
  const found = await inTurns(contestants, slices, calm)
  for (const { close } of ours) await close()

  const of = (name: string) => found.get(name)?.wall ?? []
  const rows = [...found].map(([name, { wall, cpu }]) => ({
    name,
    p50: median(wall),
    p99: quantile(wall, 0.99),
    cpu,
    perBare: ratio(wall, of(BARE)),
    perWarm: ratio(wall, of(WARM)),
  }))
  const cost = median(of(WARM))
  const perBare = ratio(of(WARM), of(BARE))
  const fastest = Math.min(...peers.map(({ name }) => ratio(of(name), of(WARM))))
  return {
    tables: [
      {
        title: `authenticate: ${PEOPLE.toLocaleString('en')} sessions in turn, microseconds each`,
        columns: [
          { key: 'name', label: '' },
          { key: 'p50', label: 'p50 µs', digits: 2 },
          { key: 'p99', label: 'p99 µs', digits: 2 },
          { key: 'cpu', label: 'CPU µs', digits: 2 },
          { key: 'perBare', label: '× bare', digits: 1 },
          { key: 'perWarm', label: '× warm', digits: 1 },
        ],
        rows,
        notes: [
          'warm: in this process’s memory. cold: not there, looked up in the store, user included.',
          `p50, p99: by the clock, of ${of(BARE).length} slices of ${slices.slice} ms. CPU: of all of them together, collection included.`,
        ],
      },
    ],
    bars: [
      {
        name: 'authenticate, warm',
        wanted: '<= 4 µs, or <= 4 × bare',
        measured: `${cost.toFixed(2)} µs, ${perBare.toFixed(1)} × bare`,
        met: cost <= 4 || perBare <= 4,
      },
      {
        name: 'authenticate, warm, against getSession of Better Auth at its fastest',
        wanted: '>= 50 × below',
        measured: `${fastest.toFixed(0)} × below`,
        met: fastest >= 50,
      },
    ],
  }
}

/** What nothing can do without: the token's digest, and finding what belongs to it. */
function bare(): Contestant {
  const tokens = Array.from({ length: PEOPLE }, (_, i) => token(i))
  const known = new Map(tokens.map((one) => [hash('sha256', one, 'hex'), { one }]))
  let next = 0
  return {
    name: BARE,
    run(times) {
      for (let i = 0; i < times; i++) {
        if (!known.get(hash('sha256', tokens[next] as string, 'hex'))) throw new Error('not found')
        next = (next + 1) % PEOPLE
      }
    },
  }
}

type Variant = { readonly cached?: number; readonly from?: string }

async function sallyport(name: string, kept: Kept, { cached, from }: Variant, folder: string) {
  const store = await openStore(kept, join(folder, `${name.replaceAll(/\W+/g, '-')}.db`))
  await populate(store, PEOPLE)
  const auth = await guard(store, cached === undefined ? {} : { cache: { sessions: cached } })
  const carriers: readonly Carrier[] = Array.from(
    { length: PEOPLE },
    (_, i) => new Headers({ cookie: cookie(token(i)) }),
  )
  const context: RequestContext = from === undefined ? {} : { source: from, userAgent: USER_AGENT }
  let next = 0
  const contestant: Contestant = {
    name,
    async run(times) {
      for (let i = 0; i < times; i++) {
        const who = await auth.authenticate(carriers[next] as Carrier, context)
        if (!who.ok) throw new Error(`refused: ${who.refusal.code}`)
        next = (next + 1) % PEOPLE
      }
    },
  }
  await contestant.run(PEOPLE)
  return { contestant, close: auth.close }
}

async function better(
  name: string,
  variant: Pick<PeerOptions, 'kept' | 'cookieCache'>,
  folder: string,
): Promise<Contestant> {
  const peer = await betterAuth({
    ...variant,
    people: PEOPLE,
    file: join(folder, `${name.replaceAll(/\W+/g, '-')}.db`),
  })
  let next = 0
  return {
    name,
    async run(times) {
      for (let i = 0; i < times; i++) {
        if (!(await peer.isSignedIn(peer.signedIn[next] as Headers))) throw new Error(`${name} let nobody in`)
        next = (next + 1) % PEOPLE
      }
    },
  }
}
