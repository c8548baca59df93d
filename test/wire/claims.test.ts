import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ConfigurationError } from '../../src/errors.ts'
import { checkedLeeway, decodeClaims, encodeClaims, timeliness } from '../../src/wire/claims.ts'
import { fixed } from '../support/property.ts'
import { CLAIMS, claims, ISSUER, NOW, SECONDS } from '../support/signed.ts'

const expected = { issuer: ISSUER, audience: ISSUER }
/** As they come off the wire, where what is undefined is not there. */
const decode = (instead: Record<string, unknown>) => decodeClaims(JSON.parse(JSON.stringify(claims(instead))), expected)
/** Values that JSON.stringify would change: read from text. */
const decodeText = (name: string, value: string) => {
  const rest = JSON.stringify(claims({ [name]: undefined })).slice(0, -1)
  return decodeClaims(JSON.parse(`${rest},"${name}":${value}}`), expected)
}

const DAY = 86_400
const session = { cat: NOW - 1000, exp: NOW + 3_600_000, rem: false, idl: 5 }

describe('claims that are good', () => {
  it('JW-15: are read, each as what it is', () => {
    expect(decode({ nbf: SECONDS, scope: 'read', ses: session })).toEqual({
      issuer: ISSUER,
      audience: [ISSUER],
      subject: CLAIMS.sub,
      clientId: 'app.example',
      jti: CLAIMS.jti,
      sid: CLAIMS.sid,
      issuedAt: NOW,
      expiresAt: NOW + 300_000,
      notBefore: NOW,
      authenticatedAt: NOW - 60_000,
      amr: ['pwd'],
      roles: ['member'],
      scope: 'read',
      version: 1,
      generation: 0,
      everyone: 0,
      epoch: 'an-epoch',
      counter: 0,
      session: { createdAt: NOW - 1000, expiresAt: NOW + 3_600_000, remember: false, longestIdle: 5 },
    })
  })

  it('TO-09: come back as they were written, and no later', () => {
    const time = fc.integer({ min: 1_000_000, max: 2 ** 33 * 1000 - 1000 })
    const property = fc.property(
      time,
      fc.integer({ min: 1000, max: 10 ** 9 }),
      fc.nat(10 ** 9),
      (issuedAt, life, ago) => {
        fc.pre(issuedAt + life < 2 ** 33 * 1000 && issuedAt - ago >= 1000)
        const given = decode({ ses: session })
        if (!given) throw new Error('these are good')
        const written = { ...given, issuedAt, expiresAt: issuedAt + life, authenticatedAt: issuedAt - ago }
        const again = decodeClaims(JSON.parse(JSON.stringify(encodeClaims(written))), expected)
        expect(again).toEqual({
          ...written,
          issuedAt: Math.floor(issuedAt / 1000) * 1000,
          expiresAt: Math.floor((issuedAt + life) / 1000) * 1000,
        })
      },
    )
    fc.assert(property, fixed())
  })

  it('TO-09: with less than a second left they end to the millisecond, and after they began', () => {
    const given = decode({ ses: session })
    if (!given) throw new Error('these are good')
    const property = fc.property(
      fc.integer({ min: 1000, max: 2 ** 33 * 1000 - 1000 }),
      fc.nat(998),
      (issuedAt, more) => {
        const expiresAt = issuedAt + 1 + more
        const text = JSON.stringify(encodeClaims({ ...given, issuedAt, expiresAt }))
        const end = Number(/"exp":(\d+(?:\.\d{1,3})?),/.exec(text)?.[1])
        const again = decodeClaims(JSON.parse(text), expected)
        expect(again?.expiresAt).toBe(Math.round(end * 1000))
        expect([expiresAt, Math.floor(expiresAt / 1000) * 1000]).toContain(again?.expiresAt)
        expect(again?.expiresAt).toBeGreaterThan(again?.issuedAt ?? Number.NaN)
      },
    )
    fc.assert(property, fixed())
    const exact = encodeClaims({ ...given, issuedAt: NOW + 400, expiresAt: NOW + 437 })
    expect(exact).toMatchObject({ iat: SECONDS, exp: SECONDS + 0.437 })
    expect(encodeClaims({ ...given, issuedAt: NOW - 1, expiresAt: NOW + 437 })).toMatchObject({ exp: SECONDS })
  })

  it('JW-15: each one of the profile has to be there', () => {
    expect(decode({})).not.toBeNull()
    for (const name of Object.keys(CLAIMS)) expect(decode({ [name]: undefined }), name).toBeNull()
  })

  it('JW-22: and has to be the token’s own', () => {
    for (const name of Object.keys(CLAIMS)) {
      const { [name]: value, ...rest } = claims()
      const inherited = Object.assign(Object.create({ [name]: value }), rest)
      expect(inherited[name], name).toEqual(value)
      expect(decodeClaims(inherited, expected), name).toBeNull()
    }
    const optional = Object.assign(Object.create({ nbf: SECONDS, scope: 'admin', ses: session }), claims())
    expect(decodeClaims(optional, expected)).toMatchObject({ notBefore: null, scope: null, session: null })
    expect(decodeText('__proto__', '{"roles":["admin"]}')).toMatchObject({ roles: ['member'] })
    expect(decodeText('constructor', '{"prototype":{"admin":true}}')).not.toBeNull()
    expect(({} as Record<string, unknown>).admin).toBeUndefined()
    for (const name of Object.keys(session)) {
      const { [name as keyof typeof session]: value, ...rest } = session
      const inherited = Object.assign(Object.create({ [name]: value }), rest)
      expect(decodeClaims({ ...claims(), ses: inherited }, expected), name).toBeNull()
    }
  })
})

