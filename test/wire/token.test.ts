import { describe, expect, it } from 'vitest'
import { randomText } from '../../src/crypto.ts'
import type { SessionId } from '../../src/session.ts'
import { readSessionToken, sessionToken } from '../../src/wire/token.ts'

const bytes = (text: string) => Buffer.from(text, 'base64url')
const newId = () => randomText(16) as SessionId

describe('sessionToken', () => {
  it('SI-01: is the id and 32 random bytes, 64 characters', () => {
    const secrets = new Set<string>()
    let ones = 0
    for (let n = 0; n < 2000; n += 1) {
      const sid = newId()
      const token = sessionToken(sid)
      expect(token).toMatch(/^[A-Za-z0-9_-]{64}$/)
      expect(bytes(token)).toHaveLength(48)
      expect(bytes(token).subarray(0, 16)).toEqual(bytes(sid))
      const secret = bytes(token).subarray(16)
      secrets.add(secret.toString('hex'))
      for (const byte of secret) ones += byte.toString(2).replaceAll('0', '').length
    }
    expect(secrets.size).toBe(2000)
    expect(ones / (2000 * 256)).toBeCloseTo(0.5, 1)
  })

  it('SI-01: the four bits of the secret beside the id are random too', () => {
    const sid = newId()
    const seen = new Set<string>()
    for (let n = 0; n < 500; n += 1) seen.add(sessionToken(sid).charAt(21))
    expect(seen.size).toBe(16)
  })

  it('another token of the same session is another secret', () => {
    const sid = newId()
    expect(sessionToken(sid)).not.toBe(sessionToken(sid))
    expect(readSessionToken(sessionToken(sid))).toBe(sid)
  })

  it.each(['', 'abc', 'A'.repeat(21), 'A'.repeat(23), `${'A'.repeat(21)}B`, `${'A'.repeat(20)}=A`])(
    'refuses the id %j',
    (sid) => {
      expect(() => sessionToken(sid as SessionId)).toThrow(RangeError)
    },
  )
})

describe('readSessionToken', () => {
  it('gives the id that the first 16 bytes are', () => {
    for (let n = 0; n < 2000; n += 1) {
      const token = randomText(48)
      expect(readSessionToken(token)).toBe(bytes(token).subarray(0, 16).toString('base64url'))
    }
  })

  const good = 'A'.repeat(64)
  it.each([
    ['empty', ''],
    ['short', 'A'.repeat(63)],
    ['long', 'A'.repeat(65)],
    ['10 kB', 'A'.repeat(10_240)],
    ['a newline behind', `${good}\n`],
    ['a newline for a character', `${'A'.repeat(63)}\n`],
    ['NUL', `${'A'.repeat(63)}\0`],
    ['non-ASCII', `${'A'.repeat(63)}é`],
    ['a letter that folds to ASCII', `${'A'.repeat(63)}\u212a`],
    ['padding', `${'A'.repeat(63)}=`],
    ['plus', `${'A'.repeat(63)}+`],
    ['slash', `${'A'.repeat(63)}/`],
    ['a path', '../'.repeat(21)],
    ['a prototype name', '__proto__'],
    ['an operator', '{"$ne":1}'],
    ['a space before', ` ${'A'.repeat(63)}`],
  ])('SI-06: refuses by shape: %s', (_, text) => {
    expect(readSessionToken(text)).toBeNull()
  })

  it('SI-04: the public id is no token', () => {
    expect(readSessionToken(newId())).toBeNull()
  })
})
