import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ALGORITHMS, sign } from '../../src/crypto.ts'
import { FORGED, MALFORMED } from '../../src/tokens/refusals.ts'
import { fixed } from '../support/property.ts'
import {
  CLAIMS,
  claims,
  headerOf,
  ISSUER,
  jws,
  NOW,
  part,
  read,
  SECONDS,
  token,
  withSignature,
} from '../support/signed.ts'
import { asked, byAlg, forget, key, make, readBy, SUBJECT, sessionOf, stranger, tokens } from './issuer.ts'

beforeEach(forget)

describe('what is made', () => {
  it.each(ALGORITHMS)('JW-15: by %s has the claims of the profile, and is read back', async (alg) => {
    const issuer = tokens(byAlg[alg])
    const text = await make(issuer)
    const { header, payload } = read(text)
    expect(header).toEqual({ typ: 'at+jwt', alg, kid: byAlg[alg].kid })
    const { jti, ...rest } = payload
    expect(jti).toMatch(/^[\w-]{22}$/)
    const { jti: _, ...expected } = CLAIMS
    expect(rest).toEqual(expected)
    expect(await issuer.read(text, NOW)).toMatchObject({ ok: true, value: { kid: byAlg[alg].kid, session: null } })
  })

  it('JW-15: ten thousand tokens of one session have ten thousand names', async () => {
    const issuer = tokens(byAlg.HS256)
    const made = await Promise.all(Array.from({ length: 10_000 }, () => make(issuer)))
    const names = new Set(made.map((text) => read(text).payload.jti))
    expect(names.size).toBe(10_000)
  })

  it('JW-16: says no more than its claims: nothing of address, name, device or fields', async () => {
    const made = await make()
    const [header = '', payload = ''] = made.split('.')
    const text = Buffer.from(header, 'base64url').toString() + Buffer.from(payload, 'base64url').toString()
    for (const personal of ['192.0.2.77', 'Firefox', 'Linux', 'desktop', 'note', '@', 'mail', 'name']) {
      expect(text).not.toContain(personal)
    }
    expect(Object.keys(read(made).payload).sort()).toEqual(Object.keys(CLAIMS).sort())
  })

  it('TO-09: does not last longer than it may, by no part of a second', async () => {
    const { payload } = read(await tokens(key).make(SUBJECT, NOW + 299_999, { counter: 0, own: null }, NOW))
    expect(payload.exp).toBe(CLAIMS.exp - 1)
  })
})

describe('TO-09: a token that is made when its session ends', () => {
  const end = NOW + 60_437
  const subject = { ...SUBJECT, session: { ...SUBJECT.session, expiresAt: end } }

  it.each([
    ['a second before', end - 1000, SECONDS + 60],
    ['within the second', end - 400, SECONDS + 60.437],
    ['at the last instant', end - 1, SECONDS + 60.437],
    ['at the end', end, SECONDS + 60.437],
    ['a moment after', end + 600, SECONDS + 60.437],
    ['long after', end + 60_000, SECONDS + 60.437],
  ])('%s is read, and over at the end at the latest', async (_, now, exp) => {
    const issuer = tokens(key)
    const text = await issuer.make(subject, end, { counter: 0, own: null }, now)
    expect(read(text).payload.exp).toBe(exp)
    const found = await issuer.read(text, now)
    expect(found).toMatchObject({ ok: true, value: { claims: { expiresAt: Math.round(exp * 1000) } } })
  })

  it('is read at whole seconds too', async () => {
    const issuer = tokens(key)
    for (const now of [NOW - 1, NOW, NOW + 5000]) {
      const text = await issuer.make(subject, NOW, { counter: 0, own: null }, now)
      expect(read(text).payload).toMatchObject({ iat: SECONDS - 1, exp: SECONDS })
      expect((await issuer.read(text, now)).ok).toBe(true)
    }
  })
})

describe('JW-01: a token that was not signed here', () => {
  it('is forged, and nothing of it goes anywhere but the kid, to look up the key', async () => {
    const forged = jws({ ...stranger, kid: key.kid }, headerOf(key), claims({ roles: ['admin'], ses: {} }))
    expect(await readBy(key, forged)).toBe(FORGED)
    expect(asked).toEqual([key.kid])
    expect(sessionOf).not.toHaveBeenCalled()
    expect(JSON.stringify(FORGED)).toBe('{"ok":false,"refusal":{"code":"unauthenticated","presented":true}}')
  })

  it('is not even decoded: what is no JSON is told from what is by nobody', async () => {
    const parse = vi.spyOn(JSON, 'parse')
    for (const payload of ['{"sub":"marked"}', 'no JSON', '{"sub":"a","sub":"b"}', '[]', Buffer.from([0xff])]) {
      const input = `${part(headerOf(key))}.${part(payload)}`
      expect(await readBy(key, `${input}.${sign(stranger, input)}`)).toBe(FORGED)
    }
    for (const [text] of parse.mock.calls) expect(text).toContain('at+jwt')
  })

  it('is not refused by its claims before its signature: all of them are the same to a stranger', async () => {
    for (const instead of [{ exp: 1 }, { iss: 'https://evil.example' }, { aud: undefined }, { exp: 'x' }]) {
      expect(await readBy(key, jws({ ...stranger, kid: key.kid }, headerOf(key), claims(instead)))).toBe(FORGED)
    }
  })
})

