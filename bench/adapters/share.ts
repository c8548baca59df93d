import type { BenchOptions } from '../lib/bench.ts'
import { type Child, child } from '../lib/child.ts'
import { say } from '../lib/progress.ts'
import type { Report } from '../lib/report.ts'
import { median, ratio } from '../lib/statistics.ts'
import type { Hits, Shots } from '../load/cannon.ts'
import type { Framework, FrameworkSetup } from '../servers/framework.ts'

const SERVER = new URL('../servers/framework.ts', import.meta.url)
const CANNON = new URL('../load/cannon.ts', import.meta.url)
const PEOPLE = 100
const CONNECTIONS = 16
const OPEN = '/open'
const PROTECTED = '/protected'

/** Seconds until a fresh server’s code is compiled as far as it will be. */
const WARM_UP = 2

/** What has to be left of the unprotected route, %. */
const BARS: Readonly<Record<Framework, number>> = {
  'node:http': 90,
  'Express 5': 95,
  'Express 4': 95,
  'Fastify 5': 90,
  Hono: 90,
}

/** `cpu`: microseconds of the server a request. */
type Slice = { readonly perSecond: number; readonly cpu: number; readonly p50: number; readonly p99: number }
type Found = { readonly open: Slice[]; readonly protected: Slice[] }

/** One route, open and protected, of one process in each framework: in turns, fired at from another process. */
export async function frameworkShares({ quick, calm }: BenchOptions): Promise<Report> {
  const cannon = await child(CANNON)
  const rows = []
  for (const framework of Object.keys(BARS) as Framework[]) {
    say(`Measuring ${framework} in turns …`)
    const found: Found = { open: [], protected: [] }
    for (let generation = 0; generation < (quick ? 1 : 3); generation++) {
      const server = await child(SERVER)
      const port = await server.ask<number>('listen', { framework, people: PEOPLE } satisfies FrameworkSetup)
      for (const path of [OPEN, PROTECTED]) await fire(cannon, port, path, WARM_UP)
      for (let round = 0; round < (quick ? 3 : 8); round++) {
        const alone = calm.with([cannon, server])
        const pair = [
          ['open', OPEN],
          ['protected', PROTECTED],
        ] as const
        for (const [kind, path] of round % 2 === 0 ? pair : pair.toReversed()) {
          found[kind].push(await alone.measure(() => slice(cannon, server, port, path)))
        }
      }
      await server.stop()
    }
    rows.push(rowOf(framework, found))
  }
  await cannon.stop()
  return {
    tables: [
      {
        title: `a route and the same route behind protect(), ${CONNECTIONS} connections`,
        columns: [
          { key: 'framework', label: '' },
          { key: 'open', label: 'open, requests/s' },
          { key: 'protected', label: 'protected' },
          { key: 'share', label: '% left', digits: 1 },
          { key: 'cpu', label: 'CPU µs more', digits: 1 },
          { key: 'cpuShare', label: '% left by CPU', digits: 1 },
          { key: 'p50', label: 'p50 ms', digits: 2 },
          { key: 'p99', label: 'p99 ms', digits: 2 },
        ],
        rows,
        notes: ['Medians; shares are medians of pairs. Sessions in memory, a cookie of session() among two others.'],
      },
    ],
    bars: rows.map(({ framework, share }) => ({
      name: `requests per second, ${framework}`,
      wanted: `>= ${BARS[framework]} % of unprotected`,
      measured: `${share.toFixed(1)} %`,
      met: share >= BARS[framework],
    })),
  }
}

function rowOf(framework: Framework, found: Found) {
  const of = (kind: keyof Found, what: keyof Slice) => found[kind].map((one) => one[what])
  return {
    framework,
    open: median(of('open', 'perSecond')),
    protected: median(of('protected', 'perSecond')),
    share: ratio(of('protected', 'perSecond'), of('open', 'perSecond')) * 100,
    cpu: median(of('protected', 'cpu')) - median(of('open', 'cpu')),
    cpuShare: ratio(of('open', 'cpu'), of('protected', 'cpu')) * 100,
    p50: median(of('protected', 'p50')),
    p99: median(of('protected', 'p99')),
  }
}

function fire(cannon: Child, port: number, path: string, seconds: number): Promise<Hits> {
  return cannon.ask<Hits>('fire', { port, path, people: PEOPLE, connections: CONNECTIONS, seconds } satisfies Shots)
}

async function slice(cannon: Child, server: Child, port: number, path: string): Promise<Slice> {
  const usage = async () => {
    const { user, system } = await server.ask<NodeJS.CpuUsage>('cpu')
    return user + system
  }
  const before = await usage()
  const begun = performance.now()
  const { perSecond, p50, p99, failed } = await fire(cannon, port, path, 1)
  const seconds = (performance.now() - begun) / 1000
  const used = (await usage()) - before
  if (failed > 0) throw new Error(`${failed} requests failed`)
  return { perSecond, p50, p99, cpu: used / (perSecond * seconds) }
}
