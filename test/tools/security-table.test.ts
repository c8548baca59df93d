import { expect, it } from 'vitest'
import { GROUPS, ROWS, type Row } from '../../tools/security-rows.ts'
import { proofs, render, strangers, unproven } from '../../tools/security-table.ts'

const SOME: readonly Row[] = [
  ['PW-01', 1, 'Long enough'],
  ['PW-02', 5, 'Not too long'],
  ['TO-01', 1, 'Ends in time', 'tenants wait for step 9'],
  ['TO-02', 'later', 'Ends for good'],
  ['TO-03', 'never', 'Ends twice'],
]

const scan = (text: string) => proofs(new Map([['test/a.test.ts', text]]))

it('finds rows in the names of tests, however they are called', () => {
  const found = scan(`
    describe('TO-01 in a group proves nothing', () => {
      it('PW-01: one', () => {})
      test.skipIf(missing)('PW-02 and PW-03: two', () => {})
      it.each([1, 2])('TO-02: %s', () => {})
      it.each\`a\${1}\`('TO-03: table', () => {})
      it(\`TO-04: \${name} counts\`, () => {})
      // it('TO-05: in a comment', () => {})
      expect('TO-06').toBe('TO-07')
      it.skip('TO-05: skipped', () => {})
      it.todo('TO-05: planned')
      it.skip.each([1])('TO-05: skipped %s', () => {})
      expect(/x/.test('TO-05')).toBe(false)
      suite.race('SL-08: a case of two callers', async (one, two) => {})
      cases.push({ name: 'TO-08: a case of a suite', run: async () => {} }, { name: 'TO-09: no case' })
    })
  `)
  expect([...found.keys()]).toEqual(['PW-01', 'PW-02', 'PW-03', 'TO-02', 'TO-03', 'TO-04', 'SL-08', 'TO-08'])
  expect(found.get('TO-04')).toEqual([{ file: 'test/a.test.ts', name: 'TO-04: … counts' }])
})

it('names a row once for a test, and every test of a row', () => {
  const found = scan("it('TO-01 is TO-01', () => {})\nit('TO-01: again', () => {})")
  expect(found.get('TO-01')?.map((one) => one.name)).toEqual(['TO-01 is TO-01', 'TO-01: again'])
})

it('shows for every row its tests, or what it waits for', () => {
  const page = render(SOME, scan("it('PW-01: 14 | 15', () => {})\nit('PW-01: emoji', () => {})"))
  expect(page).toContain('1 of 5 rows are proven by tests.')
  expect(page).toContain(
    '| PW-01 | Long enough | `test/a.test.ts`: PW-01: 14 \\| 15<br>`test/a.test.ts`: PW-01: emoji |',
  )
  expect(page).toContain('| PW-02 | Not too long | waits for step 5 |')
  expect(page).toContain('| TO-01 | Ends in time (tenants wait for step 9) | waits for step 1 |')
  expect(page).toContain('| TO-02 | Ends for good | waits for a later step |')
  expect(page).toContain('| TO-03 | Ends twice | not in this release |')
})

it('finds rows of a finished step that nothing proves, and names that are no rows', () => {
  const tests = scan("it('PW-01: proven', () => {})\nit('TO-99: mistyped', () => {})")
  expect(unproven(SOME, tests, [1])).toEqual(['TO-01'])
  expect(unproven(SOME, tests, [1, 5])).toEqual(['PW-02', 'TO-01'])
  expect(unproven(SOME, tests, [])).toEqual([])
  expect(strangers(SOME, tests)).toEqual(['test/a.test.ts names TO-99, which is no row of tools/security-rows.ts'])
})

it('has every row once, numbered without a gap', () => {
  for (const group of Object.keys(GROUPS)) {
    const ids = ROWS.map(([id]) => id).filter((id) => id.startsWith(group))
    expect(ids).toEqual(ids.map((_, at) => `${group}-${String(at + 1).padStart(2, '0')}`))
    expect(ids.length).toBeGreaterThan(5)
  }
})
