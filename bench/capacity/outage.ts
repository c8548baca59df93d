import { fleet } from '../../test/simulation/capacity/fleet.ts'
import { loadOf, PEAK } from '../../test/simulation/capacity/habits.ts'
import { PEACE, type Trouble } from '../../test/simulation/capacity/trouble.ts'
import type { BenchOptions } from '../lib/bench.ts'
import { say } from '../lib/progress.ts'
import type { Report } from '../lib/report.ts'
import { median } from '../lib/statistics.ts'

const SEED = 1
const NODES = 100
const ENDINGS = 600
const LOAD = loadOf(1_000_000, PEAK)
const LONG_MS = 1000

const TROUBLES: Readonly<Record<string, Trouble>> = {
  nothing: PEACE,
  'two nodes are twenty times slower': { ...PEACE, slow: 2 },
  'one stands still for a while': { ...PEACE, stopped: 1 },
  'one is killed': { ...PEACE, killed: 1 },
  'one is killed and started again': { ...PEACE, restarted: 1 },
}

/** What one node in trouble does to the endings of all. */
export async function outage({ quick }: BenchOptions): Promise<Report> {
  say('Simulating nodes that fail …')
  const rows = []
  let violations = 0
  for (const [name, trouble] of Object.entries(TROUBLES)) {
    const plan = {
      seed: SEED,
      nodes: NODES,
      partitions: 1,
      load: LOAD,
      endings: quick ? ENDINGS / 2 : ENDINGS,
      trouble,
    }
    const { settled, counted, violations: found } = await fleet(plan)
    violations += found.length
    const long = settled.filter((took) => took > LONG_MS)
    rows.push({
      name,
      p50: median(settled),
      most: settled.at(-1) ?? Number.NaN,
      seconds: long.length / LOAD.waited,
      looks: counted.rows / settled.length,
      looked: counted.looked / settled.length,
    })
  }
  return {
    tables: [
      {
        title: `${NODES} nodes, ${Math.round(LOAD.waited)} endings a second, and what goes wrong: simulated`,
        columns: [
          { key: 'name', label: '' },
          { key: 'p50', label: 'settled p50 ms', digits: 1 },
          { key: 'most', label: 'most ms' },
          { key: 'seconds', label: 'seconds’ worth of endings that took over a second', digits: 1 },
          { key: 'looks', label: 'looks, an ending', digits: 1 },
          { key: 'looked', label: 'rows looked at, an ending' },
        ],
        rows,
      },
    ],
    bars: [
      {
        name: 'endings that were not true everywhere when they returned, in trouble',
        wanted: '0',
        measured: String(violations),
        met: violations === 0,
      },
    ],
  }
}