describe('JW-09: when a token expires', () => {
  it.each(['"1800000300"', 'null', 'true', '[1800000300]', '{}', '1e308', '1e400', '-1', '0', '1800000300000', '""'])(
    'exp %s is refused',
    (value) => {
      expect(decodeText('exp', '1800000300')).not.toBeNull()
      expect(decodeText('exp', value)).toBeNull()
    },
  )

  it('is said in any number that is in the future, and is over at that instant', () => {
    const found = decodeText('exp', '1800000300.5')
    expect(found?.expiresAt).toBe(NOW + 300_500)
    if (!found) return
    const none = { leeway: 0, ahead: 0 }
    expect(timeliness(found, NOW + 300_499, none)).toBe('good')
    expect(timeliness(found, NOW + 300_500, none)).toBe('expired')
    expect(timeliness(found, NOW + 10 ** 12, none)).toBe('expired')
  })
})

describe('JW-10: when a token begins', () => {
  it.each(['"1800000000"', 'null', 'true', '[]', '{}', '0', '-1', '1e400', '1800000000000', '9999999999'])(
    'nbf and iat %s are refused',
    (value) => {
      expect(decodeText('nbf', value)).toBeNull()
      expect(decodeText('iat', value)).toBeNull()
      expect(decodeText('auth_time', value)).toBeNull()
    },
  )

  it('exp is after iat', () => {
    expect(decode({ iat: SECONDS + 299 })).not.toBeNull()
    expect(decode({ iat: SECONDS + 300 })).toBeNull()
    expect(decode({ iat: SECONDS + 301 })).toBeNull()
  })

  it('a token from the future is early, by its iat and by its nbf', () => {
    const none = { leeway: 0, ahead: 0 }
    const times = { issuedAt: NOW, expiresAt: NOW + DAY * 2000, notBefore: null }
    expect(timeliness({ ...times, issuedAt: NOW + DAY * 1000 }, NOW, none)).toBe('early')
    expect(timeliness({ ...times, notBefore: NOW + DAY * 1000 }, NOW, none)).toBe('early')
    expect(timeliness({ ...times, issuedAt: NOW + 1 }, NOW, none)).toBe('early')
    expect(timeliness({ ...times, notBefore: NOW + 1 }, NOW, none)).toBe('early')
    expect(timeliness({ ...times, notBefore: NOW }, NOW, none)).toBe('good')
    // Where the clock of who signs may be ahead, nothing lives longer for it.
    expect(timeliness({ ...times, issuedAt: NOW + 30_000 }, NOW, { leeway: 0, ahead: 30_000 })).toBe('good')
    expect(timeliness({ ...times, issuedAt: NOW + 30_001 }, NOW, { leeway: 0, ahead: 30_000 })).toBe('early')
    expect(timeliness({ ...times, expiresAt: NOW }, NOW, { leeway: 0, ahead: 30_000 })).toBe('expired')
  })
})

