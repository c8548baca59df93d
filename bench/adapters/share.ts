import type { BenchOptions } from '../lib/bench.ts'
import { type Child, child } from '../lib/child.ts'
import { say } from '../lib/progress.ts'
import type { Report } from '../lib/report.ts'
import { median, ratio } from '../lib/statistics.ts'
import type { Hits, Shots } from '../load/cannon.ts'
import type { Before, Framework, FrameworkSetup, Listening } from '../servers/framework.ts'

const SERVER = new URL('../servers/framework.ts', import.meta.url)
const CANNON = new URL('../load/cannon.ts', import.meta.url)
const PEOPLE = 100
const CONNECTIONS = 16

/** How often every server is begun anew: how code was compiled differs from process to process by more than what is measured. */
const GENERATIONS = 8

/** Seconds until a fresh server’s code is compiled as far as it will be. */
const WARM_UP = 2

type Measured = {
  /** What has to be left of the unprotected route, %. */
  readonly bar: number
  readonly before: readonly Before[]
}

const OWN = ['nothing', 'empty', 'sallyport'] as const
const FRAMEWORKS: Readonly<Record<Framework, Measured>> = {
  'node:http': { bar: 90, before: ['nothing', 'sallyport'] },
  'Express 5': { bar: 95, before: [...OWN, 'express-session', 'iron-session'] },
  'Express 4': { bar: 95, before: OWN },
  'Fastify 5': { bar: 90, before: [...OWN, '@fastify/jwt'] },
  Hono: { bar: 90, before: [...OWN, 'guarded', 'Better Auth'] },
}

/** How the rows are called where that says more. */
const NAMES: Partial<Readonly<Record<Before, string>>> = {
  nothing: 'unprotected',
  empty: 'a middleware that lets everybody on',
  sallyport: 'protect()',
  guarded: 'guarded()',
  'express-session': 'express-session, connect-redis',
  '@fastify/jwt': '@fastify/jwt, with its cache',
  'Better Auth': 'Better Auth, with its cookie cache',
}

/** `cpu`: microseconds of the server a request. */
type Slice = { readonly perSecond: number; readonly cpu: number; readonly p50: number; readonly p99: number }
type Contestant = { readonly before: Before; readonly server: Child; readonly at: Listening }

/** One route in each framework, behind nothing, us and others: in turns, each in a process of its own, fired at from another. */
export async function frameworkShares({ quick, calm }: BenchOptions, redis: string): Promise<Report> {
  const cannon = await child(CANNON)
  const rows = []
  const bars = []
  for (const framework of Object.keys(FRAMEWORKS) as Framework[]) {
    say(`Measuring ${framework} in turns …`)
    const { before: kinds, bar } = FRAMEWORKS[framework]
    const found = new Map<Before, Slice[]>(kinds.map((kind) => [kind, []]))
    for (let generation = 0; generation < (quick ? 1 : GENERATIONS); generation++) {
      const all = await Promise.all(kinds.map((before) => started({ framework, before, people: PEOPLE, redis })))
      for (const { at } of all) await fire(cannon, at, WARM_UP)
      for (let round = 0; round < 3; round++) {
        for (const one of round % 2 === 0 ? all : all.toReversed()) {
          const alone = calm.with([cannon, one.server])
          found.get(one.before)?.push(await alone.measure(() => slice(cannon, one)))
        }
      }
      await Promise.all(all.map(({ server }) => server.stop()))
    }
    const own = kinds.map((kind) => rowOf(framework, kind, found))
    rows.push(...own)
    for (const { name, share } of own.filter(({ kind }) => kind === 'sallyport' || kind === 'guarded')) {
      bars.push({
        name: `requests per second, ${framework}, ${name}`,
        wanted: `>= ${bar} % of unprotected`,
        measured: `${share.toFixed(1)} %`,
        met: share >= bar,
      })
    }
  }
  await cannon.stop()
  return {
    tables: [
      {
        title: `a route, and the same route behind what says who is signed in, ${CONNECTIONS} connections`,
        columns: [
          { key: 'framework', label: '' },
          { key: 'name', label: '' },
          { key: 'perSecond', label: 'requests/s' },
          { key: 'share', label: '% left', digits: 1 },
          { key: 'cpu', label: 'server CPU µs', digits: 1 },
          { key: 'cpuShare', label: '% left by CPU', digits: 1 },
          { key: 'p50', label: 'p50 ms', digits: 2 },
          { key: 'p99', label: 'p99 ms', digits: 2 },
        ],
        rows,
        notes: [
          'Medians; shares are medians of pairs. Ours: sessions in memory, a cookie of session() among two others.',
        ],
      },
    ],
    bars,
  }
}

function rowOf(framework: Framework, kind: Before, found: ReadonlyMap<Before, readonly Slice[]>) {
  const of = (before: Before, what: keyof Slice) => (found.get(before) ?? []).map((one) => one[what])
  return {
    kind,
    framework: kind === 'nothing' ? framework : '',
    name: NAMES[kind] ?? kind,
    perSecond: median(of(kind, 'perSecond')),
    share: ratio(of(kind, 'perSecond'), of('nothing', 'perSecond')) * 100,
    cpu: median(of(kind, 'cpu')),
    cpuShare: ratio(of('nothing', 'cpu'), of(kind, 'cpu')) * 100,
    p50: median(of(kind, 'p50')),
    p99: median(of(kind, 'p99')),
  }
}

async function started(setup: FrameworkSetup): Promise<Contestant> {
  const server = await child(SERVER)
  return { before: setup.before, server, at: await server.ask<Listening>('listen', setup) }
}

function fire(cannon: Child, { port, headers }: Listening, seconds: number): Promise<Hits> {
  const shots: Shots = { port, headers, people: PEOPLE, connections: CONNECTIONS, seconds }
  return cannon.ask<Hits>('fire', shots)
}

async function slice(cannon: Child, { before, server, at }: Contestant): Promise<Slice> {
  const usage = async () => {
    const { user, system } = await server.ask<NodeJS.CpuUsage>('cpu')
    return user + system
  }
  const began = await usage()
  const begun = performance.now()
  const { perSecond, p50, p99, failed } = await fire(cannon, at, 1)
  const seconds = (performance.now() - begun) / 1000
  const used = (await usage()) - began
  if (failed > 0) throw new Error(`${before}: ${failed} requests failed`)
  return { perSecond, p50, p99, cpu: used / (perSecond * seconds) }
}
