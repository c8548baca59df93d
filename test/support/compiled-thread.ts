import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, type Plugin } from 'vite'

const ROOT = join(import.meta.dirname, '../..')
const FOLDER = join(ROOT, 'src/stores/sql/sqlite')
/** The same in every run: what was transformed is kept from run to run, with this name in it. */
const MADE = join(ROOT, 'node_modules/.cache/sallyport')

/**
 * Gives tests the second thread of SQLite as one file of JavaScript, like the package has it. Node strips the types of what a
 * thread loads by itself, in WebAssembly, and threads that come and go by the hundred in one process bring V8 to abort there, once in
 * many thousand (https://github.com/nodejs/node/issues/64500). Processes that tests start have the thread as it is.
 */
export function compiledThread(): Plugin {
  const file = join(MADE, 'worker.mjs')
  return {
    name: 'sallyport:compiled-thread',
    enforce: 'pre',
    async configResolved() {
      const code = await bundled(join(FOLDER, 'worker.ts'))
      mkdirSync(MADE, { recursive: true })
      // In one step: another run may be loading it.
      const beside = `${file}.${process.pid}`
      writeFileSync(beside, code)
      renameSync(beside, file)
    },
    transform(code, id) {
      if (id !== join(FOLDER, 'thread.ts')) return
      const entry = "'./worker.ts'"
      if (!code.includes(entry)) this.error(`${id} does not name ${entry} any more`)
      return { code: code.replace(entry, () => JSON.stringify(pathToFileURL(file).href)), map: null }
    },
  }
}

async function bundled(entry: string): Promise<string> {
  const made = await build({
    configFile: false,
    logLevel: 'warn',
    build: { ssr: entry, target: 'node22', write: false },
  })
  for (const { output } of [made].flat().filter((one) => 'output' in one)) return output[0].code
  throw new Error(`nothing was made of ${entry}`)
}
