import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, type Plugin } from 'vite'

const ROOT = join(import.meta.dirname, '../..')
/** The same in every run: what was transformed is kept from run to run, with this name in it. */
const MADE = join(ROOT, 'node_modules/.cache/sallyport')

/** What begins a thread, and what it begins it with. */
const THREADS = [
  { folder: 'src/stores/sql/sqlite', begins: 'thread.ts', entry: 'worker.ts' },
  { folder: 'src/credentials/password', begins: 'argon2-threads.ts', entry: 'argon2-worker.ts' },
] as const

/**
 * Gives tests the threads as one file of JavaScript each, like the package has them. Node strips the types of what a
 * thread loads by itself, in WebAssembly, and threads that come and go by the hundred in one process bring V8 to abort there, once in
 * many thousand (https://github.com/nodejs/node/issues/64500). Processes that tests start have the threads as they are.
 */
export function compiledThreads(): Plugin {
  const fileOf = (entry: string) => join(MADE, entry.replace(/\.ts$/, '.mjs'))
  return {
    name: 'sallyport:compiled-threads',
    enforce: 'pre',
    async configResolved() {
      mkdirSync(MADE, { recursive: true })
      for (const { folder, entry } of THREADS) {
        const code = await bundled(join(ROOT, folder, entry))
        // In one step: another run may be loading it.
        const beside = `${fileOf(entry)}.${process.pid}`
        writeFileSync(beside, code)
        renameSync(beside, fileOf(entry))
      }
    },
    transform(code, id) {
      const thread = THREADS.find(({ folder, begins }) => id === join(ROOT, folder, begins))
      if (!thread) return
      const entry = `'./${thread.entry}'`
      if (!code.includes(entry)) this.error(`${id} does not name ${entry} any more`)
      return { code: code.replace(entry, () => JSON.stringify(pathToFileURL(fileOf(thread.entry)).href)), map: null }
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
