import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { say } from './progress.ts'

const BENCH = join(import.meta.dirname, '..')

/** Installs what the benches compare with, unless it is there. Answers whether it is. */
export function peersAreHere(): boolean {
  const here = () => existsSync(join(BENCH, 'node_modules', '.package-lock.json'))
  if (here()) return true
  say('Installing what is compared with (once) …')
  spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', BENCH], {
    stdio: ['ignore', 2, 2],
  })
  return here()
}
