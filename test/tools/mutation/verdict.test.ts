import { expect, it } from 'vitest'
import { judge, type Outcome } from '../../../tools/mutation/verdict.ts'

const outcomes = (...tests: [fullName: string, status: Outcome['status']][]): readonly Outcome[] =>
  tests.map(([fullName, status]) => ({ fullName, status, duration: 1, message: null }))

it('is red only when the named test failed', () => {
  expect(judge(outcomes(['g > TO-01: idle', 'failed'], ['g > other', 'passed']), 'TO-01: idle')).toBe('red')
  expect(judge(outcomes(['g > TO-01: idle', 'passed'], ['g > other', 'failed']), 'TO-01: idle')).toBe('survived')
  expect(judge(outcomes(['g > TO-01: idle 1', 'passed'], ['g > TO-01: idle 2', 'failed']), 'TO-01: idle')).toBe('red')
})

it('takes no broken run for a noticed fault', () => {
  expect(judge('timed out', 'TO-01')).toBe('timed out')
  expect(judge([], 'TO-01')).toBe('the tests did not load')
  expect(judge(outcomes(['g > other', 'failed']), 'TO-01')).toBe('no such test')
  expect(judge(outcomes(['g > TO-01', 'skipped']), 'TO-01')).toBe('no such test')
  expect(judge(outcomes(['g > TO-01 1', 'passed'], ['g > TO-01 2', 'pending']), 'TO-01')).toBe('the tests did not end')
})
