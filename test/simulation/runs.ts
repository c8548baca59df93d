import { expect } from 'vitest'
import type { Code } from './code.ts'
import { plan } from './plan.ts'
import { report, type Schedule } from './report.ts'
import { run } from './schedule.ts'

/** Where the schedules of every run begin. */
export const BASE_SEED = 1

export type Runs = Omit<Schedule, 'seed'> & {
  /** The first seed, and how many from there. */
  readonly from: number
  readonly count: number
}

/** Runs schedules one after the other. Answers the first seed that goes wrong, null when none does. */
export async function search(
  code: Code,
  { kind, strategy, from, count }: Runs,
  progress: (done: number) => void = () => {},
): Promise<number | null> {
  const { stackTraceLimit } = Error
  // Faults are many here, and nobody reads where they were made.
  Error.stackTraceLimit = 0
  try {
    for (let seed = from; seed < from + count; seed += 1) {
      const { violation } = await run(code, plan(seed, kind, strategy ?? null))
      if (violation) return seed
      if ((seed - from + 1) % 10_000 === 0) progress(seed - from + 1)
    }
    return null
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}

/** Nothing goes wrong in any of them; or what does is told. */
export async function allHold(code: Code, runs: Runs, progress?: (done: number) => void): Promise<void> {
  const seed = await search(code, runs, progress)
  expect(seed === null ? null : await report(code, { ...runs, seed })).toBeNull()
}
