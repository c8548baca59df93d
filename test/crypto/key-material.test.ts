import { createHash, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { importKey, type KeyMaterial, readKey, seal, sealedByNewest, sealing, unseal } from '../../src/crypto.ts'
import { ConfigurationError } from '../../src/errors.ts'

/* What nothing tells apart from good key material but a second look. */

type Jwk = Readonly<Record<string, unknown>>

const pairOf = (curve: 'ed25519' | 'P-256') =>
  curve === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: curve })
const jwk = (curve: 'ed25519' | 'P-256'): Jwk => pairOf(curve).privateKey.export({ format: 'jwk' }) as Jwk

const ED = jwk('ed25519')
const EC = jwk('P-256')
const K = randomBytes(40).toString('base64url')
const SPKI = createPublicKey({ key: EC, format: 'jwk' }).export({ format: 'pem', type: 'spki' }) as string
const text = (value: string | Buffer) => Buffer.from(value as string).toString('base64url')

const bring = (given: unknown) => () => importKey(given as KeyMaterial, 'keys.import[0]')

describe('keys that look good', () => {
  it.each<[string, unknown, RegExp]>([
    ['KM-04: halves of two Ed25519 keys', { key: { ...ED, x: jwk('ed25519').x } }, /of different keys/],
    ['KM-04: a public half in two spellings', { key: { ...ED, x: `${ED.x}=` } }, /of different keys/],
    [
      'KM-04: an operation beside signing',
      { key: { ...EC, key_ops: ['sign', 'deriveBits'] } },
      /for more than signing/,
    ],
    ['KM-04: an operation that is no text', { key: { ...EC, key_ops: ['sign', ['verify']] } }, /for more than signing/],
    [
      'KM-04: an operation listed twice',
      { key: { ...EC, key_ops: ['sign', 'verify', 'sign'] } },
      /for more than signing/,
    ],
    [
      'KM-05: a secret that is private too',
      { key: { kty: 'oct', k: K, d: EC.d } },
      /both a shared secret and a private/,
    ],
    ['KM-05: a secret that is public too', { key: { kty: 'oct', k: K, n: 'AQAB', e: 'AQAB' } }, /both a shared secret/],
    [
      'KM-05: a secret on a curve',
      { key: { kty: 'oct', k: K, crv: 'P-256', x: EC.x, y: EC.y } },
      /both a shared secret/,
    ],
    ['JW-03: a public PEM as a secret in a JWK', { key: { kty: 'oct', k: text(SPKI) } }, /cannot be a shared secret/],
    [
      'JW-03: one without its last line end',
      { key: { kty: 'oct', k: text(SPKI.trim()) } },
      /cannot be a shared secret/,
    ],
    [
      'JW-03: a public JWK as a secret',
      { key: JSON.stringify({ ...EC, d: undefined }), alg: 'HS256' },
      /cannot be a shared/,
    ],
    ['JW-03: a private JWK as text', { key: JSON.stringify(EC), alg: 'HS256' }, /cannot be a shared secret/],
    [
      'JW-20: a secret with spaces in its k',
      { key: { kty: 'oct', k: `${K.slice(0, 8)} ${K.slice(8)}` } },
      /make no key/,
    ],
    ['JW-20: a secret in plain base64', { key: { kty: 'oct', k: `${'+'.repeat(4)}${K.slice(4)}` } }, /make no key/],
    ['JW-20: a padded secret', { key: { kty: 'oct', k: `${randomBytes(32).toString('base64url')}=` } }, /make no key/],
    ['JW-20: a k that is no text', { key: { kty: 'oct', k: 5 } }, /nothing private in it/],
    ['KM-08: nothing at all', undefined, /has no key/],
    ['KM-08: null', null, /has no key/],
  ])('%s is refused', (_, given, says) => {
    expect(bring(given)).toThrow(ConfigurationError)
    expect(bring(given)).toThrow(says)
  })

  it('and the honest ones beside them are taken', () => {
    expect(bring({ key: { ...EC, key_ops: ['verify', 'sign'] } })().alg).toBe('ES256')
    expect(bring({ key: ED })().alg).toBe('EdDSA')
    expect(bring({ key: { kty: 'oct', k: K, alg: 'HS256', use: 'sig', kid: 'shared' } })().kid).toBe('shared')
  })

  it('KM-08: a secret in another spelling is no key of the store either, and is not repeated', () => {
    const stored = { kty: 'oct', k: `${K}=`, kid: 'one', alg: 'HS256' }
    expect(() => readKey(JSON.stringify(stored))).toThrow(/^This is not a key$/)
    expect(readKey(JSON.stringify({ ...stored, k: K })).kid).toBe('one')
  })

  it('KM-09: the name of a shared secret is no plain hash of it', () => {
    const { kid } = importKey({ key: { kty: 'oct', k: K } }, 'keys.import[0]')
    const secret = Buffer.from(K, 'base64url')
    for (const bytes of [secret, Buffer.from(K), Buffer.from(JSON.stringify({ k: K, kty: 'oct' }))]) {
      expect(createHash('sha256').update(bytes).digest('base64url')).not.toBe(kid)
    }
  })
})

describe('what is sealed', () => {
  const keys = sealing(['0123456789abcdefghijklmnopqrstuvwxyz'])
  const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

  it('may be nothing', () => {
    expect(unseal(keys, seal(keys, '', 'purpose'), 'purpose')).toBe('')
    expect(unseal(keys, seal(keys, '', 'purpose'), 'another')).toBeNull()
  })

  it('KM-08: opens in one spelling only: every character of it counts', () => {
    const sealed = seal(keys, 'of odd length', 'purpose')
    expect(unseal(keys, sealed, 'purpose')).toBe('of odd length')
    for (let at = 0; at < sealed.length; at += 1) {
      const value = ALPHABET.indexOf(sealed.charAt(at))
      const next = value === -1 ? '-' : ALPHABET.charAt((value + 1) % 64)
      expect(unseal(keys, sealed.slice(0, at) + next + sealed.slice(at + 1), 'purpose'), `at ${at}`).toBeNull()
    }
  })

  it('is not said to be by the newest key where there is none', () => {
    expect(sealedByNewest([], 'no seal at all')).toBe(false)
    expect(sealedByNewest(keys, 'no seal at all')).toBe(false)
    expect(sealedByNewest(keys, seal(keys, 'x', 'purpose'))).toBe(true)
  })
})
