import { expect, it } from 'vitest'
import { plant } from '../../../tools/mutation/plant.ts'

it('changes the one place, as it is written', () => {
  expect(plant('a < b && c < b', { file: 'x.ts', find: 'a < b', replace: 'a <= $&' })).toBe('a <= $& && c < b')
})

it('refuses a place that is not there, or there twice', () => {
  expect(() => plant('a', { file: 'x.ts', find: 'b', replace: 'c' })).toThrow('x.ts holds "b" 0 times, not once')
  expect(() => plant('b b', { file: 'x.ts', find: 'b', replace: 'c' })).toThrow('x.ts holds "b" 2 times, not once')
})
