import { constants, createHmac, createSecretKey, sign as signRaw } from 'node:crypto'
import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ALGORITHMS, type Algorithm, generateKey, publicJwk, type SigningKey, sign } from '../../src/crypto.ts'
import type { Session } from '../../src/session.ts'
import type { Subject } from '../../src/strategy.ts'
import { accessTokens } from '../../src/tokens/access.ts'
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
  signatureOf,
  token,
  twin,
  withSignature,
} from '../support/signed.ts'

const made = await Promise.all(ALGORITHMS.map(async (alg) => [alg, await generateKey(alg)] as const))
const byAlg = Object.fromEntries(made) as Record<Algorithm, SigningKey>
const stranger = await generateKey('EdDSA')
const key = byAlg.EdDSA

const SUBJECT: Subject = {
  session: {
    id: CLAIMS.sid as Session['id'],
    userId: CLAIMS.sub as Session['userId'],
    strategy: 'hybrid',
    createdAt: NOW - 60_000,
    authenticatedAt: NOW - 60_000,
    lastActiveAt: NOW,
    longestIdle: 0,
    idleTimeout: 1_800_000,
    expiresAt: NOW + 3_600_000,
    amr: ['pwd'],
    remember: false,
    device: { browser: 'Firefox', os: 'Linux', type: 'desktop' },
    ip: '192.0.2.77',
    generation: 0,
    everyone: 0,
    fields: { note: 'a note of the application' },
    endedAt: null,
    endReason: null,
  },
  user: { roles: ['member'], version: 1 },
}

let asked: string[] = []
const sessionOf = vi.fn(() => null)
beforeEach(() => {
  asked = []
  sessionOf.mockClear()
})

/** Begun anew, so that no token is known; keeps a list of the kids it was asked for. */
function tokens(...held: readonly SigningKey[]) {
  const keys = {
    signing: () => held[0] as SigningKey,
    find(kid: string) {
      asked.push(kid)
      return held.find((one) => one.kid === kid) ?? null
    },
  }
  return accessTokens({ issuer: ISSUER, audience: ISSUER, keys, epoch: () => CLAIMS.epo, sessionOf })
}

const make = (from = tokens(key)) => from.make(SUBJECT, NOW + 300_000, { counter: 0, own: null }, NOW)
const readBy = (signingKey: SigningKey, text: string) => tokens(signingKey).read(text, NOW)

