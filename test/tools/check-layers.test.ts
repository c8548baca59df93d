import { describe, expect, it } from 'vitest'
import { checkLayers } from '../../tools/check-layers.ts'

const MANIFEST = JSON.stringify({
  exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' }, './package.json': './package.json' },
})

/** What the rules say of these files, beside nothing for the ordinary ones that are always there. */
function check(files: Record<string, string>): readonly string[] {
  const tree = { 'package.json': MANIFEST, 'src/index.ts': '', 'src/result.ts': '', 'src/clock.ts': '', ...files }
  return checkLayers(new Map(Object.entries(tree)))
}

describe('directions', () => {
  it('lets every layer import what it stands on', () => {
    const problems = check({
      'src/wire/cookie.ts': "import { ok } from '../result.ts'",
      'src/session.ts': "import type { Id } from './user.ts'",
      'src/user.ts': "import { trim } from './wire/text.ts'",
      'src/wire/text.ts': '',
      'src/view/lease.ts': "import type { Clock } from '../clock.ts'\nimport type { S } from '../session.ts'",
      'src/stores/memory.ts': "import type { S } from '../session.ts'",
      'src/flows/sign-in.ts': "import { verify } from '../credentials/password.ts'\nimport '../view/lease.ts'",
      'src/credentials/password.ts': '',
      'src/http/app.ts': "import '../flows/sign-in.ts'",
      'src/index.ts': "export { memory } from './stores/memory.ts'",
    })
    expect(problems).toEqual([])
  })

  it('names file, line, target and the two layers of an import that points up', () => {
    expect(check({ 'src/wire/x.ts': "import '../result.ts'\nimport '../view/y.ts'", 'src/view/y.ts': '' })).toEqual([
      'src/wire/x.ts:2 imports src/view/y.ts: wire may not import view',
    ])
  })

  it.each([
    ['src/result.ts', './wire/a.ts', 'base may not import wire'],
    ['src/session.ts', './view/a.ts', 'contracts may not import view'],
    ['src/view/v.ts', '../stores/a.ts', 'view may not import stores'],
    ['src/strategies/s.ts', '../stores/a.ts', 'strategies may not import stores'],
    ['src/credentials/c.ts', '../strategies/a.ts', 'credentials may not import strategies'],
    ['src/flows/f.ts', '../stores/a.ts', 'flows may not import stores'],
    ['src/create-auth.ts', './strategies/a.ts', 'flows may not import strategies'],
    ['src/http/h.ts', '../stores/a.ts', 'faces may not import stores'],
    ['src/adapters/x.ts', '../server/a.ts', 'faces may not import server'],
    ['src/testing/t.ts', '../server/a.ts', 'testing may not import server'],
    ['src/index.ts', './cli/a.ts', 'entries may not import cli'],
    ['src/server/s.ts', '../cli/a.ts', 'server may not import cli'],
    ['src/server/s.ts', '../view/a.ts', 'server may not import view'],
    ['src/cli/c.ts', '../session.ts', 'cli may not import contracts'],
  ])('refuses %s → %s', (from, specifier, reason) => {
    const target = `src/${specifier.replace(/^\.\.?\//, '')}`
    expect(check({ [from]: `import '${specifier}'`, [target]: '' })).toEqual([`${from}:1 imports ${target}: ${reason}`])
  })

  it('holds for every way to import', () => {
    const ways = [
      "import type { A } from '../view/y.ts'",
      "export { A } from '../view/y.ts'",
      "export * from '../view/y.ts'",
      "type A = import('../view/y.ts').A",
      "const a = await import('../view/y.ts')",
    ]
    const problems = check({ 'src/wire/x.ts': ways.join('\n'), 'src/view/y.ts': '' })
    expect(problems).toHaveLength(ways.length)
  })

  it('refuses a dynamic import whose target cannot be read', () => {
    expect(check({ 'src/http/x.ts': 'await import(name)' })).toEqual([
      'src/http/x.ts:1 imports what cannot be read from the text: write a literal',
    ])
  })

  it('lets the client import types of what it may not load', () => {
    const entry = { 'src/http/session.ts': '' }
    expect(check({ ...entry, 'src/client/a.ts': "import type { S } from '../http/session.ts'" })).toEqual([])
    expect(check({ ...entry, 'src/client/a.ts': "import { type S } from '../http/session.ts'" })).toEqual([
      'src/client/a.ts:1 imports src/http/session.ts: client may not import faces, except for types',
    ])
  })

  it('keeps siblings apart, but not the files of one', () => {
    const problems = check({
      'src/stores/memory.ts': "import './memory/feed.ts'",
      'src/stores/memory/feed.ts': '',
      'src/stores/sql/sqlite.ts': "import './feed.ts'\nimport '../memory/feed.ts'",
      'src/stores/sql/feed.ts': '',
      'src/strategies/session.ts': "import type { A } from './jwt.ts'",
      'src/strategies/jwt.ts': '',
    })
    expect(problems).toEqual([
      'src/stores/sql/sqlite.ts:2 imports src/stores/memory/feed.ts: siblings under stores/ may not import each other',
      'src/strategies/session.ts:1 imports src/strategies/jwt.ts: siblings under strategies/ may not import each other',
    ])
  })

  it('lets server and cli import only what the package exports', () => {
    const problems = check({
      'src/sqlite.ts': '',
      'src/server/a.ts': "import { createAuth } from '../index.ts'\nimport '../sqlite.ts'",
      'src/cli/a.ts': "import '../server/a.ts'\nimport type { S } from '../sqlite.ts'",
    })
    expect(problems).toEqual([
      'src/cli/a.ts:2 imports src/sqlite.ts: cli may only import what package.json exports',
      'src/server/a.ts:2 imports src/sqlite.ts: server may only import what package.json exports',
    ])
  })

  it('excepts the façade that loads its handler when asked, and only so', () => {
    const app = { 'src/auth.ts': '', 'src/http/app.ts': "import type { Auth } from '../auth.ts'" }
    expect(check({ ...app, 'src/create-auth.ts': "const { app } = await import('./http/app.ts')" })).toEqual([])
    expect(check({ ...app, 'src/create-auth.ts': "import { app } from './http/app.ts'" })).toEqual([
      'src/create-auth.ts:1 imports src/http/app.ts: flows may not import faces',
    ])
  })

  it('wants every file in the table and every import to name a file of src', () => {
    expect(check({ 'src/stray.ts': '', 'src/result.ts': "import './clock'\nimport '../tools/x.ts'" })).toEqual([
      'src/result.ts:1 imports src/clock, which does not exist (imports name the file, with its ending)',
      'src/result.ts:2 imports ../tools/x.ts, outside src',
      'src/stray.ts belongs to no layer: add it to the table in tools/check-layers.ts',
    ])
  })
})

