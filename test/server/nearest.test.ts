import { expect, it } from 'vitest'
import { nearest } from '../../src/server/nearest.ts'

it('finds what was meant, and nothing where nothing is near', () => {
  const names = ['SALLYPORT_URL', 'SALLYPORT_IDLE', 'SALLYPORT_SIGN_UP']
  expect(nearest('SALLYPORT_ULR', names)).toBe('SALLYPORT_URL')
  expect(nearest('sallyport_signup', names)).toBe('SALLYPORT_SIGN_UP')
  expect(nearest('SALLYPORT_IDEL', names)).toBe('SALLYPORT_IDLE')
  expect(nearest('COMPLETELY_DIFFERENT_THING', names)).toBeNull()
  expect(nearest('x', [])).toBeNull()
})
