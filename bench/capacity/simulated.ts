import { type Found, fleet } from '../../test/simulation/capacity/fleet.ts'
import { entriesOf, loadOf, PEAK } from '../../test/simulation/capacity/habits.ts'
import { expected, predict } from '../../test/simulation/capacity/model.ts'
import { commandsOf, nothing } from '../../test/simulation/capacity/tally.ts'
import type { BenchOptions } from '../lib/bench.ts'
import { say } from '../lib/progress.ts'
import type { Report } from '../lib/report.ts'
import { median, quantile } from '../lib/statistics.ts'

const SEED = 1
const MILLION = 1_000_000
const MOST_OFF = 0.1

/** People who come in a day, how many times as busy as on average, nodes, partitions, endings. */
const SETTINGS = [
  [1, PEAK, 1, 1, 1000],
  [1, PEAK, 10, 1, 1000],
  [1, PEAK, 100, 1, 500],
  [1, PEAK, 1000, 1, 200],
  [100, 1, 10, 1, 2000],
  [100, 1, 100, 1, 1000],
  [100, 1, 1000, 1, 300],
  [100, 1, 1000, 16, 200],
  [100, PEAK, 100, 1, 2000],
  [100, PEAK, 100, 16, 1000],
  [100, PEAK, 1000, 1, 600],
  [100, PEAK, 1000, 16, 300],
] as const

/** The same, by nodes that follow and enders that wait with the code of `src/view`. */
export async function simulated({ quick }: BenchOptions): Promise<Report> {
  const rows = []
  let violations = 0
  for (const [millions, times, nodes, partitions, many] of SETTINGS) {
    if (quick && nodes * partitions > 1600) continue
    const setting = { nodes, partitions, load: loadOf(millions * MILLION, times) }
    // A stream of a few milliseconds would be all beginning and end.
    const endings = quick && nodes < 1000 ? many / 4 : many
    say(
      `Simulating ${nodes} nodes, ${partitions} partitions, ${Math.round(entriesOf(setting.load))} entries a second …`,
    )
    const found = await fleet({ seed: SEED, endings, ...setting })
    violations += found.violations.length + (endings - found.settled.length)
    rows.push({ ...setting, ...rowOf(found, setting, endings), people: `${millions} M${times > 1 ? ', busy' : ''}` })
  }
  const off = Math.max(...rows.map(({ off }) => Math.abs(off)))
  return {
    tables: [
      {
        title: 'what the feed costs: simulated',
        columns: [
          { key: 'people', label: 'people a day' },
          { key: 'nodes', label: 'nodes' },
          { key: 'partitions', label: 'partitions' },
          { key: 'entries', label: 'entries/s' },
          { key: 'acknowledged', label: 'acks of an entry and node', digits: 2 },
          { key: 'reads', label: 'reads/s of a node', digits: 1 },
          { key: 'looks', label: 'looks of an ending', digits: 1 },
          { key: 'looked', label: 'rows of those' },
          { key: 'commands', label: 'commands/s' },
          { key: 'off', label: 'off the model, %', digits: 1 },
          { key: 'p50', label: 'settled p50 ms', digits: 1 },
          { key: 'p99', label: 'p99 ms', digits: 1 },
          { key: 'most', label: 'most ms', digits: 1 },
        ],
        rows: rows.map(({ load, ...row }) => ({ ...row, entries: entriesOf(load) })),
        notes: [
          'Half a millisecond there and back, one message in 200 some 3 ms more; a database that takes no time for anything.',
        ],
      },
    ],
    bars: [
      {
        name: 'endings that were not true everywhere when they returned, or never did',
        wanted: '0',
        measured: String(violations),
        met: violations === 0,
      },
      {
        name: 'commands, beside the model',
        wanted: `within ${MOST_OFF * 100} %`,
        measured: `${off.toFixed(1)} %`,
        met: off <= MOST_OFF * 100,
      },
    ],
  }
}

function rowOf(found: Found, setting: Parameters<typeof predict>[0], endings: number) {
  const { counted, entries, countedSeconds: seconds, settled } = found
  const foreseen = { ...nothing(), ...expected(setting, predict(setting), { entries, endings, seconds }) }
  const aSecond = entriesOf(setting.load) / entries
  return {
    acknowledged: counted.acknowledge / entries / setting.nodes,
    reads: counted.read / seconds / setting.nodes,
    looks: counted.rows / endings,
    looked: counted.looked / endings,
    commands: counted.read / seconds + (counted.acknowledge + counted.rows) * aSecond,
    off: 100 * (commandsOf(counted) / commandsOf(foreseen) - 1),
    p50: median(settled),
    p99: quantile(settled, 0.99),
    most: settled.at(-1) ?? Number.NaN,
  }
}
