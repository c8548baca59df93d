import { entriesOf, HABITS, loadOf, PEAK } from '../../test/simulation/capacity/habits.ts'
import { predict } from '../../test/simulation/capacity/model.ts'
import { commandsOf } from '../../test/simulation/capacity/tally.ts'
import type { Report } from '../lib/report.ts'

const MILLION = 1_000_000

/** People who come in a day, and nodes. */
const SETTINGS = [
  [1, 3],
  [1, 10],
  [1, 100],
  [1, 1000],
  [100, 10],
  [100, 100],
  [100, 1000],
] as const

/** What the model says of a busy moment. */
export function foreseen(): Report {
  const rows = SETTINGS.map(([millions, nodes]) => {
    const load = loadOf(millions * MILLION, PEAK)
    const { perSecond, acknowledged, looks, megabytes } = predict({ nodes, partitions: 1, load })
    return {
      people: `${millions} M`,
      nodes,
      entries: entriesOf(load),
      waited: load.waited,
      told: perSecond.told,
      acknowledge: perSecond.acknowledge,
      share: acknowledged,
      read: perSecond.read,
      rows: perSecond.rows,
      looks,
      looked: perSecond.looked,
      commands: commandsOf(perSecond),
      megabytes,
    }
  })
  const habits = Object.entries(HABITS).map(([name, each]) => `${name} ${each}`)
  return {
    tables: [
      {
        title: `what the feed costs a second in a busy moment, ${PEAK} × the day's average: the model`,
        columns: [
          { key: 'people', label: 'people a day' },
          { key: 'nodes', label: 'nodes' },
          { key: 'entries', label: 'entries' },
          { key: 'waited', label: 'waited for' },
          { key: 'told', label: 'told' },
          { key: 'acknowledge', label: 'acknowledged' },
          { key: 'share', label: 'an entry and node', digits: 2 },
          { key: 'read', label: 'reads' },
          { key: 'rows', label: 'looks' },
          { key: 'looks', label: 'an ending', digits: 1 },
          { key: 'looked', label: 'rows looked at' },
          { key: 'commands', label: 'commands' },
          { key: 'megabytes', label: 'MB', digits: 1 },
        ],
        rows,
        notes: [`Of a person and day, assumed: ${habits.join(', ')}.`, 'One partition.'],
      },
    ],
    bars: [],
  }
}
