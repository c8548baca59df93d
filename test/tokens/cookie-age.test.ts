import { expect, it } from 'vitest'
import { cookieAge } from '../../src/tokens/cookie-age.ts'

it('TO-06: a cookie is kept to the end of what it opens, and never taken away by its age', () => {
  const ages = [60_000, 60_437, 437, 1, 0, -5000].map((left) => cookieAge(1_000_000 + left, 1_000_000))
  expect(ages).toEqual([60, 61, 1, 1, 1, 1])
})
