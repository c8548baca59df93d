import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { ROOT, readTree } from '../../tools/read-tree.ts'
import { describeWith } from '../support/services.ts'
import { blocksOf } from './pages.ts'
import { typed } from './typed.ts'

/** The package as it lies in the sources. `test/long/quick-start.test.ts` has it built, packed and installed. */
async function linked(folder: string): Promise<string> {
  const place = join(folder, 'node_modules/sallyport')
  await mkdir(place, { recursive: true })
  await mkdir(join(folder, 'node_modules/.bin'))
  const manifest = (readTree(['package.json']).get('package.json') ?? '').replace(
    /\.\/dist\/([\w-]+)\.js/g,
    './src/$1.ts',
  )
  await writeFile(join(place, 'package.json'), manifest)
  await symlink(join(ROOT, 'src'), join(place, 'src'))
  const program = `#!/bin/sh\nexec node '${join(ROOT, 'src/cli/main.ts')}' "$@"\n`
  await writeFile(join(folder, 'node_modules/.bin/sallyport'), program, { mode: 0o755 })
  return 'true'
}

describeWith('curl')('a quick start, typed as it stands', () => {
  it.each(['docs/quick-start.md', 'docs/quick-start-server.md'])('%s', { timeout: 300_000 }, async (page) => {
    await typed(page, linked)
  })

  it('docs/guides/testing.md prints what its comments say', async () => {
    const [block] = blocksOf('docs/guides/testing.md').filter(({ kind }) => kind === 'ts')
    const said = [...(block?.text.matchAll(/^console\.log\(.*\) \/\/ (.*)$/gm) ?? [])].map(([, text]) => text)
    expect(said.length).toBeGreaterThan(1)
    const folder = await mkdtemp(join(tmpdir(), 'sallyport-typed-'))
    try {
      await linked(folder)
      await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
      await writeFile(join(folder, 'example.ts'), block?.text ?? '')
      const { stdout } = await promisify(execFile)(process.execPath, ['example.ts'], { cwd: folder })
      expect(stdout.trim().split('\n')).toEqual(said)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  it('notices what does not come out as the page says', { timeout: 300_000 }, async () => {
    await expect(typed('test/docs/wrong.md', linked)).rejects.toThrow('test/docs/wrong.md:9')
  })
})
