/**
 * Milliseconds of processor time that this process takes for it. Unlike time on a clock it does not grow while other processes
 * have the processor; what this one does besides only adds, so of several runs the least counts.
 */
export function effort(run: () => unknown): number {
  const before = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

export function leastEffort(run: () => unknown, rounds = 9): number {
  return Math.min(...Array.from({ length: rounds }, () => effort(run)))
}

const SMALL = 16_384
const TIMES = 16
/** Of so many pairs of runs one of each size has to be undisturbed; of fewer, where they take long. */
const ROUNDS = { most: 40, least: 5, ms: 500 } as const

/**
 * Whether an input that is so many times as large takes about as long as so many small ones. What is quadratic takes `TIMES`
 * times as long, in every round; a quarter of that is allowed for, and 2 ms for what comes once.
 *
 * Nothing is said of the first rounds: what has just begun is interpreted, small inputs first, and looks slow beside the large
 * one that finds it compiled.
 */
export function isProportional(run: (length: number) => unknown): boolean {
  const least = { many: Number.POSITIVE_INFINITY, large: Number.POSITIVE_INFINITY }
  let spent = 0
  for (let round = 1; round <= ROUNDS.least || (round <= ROUNDS.most && spent < ROUNDS.ms); round += 1) {
    const many = effort(() => {
      for (let i = 0; i < TIMES; i += 1) run(SMALL)
    })
    const large = effort(() => run(SMALL * TIMES))
    least.many = Math.min(least.many, many)
    least.large = Math.min(least.large, large)
    if (round >= ROUNDS.least && least.large < (least.many * TIMES) / 4 + 2) return true
    spent += many + large
  }
  return false
}