describe('circles', () => {
  it('finds one of several files, and says it once', () => {
    const problems = check({
      'src/wire/a.ts': "import './b.ts'",
      'src/wire/b.ts': "import { c } from './c.ts'",
      'src/wire/c.ts': "export { a } from './a.ts'",
      'src/session.ts': "import './wire/b.ts'",
    })
    expect(problems).toEqual([
      'src/wire/a.ts → src/wire/b.ts → src/wire/c.ts → src/wire/a.ts: these files import each other in a circle',
    ])
  })

  it('finds one that closes by a dynamic import, or on itself', () => {
    expect(check({ 'src/http/a.ts': "import './b.ts'", 'src/http/b.ts': "await import('./a.ts')" })).toHaveLength(1)
    expect(check({ 'src/http/a.ts': "import './a.ts'" })).toHaveLength(1)
  })

  it('finds one behind a file that was visited before', () => {
    const problems = check({
      'src/wire/a.ts': "import './z.ts'",
      'src/wire/b.ts': "import './a.ts'\nimport './c.ts'",
      'src/wire/c.ts': "import './b.ts'",
      'src/wire/z.ts': '',
    })
    expect(problems).toEqual([
      'src/wire/b.ts → src/wire/c.ts → src/wire/b.ts: these files import each other in a circle',
    ])
  })

  it('is not closed by types, which are gone at run time', () => {
    expect(
      check({ 'src/user.ts': "import type { S } from './session.ts'", 'src/session.ts': "import './user.ts'" }),
    ).toEqual([])
  })
})

