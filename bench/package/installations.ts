import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { installed, packed } from '../../tools/package/npm.ts'
import { type Size, sizeOf } from '../../tools/package/size.ts'
import { say } from '../lib/progress.ts'
import type { Report } from '../lib/report.ts'

/** Where both are installed, each in a folder of its own, as their guides say for SQLite. */
export type Installations = { readonly own: string; readonly peer: string }

export function installations(folder: string): Installations {
  say('Packing, and installing both …')
  const { tarball } = packed(folder)
  const { dependencies } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8'))
  return {
    own: installed(join(folder, 'own'), tarball),
    // It speaks to SQLite by node:sqlite, as we do, and asks for nothing else.
    peer: installed(join(folder, 'peer'), `better-auth@${dependencies['better-auth']}`),
  }
}

const MEGABYTE = 1024 * 1024

/** What each takes, and whether ours is half of it at most. */
export function sizes({ own, peer }: Installations): Report {
  const found = { sallyport: sizeOf(own), 'better-auth': sizeOf(peer) }
  const rows = Object.entries(found).map(([name, { packages, used, apparent }]) => ({
    ...{ name, packages, used: used / MEGABYTE, apparent: apparent / MEGABYTE },
  }))
  const bar = (name: string, of: keyof Size, unit: number, digits: number) => {
    const [mine, theirs] = [found.sallyport[of] / unit, found['better-auth'][of] / unit]
    return {
      name,
      wanted: `≤ ${(theirs / 2).toFixed(digits)}, half of ${theirs.toFixed(digits)}`,
      measured: mine.toFixed(digits),
      met: mine <= theirs / 2,
    }
  }
  return {
    tables: [
      {
        title:
          'Installed by npm: the library, SQLite and the server, beside Better Auth with what its guide needs for SQLite',
        columns: [
          { key: 'name', label: '' },
          { key: 'packages', label: 'packages' },
          { key: 'used', label: 'MB on the disk', digits: 1 },
          { key: 'apparent', label: 'MB in files', digits: 1 },
        ],
        rows,
      },
    ],
    bars: [
      bar('packages', 'packages', 1, 1),
      bar('MB on the disk', 'used', MEGABYTE, 1),
      bar('MB in files', 'apparent', MEGABYTE, 1),
    ],
  }
}
