import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { compiledThread } from './test/support/compiled-thread.ts'

/** Hundreds of processes are started from the sources: each spends half of its time on the same code. */
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('./node_modules/.cache/compiled', import.meta.url))

const long = process.env.TEST_LONG === '1'

export default defineConfig({
  // Where faults are planted, the thread is to have them too.
  plugins: process.env.THREAD_FROM_SOURCE === '1' ? [] : [compiledThread()],
  test: {
    include: [long ? 'test/long/**/*.test.ts' : 'test/**/*.test.ts'],
    exclude: long ? [] : ['test/long/**'],
    setupFiles: ['test/support/rejections.ts'],
    globalSetup: ['test/support/missing-services.ts'],
    pool: 'forks',
    maxWorkers: 2,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    testTimeout: long ? 600_000 : 60_000,
    hookTimeout: 60_000,
    restoreMocks: true,
  },
})
