import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { examples } from '../../tools/examples/examples.ts'
import { isBuilt, isInstalled } from '../../tools/examples/prepare.ts'

const TOOL = fileURLToPath(new URL('../../tools/example.ts', import.meta.url))

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sallyport-example-'))
})
afterEach(() => rmSync(root, { recursive: true }))

/** A file as it was changed so many seconds after the epoch. */
function file(path: string, at: number): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), '')
  utimesSync(join(root, path), at, at)
}

describe('the tool that starts examples', () => {
  it('lists them, each with what it is and what starts it', () => {
    const help = execFileSync(process.execPath, [TOOL, '--help'], { encoding: 'utf8' })
    expect(examples().map(({ name }) => name)).toEqual(
      expect.arrayContaining(['express', 'fastify', 'hono', 'next', 'node']),
    )
    for (const { name, about } of examples()) expect(help).toContain(`  ${name.padEnd(7)}  ${about}\n`)
    expect(examples().find(({ name }) => name === 'next')?.command).toEqual(['next', 'dev'])
  })

  it('says which there are when it does not know one', () => {
    const { status, stderr } = spawnSync(process.execPath, [TOOL, 'nothing'], { encoding: 'utf8' })
    expect([status, stderr]).toEqual([2, expect.stringMatching(/^there is no example 'nothing': .*express, fastify/)])
  })

  it('builds again when a source is newer than what was made of it, or nothing was', () => {
    file('src/a.ts', 10)
    file('src/b/c.ts', 20)
    file('dist/a.js', 15)
    expect(isBuilt(root)).toBe(false)
    file('dist/b/c.js', 25)
    expect(isBuilt(root)).toBe(true)
    file('src/a.ts', 16)
    expect(isBuilt(root)).toBe(false)
  })

  it('installs again when the lockfile is newer than what is there, or nothing is', () => {
    file('package-lock.json', 10)
    expect(isInstalled(root)).toBe(false)
    file('node_modules/.package-lock.json', 11)
    expect(isInstalled(root)).toBe(true)
    file('package-lock.json', 12)
    expect(isInstalled(root)).toBe(false)
  })
})
