import type { BenchOptions } from '../lib/bench.ts'
import type { Child } from '../lib/child.ts'
import { say } from '../lib/progress.ts'
import type { Report } from '../lib/report.ts'
import { median, quantile } from '../lib/statistics.ts'
import type { Settled } from '../servers/cluster.ts'
import type { Cluster } from './cluster.ts'

const MOST_TRIPS = 6
const MOST_P99 = 50

/** Endings between two looks at who else used the machine. */
const TOGETHER = 20

/**
 * How long an ending waits, from the database's answer until it is true on every node: one after the other by each node in
 * turn, each beside one way to the database and back.
 */
export async function settleTime(
  { quick, calm }: BenchOptions,
  clusters: readonly Cluster[],
  staying: number,
  people: number,
): Promise<Report> {
  say('Ending sessions, in turns …')
  const children = clusters.flatMap(({ nodes }) => nodes)
  const found = new Map<Cluster, Settled[]>(clusters.map((one) => [one, []]))
  const next = new Map<Cluster, number>(clusters.map((one) => [one, 0]))
  const rounds = quick ? 3 : 20
  for (let round = 0; round < rounds; round++) {
    for (const one of round % 2 === 0 ? clusters : clusters.toReversed()) {
      const some = await calm.with(children).measure(async () => {
        const all: Settled[] = []
        for (let i = 0; i < TOGETHER; i++) {
          const at = next.get(one) ?? 0
          next.set(one, at + 1)
          const node = one.nodes[at % one.size] as Child
          if (at >= people - staying) throw new Error('no sessions are left to end')
          all.push(await node.ask<Settled>('end', people - 1 - at))
        }
        return all
      })
      found.get(one)?.push(...some)
    }
  }

  const rows = clusters.map((one) => {
    const of = (what: keyof Settled) => (found.get(one) ?? []).map((some) => some[what])
    return {
      kept: one.kept,
      nodes: one.size,
      trip: median(of('trip')),
      p50: median(of('settle')),
      p99: quantile(of('settle'), 0.99),
      whole: median(of('whole')),
      trips: median(of('settle')) / median(of('trip')),
    }
  })
  return {
    tables: [
      {
        title: 'an ending by its id, milliseconds',
        columns: [
          { key: 'kept', label: 'sessions in' },
          { key: 'nodes', label: 'nodes' },
          { key: 'trip', label: 'one round trip', digits: 2 },
          { key: 'p50', label: 'settling p50', digits: 2 },
          { key: 'p99', label: 'p99', digits: 2 },
          { key: 'trips', label: '× round trip', digits: 1 },
          { key: 'whole', label: 'the whole call p50', digits: 2 },
        ],
        rows,
        notes: ['Settling: from the answer of the commit until every node has applied it and the call returns.'],
      },
    ],
    bars: rows
      .filter(({ nodes }) => nodes > 1)
      .flatMap(({ kept, nodes, trips, p99 }) => [
        {
          name: `settling on ${nodes} nodes, ${kept}, p50`,
          wanted: `<= ${MOST_TRIPS} × one round trip`,
          measured: `${trips.toFixed(1)} ×`,
          met: trips <= MOST_TRIPS,
        },
        {
          name: `settling on ${nodes} nodes, ${kept}, p99`,
          wanted: `<= ${MOST_P99} ms`,
          measured: `${p99.toFixed(1)} ms`,
          met: p99 <= MOST_P99,
        },
      ]),
  }
}
