import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ts from 'typescript'
import { ROOT } from './read-tree.ts'

/*
 * Takes declarations out of dist that no entry leads to: nobody can import what they declare. They would be a quarter of what is packed.
 */

type Manifest = { readonly exports: Readonly<Record<string, string | { readonly types: string }>> }

/** Declarations that can be come by from these, themselves among them. `read` answers the text of a path. */
export function reachable(entries: readonly string[], read: (path: string) => string): ReadonlySet<string> {
  const found = new Set<string>()
  const open = [...entries]
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (found.has(path)) continue
    found.add(path)
    for (const { fileName } of ts.preProcessFile(read(path), true, true).importedFiles) {
      if (fileName.startsWith('.')) open.push(join(dirname(path), fileName.replace(/\.[jt]s$/, '.d.ts')))
    }
  }
  return found
}

function main(): void {
  const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest
  const entries = Object.values(exports).flatMap((target) => (typeof target === 'string' ? [] : [join(target.types)]))
  const kept = reachable(entries, (path) => readFileSync(join(ROOT, path), 'utf8'))
  const all = readdirSync(join(ROOT, 'dist'), { recursive: true, encoding: 'utf8' })
    .map((path) => join('dist', path))
    .filter((path) => path.endsWith('.d.ts'))
  const left = all.filter((path) => !kept.has(path))
  for (const path of left) rmSync(join(ROOT, path))
  console.log(`declarations: ${kept.size} are reached, ${left.length} taken out`)
}

if (import.meta.main) main()
