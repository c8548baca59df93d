import { expect, it } from 'vitest'
import { type Found, fleet, type Plan } from './capacity/fleet.ts'
import { loadOf, PEAK } from './capacity/habits.ts'
import { expected, predict } from './capacity/model.ts'
import { commandsOf, nothing } from './capacity/tally.ts'

const SEED = 1
const MILLION = 1_000_000

/** How far what is counted may be from what the model says. */
const OFF = 0.1

/** What the endings of a busy moment of a million people are, and everything else that the feed is told then. */
const BUSY = loadOf(MILLION, PEAK)

function foreseen({ nodes, partitions, load, endings }: Plan, { entries, countedSeconds: seconds }: Found) {
  const setting = { nodes, partitions, load }
  return { ...nothing(), ...expected(setting, predict(setting), { entries, endings, seconds }) }
}

function isAbout(found: number, wanted: number): void {
  expect(Math.abs(found / wanted - 1), `${found}, where ${wanted} were foreseen`).toBeLessThan(OFF)
}

it.each([
  ['one node', { nodes: 1, partitions: 1, load: BUSY, endings: 300 }],
  ['10 nodes', { nodes: 10, partitions: 1, load: BUSY, endings: 300 }],
  ['100 nodes', { nodes: 100, partitions: 1, load: BUSY, endings: 150 }],
  ['1,000 nodes', { nodes: 1000, partitions: 1, load: BUSY, endings: 60 }],
  ['1,000 nodes, 16 partitions', { nodes: 1000, partitions: 16, load: loadOf(100 * MILLION), endings: 20 }],
] as const)('P1: %s keep their promises, at the cost that was foreseen', async (_, setting) => {
  const plan = { seed: SEED, ...setting }
  const found = await fleet(plan)
  const { nodes, partitions, endings } = plan
  const wanted = foreseen(plan, found)
  expect(found.violations).toEqual([])
  expect(found.settled.length).toBe(endings)
  expect(found.asked).toBeGreaterThanOrEqual(endings * nodes)
  expect(found.settled.at(-1)).toBeLessThan(250)
  isAbout(commandsOf(found.counted), commandsOf(wanted))
  isAbout(found.counted.acknowledge / found.entries, wanted.acknowledge / found.entries)
  isAbout(found.idle.read, nodes * partitions)
  expect(found.counted.looked).toBe(found.counted.rows * nodes)
})

it('P1: 1,000 nodes of which some are slow, stand still, die and come back', async () => {
  const trouble = { slow: 5, stopped: 5, killed: 2, restarted: 3 }
  const found = await fleet({ seed: SEED, nodes: 1000, partitions: 1, load: BUSY, endings: 40, trouble })
  expect(found.violations).toEqual([])
  expect(found.settled.length).toBeGreaterThan(30)
  expect(found.settled.at(-1)).toBeGreaterThan(3000)
  expect(found.settled.at(-1)).toBeLessThan(3030 * 1.01 + 10)
})

it('an ending that did not wait would be found out', async () => {
  const settling = async () => {}
  const found = await fleet({ seed: SEED, nodes: 100, partitions: 1, load: BUSY, endings: 5, settling })
  expect(found.violations.length).toBeGreaterThan(0)
})

it('the same seed finds the same', async () => {
  const trouble = { slow: 1, stopped: 1, killed: 1, restarted: 1 }
  const plan = { seed: 4711, nodes: 30, partitions: 2, load: BUSY, endings: 30, trouble }
  expect(await fleet(plan)).toEqual(await fleet(plan))
})
