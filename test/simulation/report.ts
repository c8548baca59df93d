import type { Code } from './code.ts'
import { type Kind, type Plan, plan, without } from './plan.ts'
import { run } from './schedule.ts'

export type Schedule = {
  readonly seed: number
  readonly kind: Kind
  /** As the seed has it, where it says nothing. */
  readonly strategy?: Plan['strategy'] | undefined
}

/** What can be left out of a schedule to see what it takes to go wrong. */
const LEFT_OUT = ['lost', 'slow', 'cuts', 'pauses', 'steps', 'crashes', 'drift', 'pages', 'wakes'] as const

/** So many lines of the trace before the end: what is older rarely matters, and is there in a replay. */
const LINES = 80

/** A schedule that went wrong, in words: how to see it again, what it takes, and what happened. Times are global, milliseconds. */
export async function report(code: Code, { seed, kind, strategy }: Schedule): Promise<string> {
  const original = plan(seed, kind, strategy ?? null)
  const { simplest, needed } = await simplified(code, original)
  const lines: string[] = []
  const { violation } = await run(code, simplest, (line) => lines.push(line))
  const telling = lines.filter((line) => !/ accepts .* memory| refuses \(unavailable\)/.test(line))
  const again = `SIMULATION_SEED=${seed} SIMULATION_KIND='${kind}' SIMULATION_STRATEGY=${original.strategy}`
  return [
    `seed ${seed}, ${kind}, ${original.strategy}: ${violation?.what} (${violation?.invariant}, at ${violation?.at.toFixed(1)})`,
    `  again: ${again} npx vitest run test/simulation/replay.test.ts`,
    `  faults it takes: ${needed.join(', ') || 'none but what is meant'}; left out of this trace: the others`,
    ...(telling.length > LINES ? [`  … ${telling.length - LINES} lines before`] : []),
    ...telling.slice(-LINES),
  ].join('\n')
}

/** Leaves out every fault without which the same invariant is broken still. */
async function simplified(code: Code, original: Plan): Promise<{ simplest: Plan; needed: readonly string[] }> {
  const wanted = (await run(code, original)).violation?.invariant
  let simplest = original
  for (const fault of LEFT_OUT) {
    const simpler = without(simplest, fault)
    if ((await run(code, simpler)).violation?.invariant === wanted) simplest = simpler
  }
  return { simplest, needed: LEFT_OUT.filter((fault) => Boolean(simplest.faults[fault])) }
}
