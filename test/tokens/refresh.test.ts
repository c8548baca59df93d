import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mac, macKey, randomText, sha256 } from '../../src/crypto.ts'
import type { SessionId } from '../../src/session.ts'
import { refreshTokens } from '../../src/tokens/refresh.ts'
import { fixed } from '../support/property.ts'

const SECRET = 'test-secret-0123456789-abcdefghijklmnop'
const OLDER = 'older-secret-0123456789-abcdefghijklmno'
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

const sid = 'BBBBBBBBBBBBBBBBBBBBBA' as SessionId
const seed = sha256('a seed')
const tokens = refreshTokens([macKey(SECRET, 'refresh')])
const good = tokens.make(sid, 7, seed)
/** Whether a text passes for the token of any session whose seed is this. */
const passes = (text: string, by = tokens): boolean => by.read(text)?.fits(seed) ?? false

describe('RT-07: a refresh token', () => {
  it('says its session and how far it has come, and fits the seed of its record', () => {
    expect(good).toMatch(/^[\w-]{76}$/)
    expect(tokens.read(good)).toMatchObject({ sid, counter: 7 })
    expect(passes(good)).toBe(true)
    expect(tokens.make(sid, 7, seed)).toBe(good)
  })

  it('with any one character different, in whatever way, is refused', () => {
    for (let at = 0; at < good.length; at += 1) {
      for (const other of `${ALPHABET}.=+/ \u0141`) {
        if (other === good.charAt(at)) continue
        const altered = good.slice(0, at) + other + good.slice(at + 1)
        if (passes(altered)) throw new Error(`character ${at} as ${other} passes`)
      }
    }
  })

  it('cut, longer, joined of two, or in other letters is refused', () => {
    const another = tokens.make('CCCCCCCCCCCCCCCCCCCCCA' as SessionId, 8, seed)
    for (let at = 1; at < good.length; at += 1) {
      const joined = good.slice(0, at) + another.slice(at)
      // They begin alike, by the name of the key.
      if (joined !== another && joined !== good) expect(passes(joined), `joined at ${at}`).toBe(false)
      expect(passes(good.slice(at))).toBe(false)
    }
    for (const text of ['', `${good}A`, `A${good}`, `${good}=`, `${good}\n`, ` ${good}`, good.toLowerCase()]) {
      expect(tokens.read(text)).toBeNull()
    }
  })

  it('of another session, another counter or another seed does not fit', () => {
    expect(tokens.read(good)?.fits(sha256('another seed'))).toBe(false)
    expect(tokens.read(good)?.fits('')).toBe(false)
    const bytes = Buffer.from(good, 'base64url')
    bytes.writeUIntBE(8, 20, 5)
    const further = tokens.read(bytes.toString('base64url'))
    expect(further?.counter).toBe(8)
    expect(further?.fits(seed)).toBe(false)
  })

  it('is not made of what is stored: the record alone lacks the key, and the key alone lacks the seed', () => {
    const thief = refreshTokens([macKey('a guess', 'refresh')])
    expect(tokens.read(thief.make(sid, 7, seed))).toBeNull()
    // With the name of the key, which every token shows.
    const named = Buffer.concat([
      Buffer.from(good, 'base64url').subarray(0, 4),
      Buffer.from(thief.make(sid, 7, seed), 'base64url').subarray(4),
    ])
    expect(passes(named.toString('base64url'))).toBe(false)
    expect(passes(tokens.make(sid, 7, sha256('a guess')))).toBe(false)
    for (const proof of [seed, Buffer.from(seed, 'hex').toString('base64url'), '', randomText(32)]) {
      const bytes = Buffer.from(good, 'base64url')
      Buffer.from(proof, 'base64url').copy(bytes, 25)
      if (bytes.toString('base64url') !== good) expect(passes(bytes.toString('base64url'))).toBe(false)
    }
  })

  it('has nothing of the seed or the key in it', () => {
    const dump = Buffer.from(good, 'base64url').toString('hex')
    for (const secret of [seed, Buffer.from(seed).toString('hex')]) expect(dump).not.toContain(secret.slice(0, 16))
  })

  it('KM-09: made for one purpose by the same secret does not pass for another', () => {
    for (const purpose of ['csrf', 'token encryption', 'session reference', 'throttle', 'seal']) {
      const other = refreshTokens([macKey(SECRET, purpose)])
      expect(tokens.read(other.make(sid, 7, seed)), purpose).toBeNull()
      expect(other.read(good), purpose).toBeNull()
    }
    // Not the CSRF token of this session either, where the proof would be.
    const csrf = Buffer.from(mac(macKey(SECRET, 'csrf'), sid), 'base64url')
    const bytes = Buffer.from(good, 'base64url')
    csrf.copy(bytes, 25)
    expect(passes(bytes.toString('base64url'))).toBe(false)
  })

  it('of an older master secret is good while that is listed', () => {
    const before = refreshTokens([macKey(OLDER, 'refresh')])
    const both = refreshTokens([macKey(SECRET, 'refresh'), macKey(OLDER, 'refresh')])
    expect(passes(before.make(sid, 7, seed), both)).toBe(true)
    expect(both.make(sid, 7, seed)).toBe(good)
    expect(tokens.read(before.make(sid, 7, seed))).toBeNull()
  })

  it('carries every counter to the last, and no other', () => {
    const property = fc.property(fc.oneof(fc.nat(), fc.integer({ min: 2 ** 31, max: 2 ** 40 - 1 })), (counter) => {
      const token = tokens.make(sid, counter, seed)
      expect(tokens.read(token)).toMatchObject({ sid, counter })
      expect(passes(token)).toBe(true)
    })
    fc.assert(property, fixed())
    expect(tokens.read(tokens.make(sid, 2 ** 40 - 1, seed))?.counter).toBe(2 ** 40 - 1)
    for (const counter of [2 ** 40, -1, 1.5, Number.NaN]) {
      expect(() => tokens.make(sid, counter, seed)).toThrow(RangeError)
    }
    expect(() => refreshTokens([]).make(sid, 1, seed)).toThrow(RangeError)
  })

  it('never throws when it is read, and no made-up text fits', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 100 }),
      fc.string({ unit: fc.constantFrom(...ALPHABET), minLength: 76, maxLength: 76 }),
      fc
        .string({ unit: fc.constantFrom(...ALPHABET), minLength: 70, maxLength: 70 })
        .map((rest) => good.slice(0, 6) + rest),
    )
    fc.assert(
      fc.property(text, (made) => {
        expect(passes(made)).toBe(made === good)
      }),
      fixed(2000),
    )
  })
})
