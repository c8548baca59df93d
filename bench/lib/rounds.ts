import type { Calm } from './calm.ts'

/** One of several that are measured against each other. `run` does the thing so many times. */
export type Contestant = { readonly name: string; run(times: number): Promise<unknown> | unknown }

export type Slices = {
  /** How long each gets in a round, milliseconds. */
  readonly slice: number
  readonly rounds: number
  /** How long each runs before anything counts, milliseconds. */
  readonly warmUp: number
}

/** Microseconds a time: by the clock, one number a round; and of this process's CPU, over all rounds, collection included. */
export type Cost = { readonly wall: readonly number[]; readonly cpu: number }

/** Rounds that are kept or measured again together: there and back, long enough to tell what others did meanwhile. */
const TOGETHER = 2

/**
 * Measures all in turns, in one run: every round gives each a slice, and every other round goes backwards, so that
 * neither a slower moment of the machine nor the place in the order favours anyone.
 */
export async function inTurns(
  contestants: readonly Contestant[],
  { slice, rounds, warmUp }: Slices,
  calm: Calm,
): Promise<ReadonlyMap<string, Cost>> {
  const entries: Entry[] = []
  for (const { name, run } of contestants) entries.push({ name, run, count: await timesFor(run, slice, warmUp) })
  const kept: Timed[] = []
  for (let i = 0; i < rounds; i += TOGETHER) kept.push(...(await calm.measure(() => some(entries, TOGETHER))))
  const found = Map.groupBy(kept, ({ entry }) => entry)
  return new Map([...found].map(([{ name, count }, all]) => [name, costOf(count, all)]))
}

type Entry = Contestant & { readonly count: number }
/** One slice: microseconds by the clock and of CPU. */
type Timed = { readonly entry: Entry; readonly wall: number; readonly cpu: number }

async function some(entries: readonly Entry[], rounds: number): Promise<readonly Timed[]> {
  const found: Timed[] = []
  for (let round = 0; round < rounds; round++) {
    for (const entry of round % 2 === 0 ? entries : entries.toReversed()) {
      await turn()
      const before = process.cpuUsage()
      const begun = performance.now()
      await entry.run(entry.count)
      const wall = (performance.now() - begun) * 1000
      const { user, system } = process.cpuUsage(before)
      found.push({ entry, wall, cpu: user + system })
    }
  }
  return found
}

function costOf(count: number, all: readonly Timed[]): Cost {
  const cpu = all.reduce((sum, one) => sum + one.cpu, 0)
  return { wall: all.map((one) => one.wall / count), cpu: cpu / (count * all.length) }
}

/** Lets timers and sockets have their turn, which promises alone never do: a node renews its lease there. */
function turn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve))
}

/** Runs it warm, and answers how many times fill a slice. */
async function timesFor(run: Contestant['run'], slice: number, warmUp: number): Promise<number> {
  let count = 1
  let took = 0
  let best = Number.POSITIVE_INFINITY
  const until = performance.now() + warmUp
  do {
    await turn()
    const begun = performance.now()
    await run(count)
    took = performance.now() - begun
    best = Math.min(best, took / count)
    if (took < slice / 2) count *= 2
  } while (performance.now() < until || took < slice / 2)
  return Math.max(1, Math.round(slice / best))
}
