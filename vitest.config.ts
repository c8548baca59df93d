import { defineConfig } from 'vitest/config'
import { compiledThread } from './test/support/compiled-thread.ts'

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
    testTimeout: long ? 600_000 : 20_000,
    hookTimeout: 30_000,
    restoreMocks: true,
  },
})