describe('JW-11: leeway', () => {
  it('widens every check by exactly that much', () => {
    const allow = { leeway: 60_000, ahead: 0 }
    const at = (instead: object) =>
      timeliness({ issuedAt: NOW - DAY, expiresAt: NOW + DAY, notBefore: null, ...instead }, NOW, allow)
    expect(at({ expiresAt: NOW - 59_999 })).toBe('good')
    expect(at({ expiresAt: NOW - 60_000 })).toBe('expired')
    expect(at({ issuedAt: NOW + 60_000 })).toBe('good')
    expect(at({ issuedAt: NOW + 60_001 })).toBe('early')
    expect(at({ notBefore: NOW + 60_000 })).toBe('good')
    expect(at({ notBefore: NOW + 60_001 })).toBe('early')
  })

  it('is at most a minute', () => {
    expect(checkedLeeway(0)).toBe(0)
    expect(checkedLeeway(60_000)).toBe(60_000)
    for (const wrong of [60_001, 3_600_000, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => checkedLeeway(wrong)).toThrow(ConfigurationError)
      expect(() => checkedLeeway(wrong)).toThrow(/^keys\.leeway/)
    }
  })
})

describe('JW-12: whom a token is for', () => {
  it.each([
    ['nobody', undefined],
    ['an empty list', []],
    ['an empty text', ''],
    ['another', 'https://other.example'],
    ['a part of us', 'https://app.exampl'],
    ['more than us', `${ISSUER}.evil.example`],
    ['us with a slash', `${ISSUER}/`],
    ['us in capitals', ISSUER.toUpperCase()],
    ['us with a space', ` ${ISSUER}`],
    ['a list of others', ['https://a.example', 'https://b.example']],
    ['a list within a list', [[ISSUER]]],
    ['an object', { 0: ISSUER }],
    ['a list with a number', [ISSUER, 1]],
    ['a list with null', [ISSUER, null]],
    ['a thousand', [ISSUER, ...Array.from({ length: 999 }, (_, n) => `https://${n}.example`)]],
    ['null', null],
    ['true', true],
  ])('%s is refused', (_, aud) => {
    expect(decode({ aud })).toBeNull()
  })

  it('us among others is good', () => {
    expect(decode({ aud: ['https://a.example', ISSUER] })?.audience).toEqual(['https://a.example', ISSUER])
  })
})

describe('JW-13: whose a token is', () => {
  it.each([
    ['nobody', undefined],
    ['a list', [ISSUER]],
    ['us with a slash', `${ISSUER}/`],
    ['us in capitals', ISSUER.toUpperCase()],
    ['us by another scheme', ISSUER.replace('https', 'http')],
    ['us with the port', `${ISSUER}:443`],
    ['another', 'https://evil.example'],
    ['an object', { toString: ISSUER }],
    ['null', null],
    ['an empty text', ''],
  ])('%s is refused', (_, iss) => {
    expect(decode({ iss })).toBeNull()
  })
})

describe('the rest', () => {
  const texts = ['sub', 'client_id', 'jti', 'sid', 'epo']
  const lists = ['amr', 'roles']
  const counts = ['aat', 'ver', 'gen', 'all', 'ctr']

  it.each(texts)('%s is text, and not much', (name) => {
    for (const value of ['', 1, null, true, ['x'], { x: 1 }, 'x'.repeat(257)])
      expect(decode({ [name]: value })).toBeNull()
    expect(decode({ [name]: 'x'.repeat(256) })).not.toBeNull()
  })

  it.each(lists)('%s is a list of texts, and not many', (name) => {
    const wrong = ['pwd', 1, null, { 0: 'pwd', length: 1 }, [1], [null], [['pwd']], [''], Array(65).fill('r')]
    for (const value of wrong) expect(decode({ [name]: value })).toBeNull()
    expect(decode({ [name]: [] })).not.toBeNull()
    expect(decode({ [name]: Array(64).fill('r') })).not.toBeNull()
  })

  it.each(counts)('%s is a whole number', (name) => {
    for (const value of ['1', null, true, [1], -1, 1.5]) expect(decode({ [name]: value })).toBeNull()
    for (const value of ['9007199254740993', '1e400']) expect(decodeText(name, value)).toBeNull()
  })

  it('scope and the session may be missing, and are whole when they are there', () => {
    for (const scope of ['', 1, null, ['read']]) expect(decode({ scope })).toBeNull()
    for (const ses of [
      null,
      1,
      'x',
      [],
      {},
      { ...session, cat: '1' },
      { ...session, exp: -1 },
      { ...session, rem: 1 },
      { ...session, idl: null },
    ]) {
      expect(decode({ ses })).toBeNull()
    }
    expect(decodeClaims(null, expected)).toBeNull()
  })

  it('is never a fault, whatever was signed', () => {
    const property = fc.property(
      fc.constantFrom(...Object.keys(CLAIMS), 'nbf', 'scope', 'ses', '__proto__'),
      fc.json(),
      (name, text) => {
        expect(() => decodeText(name, text)).not.toThrow()
      },
    )
    fc.assert(property, fixed(2000))
  })
})
