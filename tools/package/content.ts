import { execFileSync } from 'node:child_process'
import { homedir } from 'node:os'
import { ROOT } from '../read-tree.ts'

const WANTED = [
  'package.json',
  'README.md',
  'LICENSE',
  'CHANGELOG.md',
  'dist/index.js',
  'dist/index.d.ts',
  'dist/cli/main.js',
]

/** What is wrong with what is packed: beside code, declarations and the pages that npm shows there is nothing. */
export function strangers(tarball: string, paths: readonly string[]): readonly string[] {
  const missing = WANTED.filter((path) => !paths.includes(path)).map((path) => `${path} is not packed`)
  const strange = paths
    .filter((path) => !WANTED.includes(path) && !/^dist\/[\w./-]+(?:\.js|\.d\.ts)$/.test(path))
    .concat(paths.filter((path) => /(?:^|[/.])test[/.]/.test(path)))
    .map((path) => `${path} is packed and belongs to nobody`)
  const text = execFileSync('tar', ['xzOf', tarball], { maxBuffer: 2 ** 28, encoding: 'utf8' })
  const places = [ROOT, ROOT.replace(/\/$/, ''), homedir()]
    .filter((place) => place.length > 5 && text.includes(place))
    .map((place) => `${place} is written in what is packed`)
  const maps = text.includes('//# sourceMappingURL') ? ['there are source maps, and no sources'] : []
  return [...missing, ...strange, ...places, ...maps]
}
