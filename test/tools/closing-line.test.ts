import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { closingLine, outcome, type TestReport } from '../../tools/closing-line.ts'
import { ROOT } from '../../tools/read-tree.ts'

const GREEN: TestReport = {
  success: true,
  numPassedTests: 12,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [{ status: 'passed', assertionResults: [{ status: 'passed' }] }],
}

it('says what passed and what failed, and what was skipped when something was', () => {
  expect(closingLine(outcome(GREEN, 0))).toBe('12 passed, 0 failed')
  expect(closingLine(outcome({ ...GREEN, numPendingTests: 2, numTodoTests: 1 }, 0))).toBe(
    '12 passed, 0 failed, 3 skipped',
  )
  expect(closingLine(outcome({ ...GREEN, success: false, numFailedTests: 2 }, 1))).toBe('12 passed, 3 failed')
})

it('never says 0 failed of a run that failed', () => {
  expect(closingLine(outcome(null, 0))).toBe('0 passed, 1 failed')
  expect(closingLine(outcome({ ...GREEN, success: false }, 0))).toBe('12 passed, 1 failed')
  expect(closingLine(outcome(GREEN, 1))).toBe('12 passed, 1 failed')
})

it('reads what the runner writes, of files that do not load and of rejections that nobody handles', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-closing-'))
  try {
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    const setup = JSON.stringify(join(ROOT, 'test/support/rejections.ts'))
    writeFileSync(join(folder, 'vitest.config.ts'), `export default { test: { setupFiles: [${setup}] } }`)
    const run = (text: string) => {
      writeFileSync(join(folder, 'a.test.ts'), `import { expect, it } from 'vitest'\n${text}`)
      const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs')
      spawnSync(process.execPath, [vitest, 'run', '--reporter=json', '--outputFile=report.json'], { cwd: folder })
      return closingLine(outcome(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')), 0))
    }
    expect(run("it('passes', () => {})\nit.skip('waits', () => {})")).toBe('1 passed, 0 failed, 1 skipped')
    expect(run("it('passes', () => {})\nit('fails', () => expect(1).toBe(2))")).toBe('1 passed, 1 failed')
    expect(run("import './absent.ts'\nit('passes', () => {})")).toBe('0 passed, 1 failed')
    const rejecting = run("it('passes', () => {})\nit('rejects', () => { Promise.reject(new Error('lost')) })")
    expect(rejecting).toBe('1 passed, 1 failed')
  } finally {
    rmSync(folder, { recursive: true })
  }
})
