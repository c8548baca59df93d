import { type Finding, warn } from './finding.ts'

/** How far clocks may differ before it is said, milliseconds. */
const APART_MS = 1000

/** The time of a database decides nothing; one of the two is wrong all the same, and ours decides when sessions end (TO-08). */
export function clock({ ahead, where }: { readonly ahead: number | null; readonly where: string }): readonly Finding[] {
  if (ahead === null || Math.abs(ahead) <= APART_MS) return []
  const seconds = Math.round(Math.abs(ahead) / 1000)
  const what = `the clock of this machine is ${seconds} s ${ahead > 0 ? 'behind' : 'ahead of'} that of ${where}`
  return [warn(what, 'keep the clocks of the servers in step with NTP: they decide when sessions end')]
}
