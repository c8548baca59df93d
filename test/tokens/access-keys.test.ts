import { createHmac, createSecretKey } from 'node:crypto'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ALGORITHMS, generateKey, publicJwk } from '../../src/crypto.ts'
import { accessTokens } from '../../src/tokens/access.ts'
import { FORGED, MALFORMED } from '../../src/tokens/refusals.ts'
import { CLAIMS, headerOf, ISSUER, jws, NOW, part, token } from '../support/signed.ts'
import { asked, byAlg, forget, key, made, readBy, sessionOf, stranger, tokens } from './issuer.ts'

beforeEach(forget)

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

function hex(text: string): string {
  return Buffer.from(text, 'base64url').toString('hex')
}
