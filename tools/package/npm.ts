import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../read-tree.ts'

const QUIET = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'] as const

function npm(cwd: string, ...args: readonly string[]): string {
  return execFileSync('npm', [...args, ...QUIET], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
}

/** What would be published, built anew: the path of the tarball in `folder`, and the paths in it. */
export function packed(folder: string): { readonly tarball: string; readonly paths: readonly string[] } {
  npm(ROOT, 'pack', '--pack-destination', folder)
  const { name, version } = JSON.parse(npm(ROOT, 'pkg', 'get', 'name', 'version')) as Readonly<Record<string, string>>
  const tarball = join(folder, `${name}-${version}.tgz`)
  const list = execFileSync('tar', ['tzf', tarball], { encoding: 'utf8' }).trim().split('\n')
  return { tarball, paths: list.map((path) => path.replace(/^package\//, '')) }
}

/** A new folder with what `npm install` makes of this, and no script was run for it. */
export function installed(folder: string, spec: string): string {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')
  npm(folder, 'install', spec, '--ignore-scripts', '--prefer-offline')
  return folder
}
