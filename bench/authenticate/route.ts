import { join } from 'node:path'
import type { BenchOptions } from '../lib/bench.ts'
import { type Child, child } from '../lib/child.ts'
import { say } from '../lib/progress.ts'
import type { Report } from '../lib/report.ts'
import { median, ratio } from '../lib/statistics.ts'
import type { Hits, Shots } from '../load/cannon.ts'
import type { RouteSetup } from '../servers/route.ts'

const ROUTE = new URL('../servers/route.ts', import.meta.url)
const CANNON = new URL('../load/cannon.ts', import.meta.url)
const PEOPLE = 100
const CONNECTIONS = 16

/** Seconds until a fresh server’s code is compiled as far as it will be. */
const WARM_UP = 2

type Kind = { readonly name: string; readonly protectedBy: RouteSetup['protectedBy'] }
const OPEN: Kind = { name: 'unprotected', protectedBy: null }
/** What nobody can do without: no bar, but what the bars are to be read beside. */
const DIGEST: Kind = { name: 'one SHA-256, one Map.get', protectedBy: 'digest' }
const KINDS: readonly Kind[] = [
  OPEN,
  DIGEST,
  { name: 'protected, memory', protectedBy: 'memory' },
  { name: 'protected, SQLite', protectedBy: 'sqlite' },
]

/** `busy`: how much of one core the server used. Below 1 it waited for the one who fires, and could have done more. */
type Slice = {
  readonly perSecond: number
  readonly cpu: number
  readonly busy: number
  readonly p50: number
  readonly p99: number
}

/** Requests a second of a route on `node:http`, protected and not: in turns, in fresh processes, fired at from another. */
export async function routeShare({ quick, folder, calm }: BenchOptions): Promise<Report> {
  say('Measuring a route in turns …')
  const found = new Map<string, Slice[]>(KINDS.map(({ name }) => [name, []]))
  const cannon = await child(CANNON)
  for (let generation = 0; generation < (quick ? 1 : 3); generation++) {
    const servers = await Promise.all(KINDS.map((kind) => start(kind, join(folder, `route-${generation}.db`))))
    for (const { port } of servers) await fire(cannon, port, WARM_UP)
    for (let round = 0; round < (quick ? 3 : 8); round++) {
      for (const { name, port, server } of round % 2 === 0 ? servers : servers.toReversed()) {
        const alone = calm.with([cannon, server])
        found.get(name)?.push(await alone.measure(() => slice(cannon, server, port)))
      }
    }
    await Promise.all(servers.map(({ server }) => server.stop()))
  }
  await cannon.stop()

  const of = (name: string, what: keyof Slice) => (found.get(name) ?? []).map((one) => one[what])
  const rows = KINDS.map(({ name }) => ({
    name,
    perSecond: median(of(name, 'perSecond')),
    share: ratio(of(name, 'perSecond'), of(OPEN.name, 'perSecond')) * 100,
    cpu: median(of(name, 'cpu')),
    cpuShare: ratio(of(OPEN.name, 'cpu'), of(name, 'cpu')) * 100,
    busy: median(of(name, 'busy')) * 100,
    p50: median(of(name, 'p50')),
    p99: median(of(name, 'p99')),
  }))
  return {
    tables: [
      {
        title: `a route on node:http, ${CONNECTIONS} connections`,
        columns: [
          { key: 'name', label: '' },
          { key: 'perSecond', label: 'requests/s' },
          { key: 'share', label: '% of unprotected', digits: 1 },
          { key: 'cpu', label: 'server CPU µs', digits: 1 },
          { key: 'cpuShare', label: '% by CPU', digits: 1 },
          { key: 'busy', label: 'server busy %' },
          { key: 'p50', label: 'p50 ms', digits: 2 },
          { key: 'p99', label: 'p99 ms', digits: 2 },
        ],
        rows,
        notes: ['Medians; shares are medians of pairs. % by CPU: what would be left if only the server’s CPU counted.'],
      },
    ],
    bars: rows
      .filter(({ name }) => name.startsWith('protected'))
      .map(({ name, share }) => ({
        name: `requests per second, ${name}`,
        wanted: '>= 90 % of unprotected',
        measured: `${share.toFixed(1)} %`,
        met: share >= 90,
      })),
  }
}

async function start({ name, protectedBy }: Kind, file: string) {
  const server = await child(ROUTE)
  const port = await server.ask<number>('listen', { protectedBy, file, people: PEOPLE } satisfies RouteSetup)
  return { name, port, server }
}

function fire(cannon: Child, port: number, seconds: number): Promise<Hits> {
  return cannon.ask<Hits>('fire', { port, people: PEOPLE, connections: CONNECTIONS, seconds } satisfies Shots)
}

async function slice(cannon: Child, server: Child, port: number): Promise<Slice> {
  const usage = async () => {
    const { user, system } = await server.ask<NodeJS.CpuUsage>('cpu')
    return user + system
  }
  const before = await usage()
  const begun = performance.now()
  const { perSecond, p50, p99, failed } = await fire(cannon, port, 1)
  const seconds = (performance.now() - begun) / 1000
  const used = (await usage()) - before
  if (failed > 0) throw new Error(`${failed} requests failed`)
  return { perSecond, p50, p99, cpu: used / (perSecond * seconds), busy: used / (seconds * 1e6) }
}