describe('JW-14: what is not an access token', () => {
  it.each([
    'JWT',
    'logout+jwt',
    'dpop+jwt',
    'dbsc+jwt',
    'secevent+jwt',
    'id+jwt',
    'token-introspection+jwt',
    undefined,
  ])('is refused although our key signed it: %s', async (typ) => {
    expect(await readBy(key, token(key, {}, { typ }))).toBe(MALFORMED)
  })
})

describe('JW-12, JW-13: for whom and of whom', () => {
  it('is judged after the signature, and refused', async () => {
    for (const instead of [{ aud: 'https://other.example' }, { aud: [] }, { iss: `${ISSUER}/` }, { iss: [ISSUER] }]) {
      expect(await readBy(key, token(key, instead))).toBe(MALFORMED)
    }
  })
})

describe('JW-09: the expiry of a token', () => {
  it('has to be there and of its kind; whether it is over is asked at each use', async () => {
    for (const exp of [undefined, null, '1800000300', NOW + 300_000, 0, -1, [CLAIMS.exp]]) {
      expect(await readBy(key, token(key, { exp }))).toBe(MALFORMED)
    }
    const infinite = JSON.stringify(CLAIMS).replace(`"exp":${CLAIMS.exp}`, '"exp":1e400')
    expect(await readBy(key, jws(key, headerOf(key), infinite))).toBe(MALFORMED)
    expect(await tokens(key).read(token(key), NOW + 10 ** 10)).toMatchObject({ ok: true })
  })
})

describe('what is remembered', () => {
  /** How often a token was verified: each time its key is looked up. */
  const count = async (reader: ReturnType<typeof tokens>, text: string): Promise<number> => {
    const before = asked.length
    await reader.read(text, NOW)
    return asked.length - before
  }

  it('is what verified: only the first time is work', async () => {
    const reader = tokens(key)
    const good = token(key)
    expect(await count(reader, good)).toBe(1)
    expect(await count(reader, good)).toBe(0)
    expect(sessionOf).toHaveBeenCalledTimes(1)
  })

  it('is nothing that did not', async () => {
    const reader = tokens(key)
    const forged = token({ ...stranger, kid: key.kid })
    const misread = token(key, { aud: 'https://other.example' })
    for (const bad of [forged, misread, token(key, {}, { kid: 'unknown' })]) {
      expect(await count(reader, bad)).toBe(1)
      expect(await count(reader, bad)).toBe(1)
      expect(await reader.read(bad, NOW)).toMatchObject({ ok: false })
    }
  })

  it('cannot be taken for another token that ends alike', async () => {
    const reader = tokens(key)
    const good = token(key)
    await reader.read(good, NOW)
    const input = `${part(headerOf(key))}.${part(claims({ roles: ['admin'] }))}`
    const forged = `${input}.${good.slice(good.lastIndexOf('.') + 1)}`
    expect(forged.slice(-64)).toBe(good.slice(-64))
    expect(await reader.read(forged, NOW)).toBe(FORGED)
    // Nor put out of it by one.
    expect(await count(reader, good)).toBe(0)
    expect(await reader.read(good, NOW)).toMatchObject({ value: { claims: { roles: ['member'] } } })
  })

  it('cannot be flooded by what is forged, and is bounded for what is not', async () => {
    const own = byAlg.HS256
    const reader = tokens(own)
    const good = token(own)
    await reader.read(good, NOW)
    for (let n = 0; n < 20_500; n += 1) await reader.read(withSignature(good, `${String(n).padStart(42, '0')}A`), NOW)
    expect(await count(reader, good)).toBe(0)
    const many = Array.from({ length: 20_500 }, (_, n) => token(own, { jti: `n${n}` }))
    for (const text of many) await reader.read(text, NOW)
    expect(await count(reader, many[0] as string)).toBe(1)
    expect(await count(reader, many.at(-1) as string)).toBe(0)
  })

  it('is no token that is very long', async () => {
    const reader = tokens(key)
    const long = token(key, { roles: Array.from({ length: 40 }, (_, n) => `role-${n}`.padEnd(50, 'x')) })
    expect(long.length).toBeGreaterThan(2048)
    expect(await count(reader, long)).toBe(1)
    expect(await count(reader, long)).toBe(1)
    expect(await reader.read(long, NOW)).toMatchObject({ ok: true })
  })
})

it('JW-18: whatever is in the payload, a signature makes it no fault', async () => {
  const reader = tokens(byAlg.HS256)
  const header = headerOf(byAlg.HS256)
  const body = fc.oneof(fc.json(), fc.string({ unit: 'binary' }), fc.constantFrom('null', '[]', '""', '{"exp":1e400}'))
  const property = fc.asyncProperty(body, async (text) => {
    fc.pre(text !== '')
    expect(await reader.read(jws(byAlg.HS256, header, text), NOW)).toBe(MALFORMED)
  })
  await fc.assert(property, fixed(1500))
})
