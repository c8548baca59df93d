import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../read-tree.ts'
import { run } from '../run.ts'
import type { Example } from './examples.ts'

/** What is wrong is said, and nothing else. */
const QUIET = ['--loglevel=error', '--no-audit', '--no-fund'] as const

/** Builds `dist`, which the examples install, where it is missing or older than the sources. @throws when that fails */
export function build(root = ROOT): void {
  if (isBuilt(root)) return
  console.log('building dist …')
  if (!run('npm', 'run', '--silent', 'build')) throw new Error('dist could not be built')
}

/** Whether every source has been compiled since it was last changed. */
export function isBuilt(root: string): boolean {
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\.ts$/.test(path),
  )
  return sources.every((path) => {
    const made = changed(join(root, 'dist', path.replace(/\.ts$/, '.js')))
    return made !== null && made >= (changed(join(root, 'src', path)) as number)
  })
}

/** Installs what the lockfile of an example says, where that has not been done. @throws when that fails */
export function install({ name, folder }: Example): void {
  if (isInstalled(folder)) return
  console.log(`installing examples/${name} …`)
  if (!run('npm', 'ci', '--prefix', folder, ...QUIET)) throw new Error(`examples/${name} could not be installed`)
}

/** Whether the lockfile of an example is all that its packages ask for, on any machine. Nothing is installed. */
export function isLocked({ folder }: Example): boolean {
  return run('npm', 'ci', '--dry-run', '--prefix', folder, ...QUIET)
}

/** Whether the packages in a folder are those of its lockfile. */
export function isInstalled(folder: string): boolean {
  const done = changed(join(folder, 'node_modules/.package-lock.json'))
  return done !== null && done >= (changed(join(folder, 'package-lock.json')) as number)
}

function changed(path: string): number | null {
  return existsSync(path) ? statSync(path).mtimeMs : null
}
