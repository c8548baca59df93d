import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Half a minute and more each. Begun last, one of them would go on alone after everything else. */
export const LONGEST = [
  'strategies/postgres',
  'simulation/planted-bugs',
  'strategies/redis',
  'simulation/hybrid',
  'simulation/jwt',
  'refresh/model',
  'simulation/session',
  'faults/postgres/wire',
  'faults/redis/trials',
  'e2e/pages',
].map((name) => `/test/${name}.test.ts`)

/** Where a file has its place in a fresh clone, in which nobody knows yet how long each takes. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId, project }: TestSpecification) => {
      const at = LONGEST.findIndex((one) => moduleId.endsWith(one))
      // A process is handed on to whatever of its kind is next.
      return at === -1 ? LONGEST.length + (project.config.isolate ? 0 : 1) : at
    }
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b))
  }
}