describe('what is made', () => {
  it.each(ALGORITHMS)('JW-15: by %s has the claims of the profile, and is read back', async (alg) => {
    const issuer = tokens(byAlg[alg])
    const text = make(issuer)
    const { header, payload } = read(text)
    expect(header).toEqual({ typ: 'at+jwt', alg, kid: byAlg[alg].kid })
    const { jti, ...rest } = payload
    expect(jti).toMatch(/^[\w-]{22}$/)
    const { jti: _, ...expected } = CLAIMS
    expect(rest).toEqual(expected)
    expect(await issuer.read(text, NOW)).toMatchObject({ ok: true, value: { kid: byAlg[alg].kid, session: null } })
  })

  it('JW-15: ten thousand tokens of one session have ten thousand names', () => {
    const issuer = tokens(byAlg.HS256)
    const names = new Set(Array.from({ length: 10_000 }, () => read(make(issuer)).payload.jti))
    expect(names.size).toBe(10_000)
  })

  it('JW-16: says no more than its claims: nothing of address, name, device or fields', () => {
    const [header = '', payload = ''] = make().split('.')
    const text = Buffer.from(header, 'base64url').toString() + Buffer.from(payload, 'base64url').toString()
    for (const personal of ['192.0.2.77', 'Firefox', 'Linux', 'desktop', 'note', '@', 'mail', 'name']) {
      expect(text).not.toContain(personal)
    }
    expect(Object.keys(read(make()).payload).sort()).toEqual(Object.keys(CLAIMS).sort())
  })

  it('TO-09: does not last longer than it may, by no part of a second', () => {
    const { payload } = read(tokens(key).make(SUBJECT, NOW + 299_999, { counter: 0, own: null }, NOW))
    expect(payload.exp).toBe(CLAIMS.exp - 1)
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

describe('JW-02: the key says by which algorithm', () => {
  const spellings = [
    'none',
    'None',
    'NONE',
    'nOnE',
    'none ',
    ' none',
    '',
    'hs256',
    'HS257',
    'HS256\0',
    'eddsa',
    'ED25519',
    'Ed25519',
    'ES256',
    'RS256',
    'constructor',
    '__proto__',
  ]

  it.each([...spellings, ['EdDSA'], ['none'], null, undefined, 1, true, { EdDSA: 1 }])(
    'alg %j is refused',
    async (alg) => {
      const header = headerOf(key, { alg })
      const signed = jws(key, header, CLAIMS)
      const input = signed.slice(0, signed.lastIndexOf('.'))
      const public_ = JSON.stringify(publicJwk(key))
      const mac = createHmac('sha256', public_).update(input).digest('base64url')
      for (const text of [signed, `${input}.`, input, `${input}.AA`, `${input}.${mac}`]) {
        expect(await readBy(key, text)).toBe(MALFORMED)
      }
    },
  )

  it('for every pair of algorithms, with the signature of either', async () => {
    for (const [alg, own] of made) {
      expect(await readBy(own, token(own))).toMatchObject({ ok: true })
      for (const [other, theirs] of made) {
        if (alg === other) continue
        expect(await readBy(own, token(own, {}, { alg: other }))).toBe(MALFORMED)
        expect(await readBy(own, jws({ ...theirs, kid: own.kid }, headerOf(own, { alg: other }), CLAIMS))).toBe(
          MALFORMED,
        )
        expect(await readBy(own, jws({ ...theirs, kid: own.kid }, headerOf(own), CLAIMS))).toBe(FORGED)
      }
    }
  })
})

describe('JW-03: what is public signs nothing', () => {
  it.each(ALGORITHMS.filter((alg) => alg !== 'HS256'))('of %s, in any spelling as a shared secret', async (alg) => {
    const own = byAlg[alg]
    const jwk = publicJwk(own)
    const { kid: _, alg: __, use: ___, ...bare } = jwk ?? {}
    const pem = own.verifier.export({ format: 'pem', type: 'spki' }) as string
    const der = own.verifier.export({ format: 'der', type: 'spki' })
    const raw = [jwk?.x, jwk?.y, jwk?.n, jwk?.e].filter((value) => value !== undefined)
    const secrets = [
      ...[pem, pem.trim(), `${pem}\n`, pem.replaceAll('\n', '\r\n'), pem.replaceAll('\n', '')],
      ...[der, der.toString('base64'), der.toString('base64url'), own.kid],
      ...[JSON.stringify(jwk), JSON.stringify(bare), JSON.stringify({ keys: [jwk] })],
      ...raw.flatMap((value) => [value as string, Buffer.from(value as string, 'base64url')]),
      ...[jwk?.x && jwk.y ? Buffer.from(`04${hex(jwk.x)}${hex(jwk.y)}`, 'hex') : 'x'],
    ]
    for (const secret of secrets) {
      for (const claimed of ['HS256', alg]) {
        const input = `${part(headerOf(own, { alg: claimed }))}.${part(CLAIMS)}`
        const mac = createHmac('sha256', createSecretKey(Buffer.from(secret as string)))
          .update(input)
          .digest('base64url')
        expect(await readBy(own, `${input}.${mac}`)).toMatchObject({ ok: false })
      }
    }
  })
})

describe('JW-04: keys in a token', () => {
  it('are not trusted, nor fetched', async () => {
    const network = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('nobody asks'))
    const jwk = publicJwk(stranger)
    const headers = [
      { jwk },
      { jwk, kid: stranger.kid },
      { jku: 'https://evil.example/keys', kid: stranger.kid },
      { x5u: 'https://evil.example/chain' },
      { x5c: ['MIIB'] },
      { x5t: 'AAAA', 'x5t#S256': 'AAAA' },
    ]
    for (const header of headers) {
      expect(await readBy(key, jws(stranger, headerOf(key, header), CLAIMS))).toBe(MALFORMED)
      // Not even beside a good signature.
      expect(await readBy(key, token(key, {}, { ...header, kid: key.kid }))).toBe(MALFORMED)
    }
    expect(network).not.toHaveBeenCalled()
  })
})

describe('JW-05: the key is the one that is named', () => {
  it('and no other is tried', async () => {
    const other = await generateKey('EdDSA')
    const both = tokens(key, other)
    expect(await both.read(token(key), NOW)).toMatchObject({ ok: true, value: { kid: key.kid } })
    expect(await both.read(token(other), NOW)).toMatchObject({ ok: true, value: { kid: other.kid } })
    expect(await both.read(token(key, {}, { kid: other.kid }), NOW)).toBe(FORGED)
    expect(await both.read(token(key, {}, { kid: 'unknown' }), NOW)).toBe(MALFORMED)
    expect(await both.read(token(key, {}, { kid: undefined }), NOW)).toBe(MALFORMED)
  })

  it('what is no name is asked of nobody', async () => {
    const hostile = ['../../etc/passwd', "' OR 1=1 --", '$(id)', '', 'k'.repeat(10_000), 1, {}, ['a'], null, 'a b']
    for (const kid of hostile) expect(await readBy(key, token(key, {}, { kid }))).toBe(MALFORMED)
    expect(asked).toEqual([])
    expect(await readBy(key, token(key, {}, { kid: '__proto__' }))).toBe(MALFORMED)
    expect(asked).toEqual(['__proto__'])
  })

  it('the answer may be late, and the token waits for it', async () => {
    const keys = { signing: () => key, find: async (kid: string) => (kid === key.kid ? key : null) }
    const late = accessTokens({ issuer: ISSUER, audience: ISSUER, keys, epoch: () => 'e', sessionOf })
    expect(await late.read(token(key), NOW)).toMatchObject({ ok: true })
    expect(await late.read(token(stranger), NOW)).toBe(MALFORMED)
    expect(await late.read(token({ ...stranger, kid: key.kid }), NOW)).toBe(FORGED)
  })
})

describe('JW-06, JW-19: one token has one spelling', () => {
  it.each(ALGORITHMS)('a token of %s with any one character different is refused', async (alg) => {
    const own = byAlg[alg]
    const good = token(own)
    const reader = tokens(own)
    expect(await reader.read(good, NOW)).toMatchObject({ ok: true })
    for (let at = 0; at < good.length; at += alg.endsWith('S256') && alg !== 'ES256' ? 3 : 1) {
      for (const other of [next(good.charAt(at)), '.', '=', String.fromCharCode(good.charCodeAt(at) + 0x100)]) {
        if (other === good.charAt(at)) continue
        const altered = good.slice(0, at) + other + good.slice(at + 1)
        const found = await reader.read(altered, NOW)
        if (found.ok) throw new Error(`character ${at} as ${JSON.stringify(other)} is accepted`)
      }
    }
  })

  it('JW-19: PSS with a salt of another length is refused, and so is the other padding', async () => {
    const own = byAlg.PS256
    const good = token(own)
    const input = Buffer.from(good.slice(0, good.lastIndexOf('.')))
    const padding = constants.RSA_PKCS1_PSS_PADDING
    for (const saltLength of [0, 20, 31, 33, 64, constants.RSA_PSS_SALTLEN_MAX_SIGN]) {
      const signature = signRaw('sha256', input, { key: own.secret, padding, saltLength })
      expect(await readBy(own, withSignature(good, signature)), `salt of ${saltLength}`).toBe(FORGED)
    }
    const right = signRaw('sha256', input, { key: own.secret, padding, saltLength: 32 })
    expect(await readBy(own, withSignature(good, right))).toMatchObject({ ok: true })
    expect(await readBy(own, withSignature(good, signRaw('sha256', input, own.secret)))).toBe(FORGED)
    const other = signRaw('sha512', input, { key: own.secret, padding, saltLength: 32 })
    expect(await readBy(own, withSignature(good, other))).toBe(FORGED)
  })

  it.each(['RS256', 'PS256'] as const)('JW-19: %s signatures that are shorter or longer are refused', async (alg) => {
    const own = byAlg[alg]
    const good = token(own)
    const signature = signatureOf(good)
    const zero = Buffer.alloc(1)
    for (const other of [
      signature.subarray(1),
      signature.subarray(0, -1),
      Buffer.concat([zero, signature]),
      Buffer.concat([signature, zero]),
      Buffer.alloc(signature.length),
      Buffer.alloc(signature.length, 0xff),
    ]) {
      expect(await readBy(own, withSignature(good, other))).toBe(FORGED)
    }
  })

  it('JW-19: EdDSA with S + L, which is the same number, is refused', async () => {
    const good = token(key)
    const signature = signatureOf(good)
    const L = 2n ** 252n + 27742317777372353535851937790883648493n
    const s = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString('hex')}`) + L
    const more = Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse()
    expect(await readBy(key, withSignature(good, Buffer.concat([signature.subarray(0, 32), more])))).toBe(FORGED)
  })

  it('TE-09: the twin of an ES256 token is as good, and says the same session', async () => {
    const own = byAlg.ES256
    const good = token(own)
    const other = withSignature(good, twin(signatureOf(good)))
    const [first, second] = [await readBy(own, good), await readBy(own, other)]
    expect(other).not.toBe(good)
    expect(second).toEqual(first)
    expect(second).toMatchObject({ ok: true, value: { claims: { sid: CLAIMS.sid } } })
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

function hex(text: string): string {
  return Buffer.from(text, 'base64url').toString('hex')
}

function next(character: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return character === '.' ? 'A' : alphabet.charAt((alphabet.indexOf(character) + 1) % 64)
}
