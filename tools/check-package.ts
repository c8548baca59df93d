import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { strangers } from './package/content.ts'
import { loading, loadingWithPeers } from './package/entries.ts'
import { installed, packed } from './package/npm.ts'
import { saying, serving } from './package/program.ts'
import { megabytes, sizeOf } from './package/size.ts'
import { compiling } from './package/types.ts'
import { ROOT } from './read-tree.ts'

/*
 * Packs the package, installs it into an empty folder as a user would, and looks at it from there: what is in it, that every entry loads and
 * compiles by itself, that the program runs, and what publint and attw say.
 */

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-package-'))
  const began = performance.now()
  try {
    const { tarball, paths } = packed(folder)
    const at = installed(join(folder, 'app'), tarball)
    const { packages, apparent, used } = sizeOf(at)
    console.log(`installed: ${packages} packages, ${megabytes(used)} on the disk, ${megabytes(apparent)} in files`)
    const names = entriesOf(at)
    const checks: readonly (readonly [what: string, problems: () => readonly string[] | Promise<readonly string[]>])[] =
      [
        [`${paths.length} files are packed, nothing strange among them`, () => strangers(tarball, paths)],
        [`${names.length} entries load by themselves`, () => loading(at, names)],
        ['the program runs and says what it lacks', () => saying(at)],
        ['a server starts, signs somebody up and stops', () => serving(at)],
        ['every entry compiles under nodenext and bundler', () => compiling(at, names)],
        ['those with a peer load where it is installed', () => loadingWithPeers(at)],
        ['publint finds nothing', () => judged('publint', 'run', tarball, '--strict')],
        ['attw finds nothing', () => judged('attw', tarball, '--profile', 'esm-only', '--no-emoji', '--no-color')],
      ]
    for (const [what, look] of checks) {
      const problems = await look()
      console.log(problems.length === 0 ? `good: ${what}` : `bad: ${what}`)
      for (const problem of problems) console.error(`  ${problem}`)
      if (problems.length > 0) process.exitCode = 1
    }
    console.log(
      `package: ${process.exitCode ? 'to mend' : 'in order'}, ${Math.round((performance.now() - began) / 1000)} s`,
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What another tool has to say, where it is not content. */
function judged(tool: string, ...args: readonly string[]): readonly string[] {
  const command = join(ROOT, 'node_modules/.bin', tool)
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: ROOT, encoding: 'utf8' })
  return status === 0 ? [] : [`${stdout}${stderr}`]
}

function entriesOf(at: string): readonly string[] {
  const { exports } = JSON.parse(readFileSync(join(at, 'node_modules/sallyport/package.json'), 'utf8'))
  return Object.keys(exports)
    .filter((subpath) => subpath !== './package.json')
    .map((subpath) => `sallyport${subpath.slice(1)}`)
}

if (import.meta.main) await main()
