import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { closingLine, outcome, type TestReport } from './closing-line.ts'
import { run } from './run.ts'

/*
 * `npm test`: the checks, then every test, then one line that says what it came to. A failing check does not keep the
 * tests from running, and counts as a failure in the line. `--failed n` adds what failed before (.ci/run).
 */

const folder = mkdtempSync(join(tmpdir(), 'sallyport-report-'))
const file = join(folder, 'report.json')

function report(): TestReport | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as TestReport
  } catch {
    return null
  }
}

const at = process.argv.indexOf('--failed')
const before = at < 0 ? 0 : Number(process.argv[at + 1])
const checked = run('node', 'tools/check.ts')
const tested = run('vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`)
const result = outcome(report(), before + (checked ? 0 : 1))
rmSync(folder, { recursive: true })
if (!checked) console.log('npm run check failed: see above')
console.log(closingLine(result))
process.exitCode = tested && result.failed === 0 ? 0 : 1
