/** What became of one test of a run. `pending` was to run and did not end. */
export type Outcome = {
  /** The titles of the groups around it and its own, with ` > ` between. */
  readonly fullName: string
  readonly status: 'passed' | 'failed' | 'skipped' | 'pending'
  /** Milliseconds. */
  readonly duration: number
  /** Why it failed. */
  readonly message: string | null
}

/** `red`: the named test failed; `survived`: it passed. Everything else says nothing of what was to be found out. */
export type Verdict =
  | 'red'
  | 'survived'
  | 'timed out'
  | 'the tests did not load'
  | 'the tests did not end'
  | 'no such test'

/** The tests of a run whose name holds `name` and that were not left out. */
export function named(outcomes: readonly Outcome[] | 'timed out', name: string): readonly Outcome[] {
  if (outcomes === 'timed out') return []
  return outcomes.filter(({ fullName, status }) => fullName.includes(name) && status !== 'skipped')
}

/** What became of them, in a run that was narrowed to them and perhaps to others. */
export function judge(outcomes: readonly Outcome[] | 'timed out', name: string): Verdict {
  if (outcomes === 'timed out') return outcomes
  if (outcomes.length === 0) return 'the tests did not load'
  const own = named(outcomes, name)
  if (own.length === 0) return 'no such test'
  if (own.some(({ status }) => status === 'failed')) return 'red'
  return own.every(({ status }) => status === 'passed') ? 'survived' : 'the tests did not end'
}
