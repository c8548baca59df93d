import { fileURLToPath } from 'node:url'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import { compiledThreads } from './test/support/compiled-threads.ts'
import { LongestFirst } from './test/support/longest-first.ts'
import { sharing } from './test/support/sharing.ts'

/** Hundreds of processes are started from the sources: each spends half of its time on the same code. */
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('./node_modules/.cache/compiled', import.meta.url))

const long = process.env.TEST_LONG === '1'
const examples = process.env.TEST_EXAMPLES === '1'
/** Faults are planted in the sources: threads are to have them too, and each run has a process of its own. */
const planting = process.env.THREAD_FROM_SOURCE === '1'

/** Those that take minutes, or have to be installed first, are apart. */
const APART = ['test/long/**/*.test.ts', 'test/examples/**/*.test.ts'] as const

/** What holds for every test file. */
const each = {
  plugins: planting ? [] : [compiledThreads()],
  test: {
    include: [long ? APART[0] : examples ? APART[1] : 'test/**/*.test.ts'],
    exclude: long || examples ? [] : [...APART],
    setupFiles: ['test/support/rejections.ts'],
    pool: 'forks',
    // Each waits half of its time: for leases, processes, disks.
    maxWorkers: long ? 2 : 3,
    execArgv: [
      '--disable-warning=ExperimentalWarning',
      // MB. The simulations make a gigabyte of short-lived things in a few seconds.
      '--max-semi-space-size=64',
    ],
    testTimeout: long ? 600_000 : 60_000,
    hookTimeout: 60_000,
    restoreMocks: true,
  },
} satisfies TestProjectInlineConfiguration

function projects(): TestProjectInlineConfiguration[] {
  const together = [...sharing()]
  // Extended, lists would be joined.
  const { plugins, test } = each
  return [
    { extends: false, plugins, test: { ...test, name: 'alone', exclude: [...APART, ...together] } },
    { extends: false, plugins, test: { ...test, name: 'together', include: together, isolate: false } },
  ]
}

export default defineConfig({
  ...each,
  test: {
    ...each.test,
    ...(!long && !examples && !planting && { projects: projects() }),
    globalSetup: ['test/support/missing-services.ts'],
    sequence: { sequencer: LongestFirst },
  },
})
