import fc from 'fast-check'
import type { Judged } from './judge.ts'
import type { Generated } from './requests.ts'
import type { Target } from './target.ts'

export type Budget = { readonly seed: number; readonly runs: number }

/**
 * Sends so many requests, one after the other, and has each answer judged. Answers how often each status and code came.
 * Says its seed, so that a run can be repeated.
 */
export async function fuzzed(
  label: string,
  target: Target,
  requests: fc.Arbitrary<Generated>,
  judge: (target: Target, request: Generated) => Promise<Judged | null>,
  { seed, runs }: Budget,
): Promise<ReadonlyMap<string, number>> {
  const seen = new Map<string, number>()
  const began = performance.now()
  const property = fc.asyncProperty(requests, async (request) => {
    const answer = await judge(target, request)
    const name = answer ? [answer.status, answer.code].filter(Boolean).join(' ') : 'none'
    seen.set(name, (seen.get(name) ?? 0) + 1)
  })
  await fc.assert(property, { seed, numRuns: runs })
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  console.log(`fuzz: ${label}: ${runs} inputs, seed ${seed}, ${seen.size} kinds of answer, ${seconds} s`)
  return seen
}