describe('what has one place only', () => {
  it.each([
    ['Date.now()', 'asks the machine for the time: take now or a Clock as an argument'],
    ['const f = Date.now', 'asks the machine for the time: take now or a Clock as an argument'],
    ['new Date()', 'asks the machine for the time: take now or a Clock as an argument'],
    ['new globalThis.Date(0)', 'asks the machine for the time: take now or a Clock as an argument'],
    ['performance.now()', 'asks the machine for the time: take now or a Clock as an argument'],
    ['const { now } = Date', 'asks the machine for the time: take now or a Clock as an argument'],
    ["process.env['A']", 'reads process.env, which only server/config.ts does'],
    ['const { env } = process', 'reads process.env, which only server/config.ts does'],
    ["import { env } from 'node:process'", 'imports node:process: reads process.env, which only server/config.ts does'],
    ['Math.random()', 'uses Math.random: unguessable values come from crypto.ts'],
    ["Math['random']()", 'uses Math.random: unguessable values come from crypto.ts'],
    ['console.log(1)', 'writes to the console, which only cli does'],
    ["import { hash } from 'node:crypto'", 'imports node:crypto, which only crypto.ts does'],
    ["import { readFileSync } from 'node:fs'", 'imports node:fs: not in the list for this place'],
    ["import { createAuth } from 'sallyport'", 'imports sallyport: write the relative path'],
    ['export default 1', 'has a default export: name it'],
    ['export default function a() {}', 'has a default export: name it'],
    ['const a = 1\nexport { a as default }', 'has a default export: name it'],
    ['export const a = (b: any) => b', "says 'any': use unknown and narrow it"],
    ['class Manager {}', 'has a class that is no error: use a value and functions'],
    ['// @ts-expect-error\nconst a = 1', 'switches the compiler off'],
  ])('refuses %j elsewhere', (text, reason) => {
    const problems = check({ 'src/http/x.ts': text })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(/^src\/http\/x\.ts:[12] /)
    expect(problems[0]).toContain(reason)
  })

  it('allows each in its place', () => {
    const problems = check({
      'src/clock.ts': 'export const now = Date.now\nnew Date()',
      'src/crypto.ts': "import { hash } from 'node:crypto'",
      'src/server/config.ts': "process.env.PORT\nimport { readFileSync } from 'node:fs'",
      'src/cli/main.ts': "console.log(1)\nimport { parseArgs } from 'node:util'",
      'src/wire/source.ts': "import { isIP } from 'node:net'",
      'src/stores/sql/sqlite.ts': "import { DatabaseSync } from 'node:sqlite'",
      'src/errors.ts': 'export class Fault extends Error {}\nexport class Wrong extends TypeError {}',
    })
    expect(problems).toEqual([])
  })

  it('reads code, not comments and texts', () => {
    const text = "// Date.now() and Math.random(), any\nexport const a = 'console.log(new Date())'"
    expect(check({ 'src/http/x.ts': text })).toEqual([])
  })

  it('keeps packages out of the nouns', () => {
    expect(check({ 'src/session.ts': "import { z } from 'zod'", 'src/http/x.ts': "import { z } from 'zod'" })).toEqual([
      'src/session.ts:1 imports the package zod: contracts may import none',
    ])
  })

  it('counts lines to 300, of code but not of data', () => {
    const lines = (n: number) => `${'const a = 1\n'.repeat(n)}\n\n`
    expect(check({ 'src/wire/x.ts': lines(300), 'src/credentials/common-passwords.ts': lines(3000) })).toEqual([])
    expect(check({ 'src/wire/x.ts': lines(301) })).toEqual([
      'src/wire/x.ts has 301 lines, more than 300: it holds two concepts, part them',
    ])
  })
})
