import { join } from 'node:path'
import { Writable } from 'node:stream'
import { createVitest, type TestCase, type TestModule } from 'vitest/node'
import type { Outcome } from './verdict.ts'

/*
 * A process that keeps one Vitest in the folder it was started in and runs tests when asked: what has not changed since
 * is not transformed again. Each run has a process of its own for the tests, so that nothing a fault did to modules,
 * globals or timers is there in the next.
 */

export type Asked = {
  /** The test file, from the root of the folder. */
  readonly test: string
  /** The tests whose full name holds one of these are run. */
  readonly names: readonly string[]
  /** How long a test may take that does not say so itself, instead of what the configuration says. */
  readonly limitMs: number | null
  /** Leaves the rest out after the first test that fails. */
  readonly untilRed: boolean
  /** The files whose text was written since the last run, from the root of the folder. */
  readonly written: readonly string[]
}

const folder = process.cwd()
const nowhere = () => new Writable({ write: (_chunk, _encoding, done) => done() })
/** The test files of the present run: one, when it loads. */
const loaded: TestModule[] = []

process.env.THREAD_FROM_SOURCE = '1'
const vitest = await createVitest(
  'test',
  {
    watch: false,
    cache: false,
    // Found by what the files hold. In the folder: the packages are shared.
    fsModuleCachePath: join(folder, '.vitest-cache'),
    reporters: [{ onTestModuleCollected: (module) => void loaded.push(module) }],
  },
  {},
  { stdout: nowhere(), stderr: nowhere() },
)
await vitest.standalone()
const project = vitest.getRootProject()
const configuredMs = project.config.testTimeout

async function run({ test, names, limitMs, untilRed, written }: Asked): Promise<readonly Outcome[]> {
  for (const changed of written) vitest.invalidateFile(join(folder, changed))
  loaded.length = 0
  project.config.testTimeout = limitMs ?? configuredMs
  project.config.bail = untilRed ? 1 : 0
  const testNamePattern = new RegExp(names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'))
  const file = join(folder, test)
  if (!project.matchesTestGlob(file)) return []
  await vitest.runTestSpecifications([project.createSpecification(file, { testNamePattern })])
  return loaded.flatMap((module) => [...module.children.allTests()]).map(outcome)
}

function outcome(test: TestCase): Outcome {
  const { state, errors } = test.result()
  return {
    fullName: test.fullName,
    status: state,
    duration: test.diagnostic()?.duration ?? 0,
    message: errors?.[0]?.message ?? null,
  }
}

process.on('message', async (asked: Asked) => process.send?.(await run(asked)))
process.on('disconnect', async () => {
  setTimeout(() => process.exit(1), 5000).unref()
  await vitest.close()
  process.exit()
})
