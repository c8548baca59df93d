import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { type Example, examples } from './examples/examples.ts'
import { build, install } from './examples/prepare.ts'
import { ROOT } from './read-tree.ts'

/*
 * `npm run example -- bank`: builds and installs what has to be, and starts an example until Ctrl-C. What follows the name is
 * for the example.
 */

const all = examples()
const widest = Math.max(...all.map(({ name }) => name.length))

const HELP = `npm run example -- <name> [arguments]

Starts an example until Ctrl-C. Builds dist and installs the example first, where that has not been done.

${all.map(({ name, about }) => `  ${name.padEnd(widest)}  ${about}`).join('\n')}

Each has a README.md in examples/<name>.`

/** Ctrl-C in a terminal reaches it by itself, and so does everything that is typed. */
function start({ folder, command }: Example, given: readonly string[]): void {
  const PATH = [join(folder, 'node_modules/.bin'), join(ROOT, 'node_modules/.bin'), process.env.PATH].join(delimiter)
  const [program, ...args] = command as [string, ...string[]]
  const child = spawn(program, [...args, ...given], { cwd: folder, stdio: 'inherit', env: { ...process.env, PATH } })
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  child.once('exit', (code) => {
    process.exitCode = code ?? 1
  })
}

const [name, ...given] = process.argv.slice(2)
const found = all.find((one) => one.name === name)
if (name === undefined || name === '--help' || name === '-h') console.log(HELP)
else if (!found) {
  console.error(`there is no example '${name}': ${all.map((one) => one.name).join(', ')}`)
  process.exitCode = 2
} else {
  try {
    build()
    install(found)
    start(found, given)
  } catch (error) {
    console.error(`example: ${(error as Error).message}`)
    process.exitCode = 1
  }
}
