import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { checkExports, undocumented } from '../../tools/check-exports.ts'

const target = (name: string) => ({ types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` })

function check(exported: Record<string, unknown>, sources: readonly string[], page: string): readonly string[] {
  return checkExports({
    manifest: JSON.stringify({ exports: { ...exported, './package.json': './package.json' } }),
    sources: new Set(sources),
    pages: new Map([['README.md', page]]),
  })
}

const PAGE = "import { createAuth } from 'sallyport'\nimport { sqlite } from 'sallyport/sqlite'"

describe('exports, entry files and documentation', () => {
  it('may agree', () => {
    const exported = { '.': target('index'), './sqlite': target('sqlite') }
    expect(check(exported, ['index.ts', 'sqlite.ts', 'user.ts'], PAGE)).toEqual([])
  })

  it('names an export without a source', () => {
    expect(check({ '.': target('index'), './sqlite': target('sqlite') }, ['index.ts'], PAGE)).toEqual([
      'package.json exports "./sqlite", but there is no src/sqlite.ts',
    ])
  })

  it('names a target that leads elsewhere, or has no types', () => {
    const problems = check(
      { '.': target('main'), './sqlite': { default: './dist/sqlite.js' } },
      ['index.ts', 'sqlite.ts'],
      PAGE,
    )
    expect(problems).toEqual([
      `package.json exports ".": write ${JSON.stringify(target('index'))}`,
      `package.json exports "./sqlite": write ${JSON.stringify(target('sqlite'))}`,
    ])
  })

  it('names a public source that is not exported, but no inner one', () => {
    expect(check({ '.': target('index') }, ['index.ts', 'sqlite.ts', 'user.ts'], "import 'sallyport'")).toEqual([
      'src/sqlite.ts is a public entry, but package.json does not export it',
    ])
  })

  it('names what no page shows, and what a page shows and is not there', () => {
    const page = "import { createAuth } from 'sallyport'\nconst { v } = await import('sallyport/verify')"
    expect(check({ '.': target('index'), './sqlite': target('sqlite') }, ['index.ts', 'sqlite.ts'], page)).toEqual([
      "no page of the documentation imports 'sallyport/sqlite'",
      "README.md imports 'sallyport/verify', which package.json does not export",
    ])
  })
})

it('names every exported symbol without a doc comment, also behind another name', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-exports-'))
  try {
    const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
    write(
      'inner.ts',
      '/** Said. */\nexport function said() {}\nexport function bare() {}\nexport type Plain = 1\n// not this\nexport const line = 1\n',
    )
    write(
      'index.ts',
      "export { bare as other, said } from './inner.ts'\nexport type { Plain } from './inner.ts'\nexport * from './inner.ts'\n",
    )
    const options: ts.CompilerOptions = {
      module: ts.ModuleKind.NodeNext,
      allowImportingTsExtensions: true,
      noEmit: true,
      noLib: true,
      types: [],
    }
    expect(undocumented([join(folder, 'index.ts')], options, `${folder}/`)).toEqual([
      'inner.ts exports Plain to users: it has no doc comment',
      'inner.ts exports bare to users: it has no doc comment',
      'inner.ts exports line to users: it has no doc comment',
    ])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
