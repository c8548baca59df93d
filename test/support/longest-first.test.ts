import { existsSync } from 'node:fs'
import { expect, it } from 'vitest'
import { LONGEST } from './longest-first.ts'

it.each(LONGEST)('%s is there', (name) => {
  expect(existsSync(new URL(`../..${name}`, import.meta.url))).toBe(true)
})
