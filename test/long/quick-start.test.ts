import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, it } from 'vitest'
import { ROOT } from '../../tools/read-tree.ts'
import { typed } from '../docs/typed.ts'
import { describeWith } from '../support/services.ts'

const run = promisify(execFile)

/** The package as it is published: built, packed, and installed by npm with what it needs. */
describeWith('curl')('a quick start, typed with the package that is shipped', () => {
  let place: string
  let file: string

  beforeAll(async () => {
    place = await mkdtemp(join(tmpdir(), 'sallyport-packed-'))
    const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', place], { cwd: ROOT })
    file = join(place, stdout.trim().split('\n').at(-1) ?? '')
  }, 300_000)
  afterAll(() => rm(place, { recursive: true, force: true }))

  it.each(['docs/quick-start.md', 'docs/quick-start-server.md'])('%s', async (page) => {
    await typed(page, async () => `npm install --no-audit --no-fund ${file}`)
  })
})
