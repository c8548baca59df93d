import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { strangers } from '../../tools/package/content.ts'
import { loading } from '../../tools/package/entries.ts'
import { sizeOf } from '../../tools/package/size.ts'
import { reachable } from '../../tools/prune-types.ts'
import { ROOT } from '../../tools/read-tree.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

function folder(files: Readonly<Record<string, string>>): string {
  const at = mkdtempSync(join(tmpdir(), 'sallyport-test-'))
  folders.push(at)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(at, path)), { recursive: true })
    writeFileSync(join(at, path), text)
  }
  return at
}

const GOOD = {
  ...{ 'package.json': '{}', 'README.md': '', LICENSE: '', 'CHANGELOG.md': '' },
  ...{ 'dist/index.js': 'export {}', 'dist/index.d.ts': 'export {}', 'dist/cli/main.js': '' },
}

function found(files: Readonly<Record<string, string>>): readonly string[] {
  const at = folder(Object.fromEntries(Object.entries(files).map(([path, text]) => [`package/${path}`, text])))
  execFileSync('tar', ['czf', 'made.tgz', 'package'], { cwd: at })
  return strangers(join(at, 'made.tgz'), Object.keys(files))
}

describe('what is packed', () => {
  it('is good when it is code, declarations and the pages', () => {
    expect(found(GOOD)).toEqual([])
  })

  it.each([
    ['a test', 'dist/a.test.js', '', 'dist/a.test.js is packed'],
    ['a folder of tests', 'dist/test/a.js', '', 'dist/test/a.js is packed'],
    ['a source map', 'dist/index.js.map', '{}', 'dist/index.js.map is packed'],
    ['a word of a source map', 'dist/a.js', '//# sourceMappingURL=a.js.map', 'there are source maps'],
    ['sources', 'src/index.ts', '', 'src/index.ts is packed'],
    ['a path of the machine', 'dist/a.js', `'${ROOT}src'`, 'is written in what is packed'],
  ])('is not with %s', (_, path, text, said) => {
    expect(found({ ...GOOD, [path]: text }).join('\n')).toContain(said)
  })

  it('is not without a page', () => {
    const { LICENSE: _, ...rest } = GOOD
    expect(found(rest)).toEqual(['LICENSE is not packed'])
  })
})

describe('entries', () => {
  const installed = (source: string) =>
    folder({
      'node_modules/made/package.json': '{ "name": "made", "type": "module", "exports": "./index.js" }',
      'node_modules/made/index.js': source,
    })

  it('load alone, without a word', () => {
    expect(loading(installed('export {}'), ['made'])).toEqual([])
    expect(loading(installed(`import 'none'`), ['made'])).toEqual([expect.stringContaining(`import 'made' failed`)])
    expect(loading(installed(`console.error('a word')`), ['made'])).toEqual([expect.stringContaining('a word')])
  })
})

it('the size of an installation counts packages as npm does, and what files hold', () => {
  const at = folder({
    'node_modules/a/package.json': '{}',
    'node_modules/a/lib/package.json': '{}',
    'node_modules/a/node_modules/b/package.json': '{}',
    'node_modules/@c/d/package.json': '{}',
    'node_modules/@c/d/big.js': 'x'.repeat(100_000),
    'node_modules/.bin/a': '',
    'node_modules/.package-lock.json': '{}',
    'outside.js': 'x'.repeat(100_000),
  })
  const { packages, apparent, used } = sizeOf(at)
  expect([packages, apparent]).toEqual([3, 100_010])
  expect(used).toBeGreaterThanOrEqual(100_000)
  expect(used).toBeLessThan(200_000)
})

it('declarations are kept where an entry leads to them, by whatever kind of import', () => {
  const files: Readonly<Record<string, string>> = {
    'dist/index.d.ts': `export type { A } from './a.ts'; import './b.js'; import 'elsewhere'`,
    'dist/a.d.ts': `export type A = import("./deep/c.ts").C; export * from '../dist/a.ts'`,
    'dist/b.d.ts': 'export {}',
    'dist/deep/c.d.ts': `import type { B } from '../b.ts'; export type C = B`,
    'dist/alone.d.ts': 'export {}',
  }
  const kept = reachable(['dist/index.d.ts'], (path) => files[path] as string)
  expect([...kept].sort()).toEqual(['dist/a.d.ts', 'dist/b.d.ts', 'dist/deep/c.d.ts', 'dist/index.d.ts'])
})
