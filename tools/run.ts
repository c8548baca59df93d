import { spawnSync } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { ROOT } from './read-tree.ts'

/** Runs a command of the installed packages from the root of the repository, its output shown. True when it succeeded. */
export function run(command: string, ...args: readonly string[]): boolean {
  const PATH = [join(ROOT, 'node_modules/.bin'), process.env.PATH].join(delimiter)
  return spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, PATH } }).status === 0
}
