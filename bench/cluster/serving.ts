import type { BenchOptions } from '../lib/bench.ts'
import { type Child, child } from '../lib/child.ts'
import { say } from '../lib/progress.ts'
import type { Report } from '../lib/report.ts'
import { median, ratio } from '../lib/statistics.ts'
import type { Hits, Shots } from '../load/cannon.ts'
import type { Warm } from '../servers/cluster.ts'
import type { Cluster } from './cluster.ts'

const CANNON = new URL('../load/cannon.ts', import.meta.url)
const CONNECTIONS = 16
const MOST_WARM = 1.2
/** What a machine whose moments differ leaves of "the same": requests a second beside those of a node that is alone. */
const LEAST_SHARE = 0.9

type Slice = { readonly each: number; readonly perSecond: number }

/** What a node does from memory while it has so many beside it: decisions in its process, and requests over HTTP. */
export async function serving(
  { quick, calm }: BenchOptions,
  clusters: readonly Cluster[],
  people: number,
): Promise<Report> {
  say('Deciding from memory, in turns …')
  const cannon = await child(CANNON)
  const children = [cannon, ...clusters.flatMap(({ nodes }) => nodes)]
  const doors = await Promise.all(
    clusters.map(async ({ nodes: [node] }) => ({
      node: node as Child,
      port: await (node as Child).ask<number>('listen'),
    })),
  )
  const found = clusters.map((): Slice[] => [])
  const fire = (port: number, seconds: number) =>
    cannon.ask<Hits>('fire', { port, people, connections: CONNECTIONS, seconds } satisfies Shots)
  for (const { node, port } of doors) {
    await node.ask('warm', { people, ms: 500 })
    await fire(port, quick ? 1 : 2)
  }
  const rounds = quick ? 2 : 12
  for (let round = 0; round < rounds; round++) {
    for (const i of round % 2 === 0 ? doors.keys() : [...doors.keys()].toReversed()) {
      const { node, port } = doors[i] as (typeof doors)[number]
      const slice = await calm.with(children).measure(async () => {
        const { each } = await node.ask<Warm>('warm', { people, ms: 200 })
        const { perSecond, failed } = await fire(port, 1)
        if (failed > 0) throw new Error(`${failed} requests failed`)
        return { each, perSecond }
      })
      found[i]?.push(slice)
    }
  }
  await cannon.stop()

  /** The one node with its sessions in the same place. */
  const alone = (i: number) => clusters.findIndex(({ kept }) => kept === clusters[i]?.kept)
  const of = (i: number, what: keyof Slice) => (found[i] ?? []).map((one) => one[what])
  const rows = clusters.map(({ size, kept }, i) => ({
    kept,
    nodes: size,
    each: median(of(i, 'each')),
    times: ratio(of(i, 'each'), of(alone(i), 'each')),
    perSecond: median(of(i, 'perSecond')),
    share: ratio(of(i, 'perSecond'), of(alone(i), 'perSecond')),
  }))
  return {
    tables: [
      {
        title: 'one node at work, the others idle',
        columns: [
          { key: 'kept', label: 'sessions in' },
          { key: 'nodes', label: 'nodes' },
          { key: 'each', label: 'authenticate, warm µs', digits: 2 },
          { key: 'times', label: '× of one node', digits: 2 },
          { key: 'perSecond', label: 'requests/s' },
          { key: 'share', label: '× of one node', digits: 2 },
        ],
        rows,
      },
    ],
    bars: rows
      .filter(({ nodes }) => nodes > 1)
      .flatMap(({ kept, nodes, times, share }) => [
        {
          name: `authenticate, warm, one of ${nodes} nodes, ${kept}`,
          wanted: `<= ${MOST_WARM} × of one node`,
          measured: `${times.toFixed(2)} ×`,
          met: times <= MOST_WARM,
        },
        {
          name: `requests per second, one of ${nodes} nodes, ${kept}`,
          wanted: `>= ${LEAST_SHARE} × of one node`,
          measured: `${share.toFixed(2)} ×`,
          met: share >= LEAST_SHARE,
        },
      ]),
  }
}
