import { setTimeout as pause } from 'node:timers/promises'
import type { BenchOptions } from '../lib/bench.ts'
import type { Child } from '../lib/child.ts'
import { say } from '../lib/progress.ts'
import type { Report } from '../lib/report.ts'
import type { Cluster } from './cluster.ts'

const MOST_IDLE = 4
const MOST_WARM = 5

/** A pace at which a node is in use and not at its limit: so many requests, then a pause. */
const BURST = 50
const PAUSE_MS = 5

/** What nodes ask of the database: with nothing to do, and beside warm requests. Counted, so whoever else is busy changes nothing. */
export async function commandsSent(
  { quick }: BenchOptions,
  clusters: readonly Cluster[],
  people: number,
): Promise<Report> {
  const seconds = quick ? 10 : 30
  say(`Counting what is sent to the database, twice ${seconds} s …`)
  const idle = await Promise.all(clusters.map(({ nodes }) => perSecond(nodes, seconds)))
  const rows = []
  for (const [i, { size, kept, nodes }] of clusters.entries()) {
    rows.push({ kept, nodes: size, idle: idle[i] as number, warm: await beside(nodes[0] as Child, people, seconds) })
  }
  return {
    tables: [
      {
        title: 'commands sent to the databases',
        columns: [
          { key: 'kept', label: 'sessions in' },
          { key: 'nodes', label: 'nodes' },
          { key: 'idle', label: 'by an idle node, a second', digits: 2 },
          { key: 'warm', label: 'for 1,000 warm requests', digits: 2 },
        ],
        rows,
        notes: [
          'Every statement, script and command of verbs, feeds, sweeper and transactions, of the busiest node of each.',
          `Warm: ${people} people in turn, some ${Math.round((BURST * 1000) / (PAUSE_MS + 1)).toLocaleString('en')} requests a second, all that was sent meanwhile counted.`,
        ],
      },
    ],
    bars: rows.flatMap(({ kept, nodes, idle: sent, warm }) => [
      {
        name: `commands of an idle node, ${nodes} nodes, ${kept}`,
        wanted: `<= ${MOST_IDLE} a second`,
        measured: sent.toFixed(2),
        met: sent <= MOST_IDLE,
      },
      {
        name: `commands for 1,000 warm requests, ${nodes} nodes, ${kept}`,
        wanted: `<= ${MOST_WARM}`,
        measured: warm.toFixed(2),
        met: warm <= MOST_WARM,
      },
    ]),
  }
}

async function perSecond(nodes: readonly Child[], seconds: number): Promise<number> {
  const count = () => Promise.all(nodes.map((node) => node.ask<number>('commands')))
  const before = await count()
  const begun = performance.now()
  await pause(seconds * 1000)
  const after = await count()
  const took = (performance.now() - begun) / 1000
  return Math.max(...after.map((sent, i) => (sent - (before[i] as number)) / took))
}

async function beside(node: Child, people: number, seconds: number): Promise<number> {
  const before = await node.ask<number>('commands')
  const made = await node.ask<number>('paced', { people, burst: BURST, pause: PAUSE_MS, ms: seconds * 1000 })
  return ((await node.ask<number>('commands')) - before) / (made / 1000)
}
