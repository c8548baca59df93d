import { existsSync, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** What an installation takes. Bytes: `apparent` is what is in its files, `used` what they take on the disk, folders included. */
export type Size = { readonly packages: number; readonly apparent: number; readonly used: number }

/** Of everything below `node_modules`. */
export function sizeOf(folder: string): Size {
  const modules = join(folder, 'node_modules')
  const all = [
    modules,
    ...readdirSync(modules, { recursive: true, encoding: 'utf8' }).map((path) => join(modules, path)),
  ]
  const stats = all.map((path) => lstatSync(path))
  return {
    packages: all.filter((path) => isPackage(path)).length,
    apparent: stats.reduce((sum, one) => sum + (one.isFile() ? one.size : 0), 0),
    used: stats.reduce((sum, one) => sum + one.blocks * 512, 0),
  }
}

/** As npm counts them: what it has put directly below a `node_modules`, or a scope in one. */
function isPackage(path: string): boolean {
  return /\/node_modules\/(?:@[^/]+\/)?[^/.@][^/]*$/.test(path) && existsSync(join(path, 'package.json'))
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`
}
