import { expect, it } from 'vitest'
import { dueAt } from '../src/session.ts'

it('TO-06: the record itself says when it is due, whichever limit comes first', () => {
  expect(dueAt({ lastActiveAt: 1000, idleTimeout: 500, expiresAt: 9000 })).toBe(1500)
  expect(dueAt({ lastActiveAt: 8800, idleTimeout: 500, expiresAt: 9000 })).toBe(9000)
  expect(dueAt({ lastActiveAt: 8500, idleTimeout: 500, expiresAt: 9000 })).toBe(9000)
})
