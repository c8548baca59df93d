import type { TestApi } from '../../src/testing.ts'

/** One case as a suite registered it: the innermost group it is in, and its name. */
export type Collected = { readonly group: string; readonly name: string; readonly run: () => Promise<void> }

/** The cases of suites, instead of running them. Those that were to be skipped are not among them. */
export function collect(register: (api: TestApi) => void): readonly Collected[] {
  const cases: Collected[] = []
  const groups: string[] = []
  register({
    describe(name, run) {
      groups.push(name)
      run()
      groups.pop()
    },
    it: (name, run) => void cases.push({ group: groups.at(-1) ?? '', name, run }),
  })
  return cases
}

/** The names of the cases that fail. */
export async function failures(cases: readonly Collected[]): Promise<readonly string[]> {
  const failed: string[] = []
  for (const { name, run } of cases) {
    await run().catch(() => failed.push(name))
  }
  return failed
}
