/** One of several that are measured against each other. `run` does the thing so many times. */
export type Contestant = { readonly name: string; run(times: number): Promise<unknown> | unknown }

export type Slices = {
  /** How long each gets in a round, milliseconds: short, so that most slices are not interrupted by anything else. */
  readonly slice: number
  readonly rounds: number
  /** How long each runs before anything counts, milliseconds. */
  readonly warmUp: number
}

/** Microseconds a time: by the clock, one number a round; and of this process's CPU, over all rounds, collection included. */
export type Cost = { readonly wall: readonly number[]; readonly cpu: number }

/**
 * Measures all in turns, in one run: every round gives each a slice, and every other round goes backwards, so that
 * neither a slower moment of the machine nor the place in the order favours anyone.
 */
export async function inTurns(
  contestants: readonly Contestant[],
  { slice, rounds, warmUp }: Slices,
): Promise<ReadonlyMap<string, Cost>> {
  const entries = []
  for (const one of contestants)
    entries.push({ ...one, count: await timesFor(one, slice, warmUp), wall: [] as number[], cpu: 0 })
  for (let round = 0; round < rounds; round++) {
    for (const entry of round % 2 === 0 ? entries : entries.toReversed()) {
      await turn()
      const before = process.cpuUsage()
      const begun = performance.now()
      await entry.run(entry.count)
      entry.wall.push(((performance.now() - begun) * 1000) / entry.count)
      const { user, system } = process.cpuUsage(before)
      entry.cpu += user + system
    }
  }
  return new Map(entries.map(({ name, count, wall, cpu }) => [name, { wall, cpu: cpu / (count * rounds) }]))
}

/** Lets timers and sockets have their turn, which promises alone never do: a node renews its lease there. */
function turn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve))
}

/** Runs it warm, and answers how many times fill a slice. */
async function timesFor(one: Contestant, slice: number, warmUp: number): Promise<number> {
  let count = 1
  let took = 0
  let best = Number.POSITIVE_INFINITY
  const until = performance.now() + warmUp
  do {
    await turn()
    const begun = performance.now()
    await one.run(count)
    took = performance.now() - begun
    best = Math.min(best, took / count)
    if (took < slice / 2) count *= 2
  } while (performance.now() < until || took < slice / 2)
  return Math.max(1, Math.round(slice / best))
}
