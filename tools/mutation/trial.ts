import type { Mutant } from '../mutants/mutant.ts'
import type { Copy } from './copy.ts'
import { plant } from './plant.ts'
import { judge, named, type Verdict } from './verdict.ts'

/** What was found of one fault. It is not planted when its test was not green before: red would say nothing then. */
export type Found = { readonly mutant: Mutant } & (
  | { readonly planted: true; readonly verdict: Verdict | Refusal }
  | { readonly planted: false; readonly verdict: Verdict; readonly message: string | null }
)

/** Why a fault could not be planted. */
type Refusal = string & {}

export type Within = {
  /** How long a run may take while nothing is planted: all named tests of a file. */
  readonly greenMs: number
  /** How long a run may take with a fault. */
  readonly plantedMs: number
  /** How much longer than while it was green a test may take with a fault: one that waits in vain has failed. */
  readonly waitingMs: number
}

const WITHIN: Within = { greenMs: 300_000, plantedMs: 60_000, waitingMs: 2000 }

/**
 * Tries the faults that one test file is to notice: its named tests have to be green, and then red with each fault, one
 * at a time.
 */
export async function* trial(
  copy: Copy,
  test: string,
  mutants: readonly Mutant[],
  within = WITHIN,
): AsyncGenerator<Found> {
  const names = [...new Set(mutants.map(({ red }) => red[1]))]
  const before = await copy.run({ test, names, limitMs: null, untilRed: false }, within.greenMs)
  for (const mutant of mutants) {
    const own = named(before, mutant.red[1])
    const verdict = judge(before, mutant.red[1])
    if (verdict !== 'survived') {
      yield { mutant, planted: false, verdict, message: own.find(({ message }) => message !== null)?.message ?? null }
    } else {
      const greenMs = Math.max(...own.map(({ duration }) => duration))
      yield { mutant, planted: true, verdict: await tried(copy, mutant, greenMs, within) }
    }
  }
}

async function tried(copy: Copy, mutant: Mutant, greenMs: number, within: Within): Promise<Verdict | Refusal> {
  const [test, name] = mutant.red
  let text: string
  try {
    text = copy.read(mutant.file)
    copy.write(mutant.file, plant(text, mutant))
  } catch (problem) {
    return (problem as Error).message
  }
  try {
    const limitMs = Math.round(within.waitingMs + 4 * greenMs)
    return judge(await copy.run({ test, names: [name], limitMs, untilRed: true }, within.plantedMs), name)
  } finally {
    copy.write(mutant.file, text)
  }
}
