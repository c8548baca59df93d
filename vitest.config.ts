import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { compiledThreads } from './test/support/compiled-threads.ts'
import { LongestFirst } from './test/support/longest-first.ts'

/** Hundreds of processes are started from the sources: each spends half of its time on the same code. */
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('./node_modules/.cache/compiled', import.meta.url))

const long = process.env.TEST_LONG === '1'
const examples = process.env.TEST_EXAMPLES === '1'

/** Those that take minutes, or have to be installed first, are apart. */
const APART = ['test/long/**/*.test.ts', 'test/examples/**/*.test.ts'] as const

export default defineConfig({
  // Where faults are planted, the thread is to have them too.
  plugins: process.env.THREAD_FROM_SOURCE === '1' ? [] : [compiledThreads()],
  test: {
    include: [long ? APART[0] : examples ? APART[1] : 'test/**/*.test.ts'],
    exclude: long || examples ? [] : [...APART],
    setupFiles: ['test/support/rejections.ts'],
    globalSetup: ['test/support/missing-services.ts'],
    pool: 'forks',
    // Each waits half of its time: for leases, processes, disks.
    maxWorkers: long ? 2 : 3,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    testTimeout: long ? 600_000 : 60_000,
    hookTimeout: 60_000,
    sequence: { sequencer: LongestFirst },
    restoreMocks: true,
  },
})
