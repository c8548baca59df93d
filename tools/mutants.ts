import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Mutant } from './mutants/mutant.ts'
import { MUTANTS } from './mutants-list.ts'
import { ROOT } from './read-tree.ts'

/*
 * Plants one fault at a time into copies of the working tree and looks that the test named for it goes red. A fault
 * that no test notices, or one that cannot be planted, fails the run. Arguments narrow the list to the faults whose
 * file, row or test holds one of them.
 */

const COPIES = 2
const TIMEOUT_MS = 60_000
const LEFT_OUT = new Set(['node_modules', '.git', '.data', 'dist', 'coverage'])

/** The results of single tests, as Vitest's JSON reporter has them. */
export type Results = {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[]
  }[]
}

/** `red`: the named test failed. Everything else is a fault of the tests or of the list. */
export type Verdict = 'red' | 'survived' | 'timed out' | 'the tests did not load' | 'no such test'

/** @throws when the text to replace does not stand in the file exactly once */
export function plant(text: string, mutant: Pick<Mutant, 'file' | 'find' | 'replace'>): string {
  const parts = text.split(mutant.find)
  if (parts.length !== 2) {
    throw new Error(`${mutant.file} holds ${JSON.stringify(mutant.find)} ${parts.length - 1} times, not once`)
  }
  return parts.join(mutant.replace)
}

/** What became of the tests whose name holds `name`. `results` is null when there were none. */
export function judge(results: Results | null, name: string): Verdict {
  const tests = results?.testResults.flatMap((file) => file.assertionResults) ?? []
  if (tests.length === 0) return 'the tests did not load'
  const named = tests.filter((test) => test.fullName.includes(name) && test.status !== 'skipped')
  if (named.length === 0) return 'no such test'
  return named.some((test) => test.status === 'failed') ? 'red' : 'survived'
}

/** A copy of the tree to plant faults in; the packages are shared. */
function copyTree(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-mutants-'))
  cpSync(ROOT, folder, { recursive: true, filter: (path) => !LEFT_OUT.has(basename(path)) })
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  return folder
}

/** Runs the tests of one file that have one of the names, in a process group that can be stopped as a whole. */
function runTests(folder: string, file: string, ...names: readonly string[]): Promise<Results | 'timed out' | null> {
  const report = join(folder, 'mutants-report.json')
  rmSync(report, { force: true })
  const only = names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')
  const args = ['node_modules/vitest/vitest.mjs', 'run', file, '-t', only, '--reporter=json', `--outputFile=${report}`]
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: folder, stdio: 'ignore', detached: true })
    const timer = setTimeout(() => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
      resolve('timed out')
    }, TIMEOUT_MS)
    child.on('close', () => {
      clearTimeout(timer)
      resolve(parsed(report))
    })
  })
}

function parsed(report: string): Results | null {
  try {
    return JSON.parse(readFileSync(report, 'utf8')) as Results
  } catch {
    return null
  }
}

async function tryOne(folder: string, mutant: Mutant): Promise<Verdict> {
  const path = join(folder, mutant.file)
  const text = readFileSync(path, 'utf8')
  writeFileSync(path, plant(text, mutant))
  try {
    const results = await runTests(folder, ...mutant.red)
    return results === 'timed out' ? 'timed out' : judge(results, mutant.red[1])
  } finally {
    writeFileSync(path, text)
  }
}

/** Faults whose test is not green while nothing is planted: that it is red afterwards would say nothing. */
async function notGreen(folder: string, mutants: readonly Mutant[]): Promise<ReadonlyMap<Mutant, Verdict>> {
  const found = new Map<Mutant, Verdict>()
  for (const file of new Set(mutants.map((mutant) => mutant.red[0]))) {
    const ofFile = mutants.filter(({ red }) => red[0] === file)
    const results = await runTests(folder, file, ...ofFile.map(({ red }) => red[1]))
    for (const mutant of ofFile) {
      const verdict = results === 'timed out' ? results : judge(results, mutant.red[1])
      if (verdict !== 'survived') found.set(mutant, verdict)
    }
  }
  return found
}

async function main(): Promise<void> {
  const wanted = process.argv.slice(2)
  const chosen = MUTANTS.filter(
    ({ breaks, file, red }) =>
      wanted.length === 0 || wanted.some((word) => [breaks, file, ...red].join(' ').includes(word)),
  )
  const folders = Array.from({ length: COPIES }, copyTree)
  try {
    const before = await notGreen(folders[0] as string, chosen)
    const problems = [...before].map(
      ([{ red }, verdict]) => `before anything is planted: ${verdict}: ${red.join(': ')}`,
    )
    const queue = chosen.filter((mutant) => !before.has(mutant))
    await Promise.all(
      folders.map(async (folder) => {
        for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
          const verdict = await tryOne(folder, mutant).catch((fault: Error) => fault.message)
          const what = `${mutant.breaks.padEnd(6)} ${mutant.file}: ${mutant.find} → ${mutant.replace || 'nothing'}`
          console.log(`${verdict.padEnd(9)} ${what.replaceAll('\n', ' ')}`)
          if (verdict !== 'red') problems.push(`${verdict}: ${what}\n  ${mutant.red.join(': ')} should have gone red`)
        }
      }),
    )
    for (const problem of problems) console.error(problem)
    console.log(`mutants: ${chosen.length - problems.length} of ${chosen.length} noticed`)
    process.exitCode = problems.length === 0 && chosen.length > 0 ? 0 : 1
  } finally {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  }
}

if (import.meta.main) await main()
