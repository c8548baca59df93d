import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Algorithm, generateKey, type SigningKey, verify } from '../../src/crypto.ts'
import { decodeClaims } from '../../src/wire/claims.ts'
import { parseCompact, payloadOf } from '../../src/wire/jws.ts'
import { CLAIMS, headerOf, ISSUER, part, token as signed } from '../support/signed.ts'

const SEED = 20_261_121
const RUNS = { seed: SEED, numRuns: 3000 }

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** What a reader does with a token, without anything remembered. */
function read(key: SigningKey, token: string) {
  const parsed = parseCompact(token, 'at+jwt')
  if (parsed === null || parsed.alg !== key.alg || parsed.kid !== key.kid) return null
  if (!verify(key, parsed.input, parsed.signature)) return null
  return decodeClaims(payloadOf(parsed), { issuer: ISSUER, audience: ISSUER })
}

const spliced = (text: string, at: number, cut: number, put: string) => text.slice(0, at) + put + text.slice(at + cut)

describe.each<Algorithm>(['EdDSA', 'ES256', 'RS256', 'HS256'])(`tokens of %s, seed ${SEED}`, (alg) => {
  let key: SigningKey
  let good: string

  beforeAll(async () => {
    key = await generateKey(alg)
    good = signed(key)
  })

  it('JW-06: with any one character changed, left out or doubled are refused', () => {
    expect(read(key, good)?.jti).toBe(CLAIMS.jti)
    for (let at = 0; at < good.length; at += 1) {
      const own = good.charAt(at)
      const value = ALPHABET.indexOf(own)
      // The neighbour shares all but the last bit; the others are of no alphabet, or of another.
      const others = [
        ALPHABET.charAt(value ^ 1),
        '.',
        '=',
        String.fromCharCode(own.charCodeAt(0) + 0x100),
        '',
        own + own,
      ]
      for (const other of others) {
        if (other !== own) expect(read(key, spliced(good, at, 1, other)), `'${other}' at ${at}`).toBeNull()
      }
    }
  })

  it('JW-01: altered anywhere, however much, are refused, and nothing throws', () => {
    const piece = fc.oneof(
      fc.string({ unit: fc.constantFrom(...ALPHABET, '.', '=', '+', '/', ' ', '\n', '\u0141'), maxLength: 6 }),
      fc.string({ unit: 'binary', maxLength: 4 }),
      fc.constantFrom('.', '..', part('{}'), part(headerOf(key, { alg: 'none' })), part(headerOf(key)), part(CLAIMS)),
    )
    const edit = fc.tuple(fc.nat(good.length), fc.nat(40), piece)
    const property = fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
      let text = good
      for (const [at, cut, put] of edits) text = spliced(text, at, cut, put)
      if (text !== good) expect(read(key, text)).toBeNull()
    })
    fc.assert(property, RUNS)
  })

  it('JW-01: put together from parts of good ones are refused', () => {
    const others = [good, signed(key, { sub: 'another' }), signed(key, {}, { typ: 'application/at+jwt' })]
    const parts = others.flatMap((text) => text.split('.'))
    const property = fc.property(fc.array(fc.constantFrom(...parts), { minLength: 3, maxLength: 3 }), (chosen) => {
      const text = chosen.join('.')
      expect(read(key, text) !== null).toBe(others.includes(text))
    })
    fc.assert(property, { ...RUNS, numRuns: 300 })
  })

  it('JW-17: are no fault whatever a text is', () => {
    const any = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc
        .array(fc.constantFrom('.', '{', '"', ...good.split('.'), 'A'.repeat(700), '\ud800'), { maxLength: 20 })
        .map((all) => all.join('')),
      fc.uint8Array({ maxLength: 60 }).map((bytes) => `${good.split('.')[0]}.${part(Buffer.from(bytes))}.AAAA`),
    )
    fc.assert(
      fc.property(any, (text) => {
        if (text !== good) expect(read(key, text)).toBeNull()
      }),
      RUNS,
    )
  })

  it('JW-18: say nothing but what is a whole set of claims, whatever was signed', () => {
    const odd = fc.oneof(
      fc.constantFrom<unknown>(undefined, null, '', 0, -1, 1.5, 1e308, true, [], {}, [[]], 'x'.repeat(300), ['', 'a']),
      fc.jsonValue(),
    )
    const change = fc.tuple(fc.constantFrom(...Object.keys(CLAIMS)), odd)
    const property = fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      const found = read(key, signed(key, Object.fromEntries(changes)))
      if (found === null) return
      expect(found.issuer).toBe(ISSUER)
      expect(found.audience).toContain(ISSUER)
      expect(found.expiresAt).toBeGreaterThan(found.issuedAt)
      for (const text of [
        found.subject,
        found.sid,
        found.jti,
        found.clientId,
        found.epoch,
        ...found.roles,
        ...found.amr,
      ]) {
        expect(text).toMatch(/^.{1,256}$/su)
      }
      for (const count of [found.version, found.generation, found.everyone, found.counter, found.authenticatedAt]) {
        expect(Number.isSafeInteger(count) && count >= 0).toBe(true)
      }
    })
    fc.assert(property, { ...RUNS, numRuns: 300 })
  })
})
