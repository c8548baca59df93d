import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, type Plugin } from 'vite'

const FOLDER = join(import.meta.dirname, '../../src/stores/sql/sqlite')

/**
 * Gives tests the second thread of SQLite as one file of JavaScript, like the package has it. Node strips the types of what a
 * thread loads by itself, in WebAssembly, and threads that come and go by the hundred in one process bring V8 to abort there, once in
 * many thousand (https://github.com/nodejs/node/issues/64500). Processes that tests start have the thread as it is.
 */
export function compiledThread(): Plugin {
  let made: Promise<string> | null = null

  async function make(): Promise<string> {
    const outDir = mkdtempSync(join(tmpdir(), 'sallyport-thread-'))
    process.once('exit', () => rmSync(outDir, { recursive: true, force: true }))
    await build({
      configFile: false,
      logLevel: 'warn',
      build: {
        ssr: join(FOLDER, 'worker.ts'),
        outDir,
        emptyOutDir: false,
        target: 'node22',
        rolldownOptions: { output: { entryFileNames: 'worker.mjs' } },
      },
    })
    return pathToFileURL(join(outDir, 'worker.mjs')).href
  }

  return {
    name: 'sallyport:compiled-thread',
    enforce: 'pre',
    async transform(code, id) {
      if (id !== join(FOLDER, 'thread.ts')) return
      const entry = "'./worker.ts'"
      if (!code.includes(entry)) this.error(`${id} does not name ${entry} any more`)
      made ??= make()
      const file = JSON.stringify(await made)
      return { code: code.replace(entry, () => file), map: null }
    },
  }
}
