import { describe, expect, it } from 'vitest'
import { judge, plant } from '../../tools/mutants.ts'
import { MUTANTS } from '../../tools/mutants-list.ts'
import { readTree } from '../../tools/read-tree.ts'

describe('planting', () => {
  it('changes the one place, as it is written', () => {
    expect(plant('a < b && c < b', { file: 'x.ts', find: 'a < b', replace: 'a <= $&' })).toBe('a <= $& && c < b')
  })

  it('refuses a place that is not there, or there twice', () => {
    expect(() => plant('a', { file: 'x.ts', find: 'b', replace: 'c' })).toThrow('x.ts holds "b" 0 times, not once')
    expect(() => plant('b b', { file: 'x.ts', find: 'b', replace: 'c' })).toThrow('x.ts holds "b" 2 times, not once')
  })
})

describe('judging', () => {
  const results = (...tests: [fullName: string, status: string][]) => ({
    testResults: [{ assertionResults: tests.map(([fullName, status]) => ({ fullName, status })) }],
  })

  it('is red only when the named test failed', () => {
    expect(judge(results(['g TO-01: idle', 'failed'], ['g other', 'passed']), 'TO-01: idle')).toBe('red')
    expect(judge(results(['g TO-01: idle', 'passed'], ['g other', 'failed']), 'TO-01: idle')).toBe('survived')
    expect(judge(results(['g TO-01: idle 1', 'passed'], ['g TO-01: idle 2', 'failed']), 'TO-01: idle')).toBe('red')
  })

  it('takes no broken run for a noticed fault', () => {
    expect(judge(null, 'TO-01')).toBe('the tests did not load')
    expect(judge({ testResults: [{ assertionResults: [] }] }, 'TO-01')).toBe('the tests did not load')
    expect(judge(results(['g other', 'failed']), 'TO-01')).toBe('no such test')
    expect(judge(results(['g TO-01', 'skipped']), 'TO-01')).toBe('no such test')
  })
})

describe('the list', () => {
  const tree = readTree([...new Set(MUTANTS.map(({ file }) => file))])

  it.each(
    MUTANTS.map(
      (mutant) => [`${mutant.breaks} in ${mutant.file}: ${mutant.find.replaceAll(/\s+/g, ' ')}`, mutant] as const,
    ),
  )('can be planted: %s', (_, mutant) => {
    const text = tree.get(mutant.file) ?? ''
    expect(plant(text, mutant)).not.toBe(text)
  })
})
