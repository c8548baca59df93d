import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sharing } from './sharing.ts'

const ROOT = join(import.meta.dirname, '../..')
const files = sharing()

describe('test files that share a process', () => {
  it('are most of those that start none, and nobody twice', () => {
    expect(files.length).toBeGreaterThan(100)
    expect(new Set(files).size).toBe(files.length)
    expect(files).toContain('test/wire/cookie.test.ts')
  })

  it('replace no module: another may have loaded it already', () => {
    expect(readFileSync(join(ROOT, 'test/refresh/model.test.ts'), 'utf8')).toContain('vi.mock(')
    expect(files).not.toContain('test/refresh/model.test.ts')
  })

  // A module is loaded once, so only the first file that imports it would have them.
  it('have no hooks but their own: no helper brings any when it is loaded', () => {
    const helpers = readdirSync(join(ROOT, 'test'), { encoding: 'utf8', recursive: true }).filter(
      (name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !OF_OTHERS.test(name),
    )
    const bringing = helpers.filter((name) => HOOK.test(readFileSync(join(ROOT, 'test', name), 'utf8')))
    expect(helpers.length).toBeGreaterThan(80)
    expect(bringing).toEqual([])
  })
})

/** What each file loads anew, and the programs of the command line, which have a process each. */
const OF_OTHERS = /^support\/rejections\.ts$|^cli\//
const HOOK = /^(?:(?:before|after)(?:Each|All)|vi\.setConfig)\(/m
