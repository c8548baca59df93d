import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AccessClaims } from '../../src/wire/claims.ts'
import { decodeClaims, encodeClaims } from '../../src/wire/claims.ts'
import { payloadOf } from '../../src/wire/jws.ts'
import { ownClaims } from '../../src/wire/own-claims.ts'
import { fixed } from '../support/property.ts'
import { ISSUER, NOW } from '../support/signed.ts'

const expected = { issuer: ISSUER, audience: ISSUER }
const own = ownClaims(expected)

/** The long way, which every payload can go. */
const closely = (body: Buffer) =>
  decodeClaims(payloadOf({ kid: '', alg: '', input: '', signature: body, body }), expected)

const GOOD: AccessClaims = {
  issuer: ISSUER,
  audience: [ISSUER],
  subject: 'a-user',
  clientId: 'app.example',
  jti: 'a-token',
  sid: 'a-session',
  issuedAt: NOW,
  expiresAt: NOW + 300_000,
  notBefore: null,
  authenticatedAt: NOW - 60_001,
  amr: ['pwd'],
  roles: ['member', 'editor'],
  scope: null,
  version: 1,
  generation: 2,
  everyone: 3,
  epoch: 'an-epoch',
  counter: 4,
  session: null,
}
const session = { createdAt: NOW - 1000, expiresAt: NOW + 3_600_000, remember: true, longestIdle: 5 }
const bodyOf = (claims: AccessClaims): Buffer => Buffer.from(JSON.stringify(encodeClaims(claims)))

describe('payloads laid out as ours are', () => {
  it.each([
    ['a session with a record', GOOD],
    ['a session without one', { ...GOOD, session }],
    ['nobody’s roles', { ...GOOD, roles: [], amr: [] }],
  ])('JW-15: are read as the long way reads them: %s', (_, claims) => {
    expect(own(bodyOf(claims))).toEqual(claims)
    expect(own(bodyOf(claims))).toEqual(closely(bodyOf(claims)))
  })

  it.each([
    ['a scope', { ...GOOD, scope: 'read' }],
    ['a time before which it is none', { ...GOOD, notBefore: NOW }],
    ['a fraction of a second', { ...GOOD, expiresAt: NOW + 500 }],
    ['a name that is not ASCII', { ...GOOD, subject: 'Zoë' }],
    ['an escape', { ...GOOD, subject: 'a"b\\' }],
    ['several audiences', { ...GOOD, audience: [ISSUER, 'https://other.example'] }],
  ])('with %s are left to the long way', (_, claims) => {
    expect(own(bodyOf(claims))).toBeNull()
    expect(closely(bodyOf(claims))).toEqual(claims)
  })

  it('JW-12 JW-13: another issuer or audience is nobody’s', () => {
    const other = `${ISSUER.slice(0, -1)}x`
    for (const instead of [{ issuer: other }, { audience: [other] }, { issuer: `${ISSUER}x` }]) {
      expect(own(bodyOf({ ...GOOD, ...instead }))).toBeNull()
      expect(closely(bodyOf({ ...GOOD, ...instead }))).toBeNull()
    }
  })

  it('JW-08 JW-15: whatever is changed in one, it comes to the same as the long way, or is left to it', () => {
    const text = bodyOf({ ...GOOD, session }).toString()
    const piece = fc.constantFrom(
      ...'"\\,:{}[]0-.e',
      '0',
      '99999999999',
      '"sub":"x",',
      '\u0000',
      'é',
      'null',
      '""',
      '1e3',
    )
    const change = fc.record({ at: fc.nat(text.length), gone: fc.nat(12), put: fc.array(piece, { maxLength: 3 }) })
    let read = 0
    const property = fc.property(fc.array(change, { minLength: 1, maxLength: 2 }), (changes) => {
      const changed = changes.reduce(
        (so, { at, gone, put }) => so.slice(0, at) + put.join('') + so.slice(at + gone),
        text,
      )
      const body = Buffer.from(changed)
      const found = own(body)
      if (found === null) return
      read += 1
      expect(found).toEqual(closely(body))
    })
    fc.assert(property, fixed(20_000))
    // A property of nothing would hold too.
    expect(read).toBeGreaterThan(200)
  })

  it('JW-17: lists and texts are no longer than the long way takes them', () => {
    for (const claims of [
      { ...GOOD, roles: Array.from({ length: 65 }, (_, i) => `role-${i}`) },
      { ...GOOD, subject: 'x'.repeat(257) },
      { ...GOOD, subject: '' },
      { ...GOOD, counter: 2 ** 53 },
      { ...GOOD, expiresAt: GOOD.issuedAt },
      { ...GOOD, expiresAt: 2 ** 33 * 1000 },
    ]) {
      expect(own(bodyOf(claims))).toBeNull()
      expect(closely(bodyOf(claims))).toBeNull()
    }
  })
})
