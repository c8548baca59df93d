import { createPublicKey, generateKeyPairSync, type JsonWebKey, randomBytes } from 'node:crypto'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import {
  type Algorithm,
  checkedKeySet,
  generateKey,
  importKey,
  type KeyMaterial,
  sign,
  verify,
} from '../../src/crypto.ts'
import { ConfigurationError } from '../../src/errors.ts'

type Jwk = JsonWebKey & Record<string, unknown>

const pem = { format: 'pem', type: 'pkcs8' } as const
const ed = generateKeyPairSync('ed25519').privateKey
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
const jwkOf = (key: typeof ed): Jwk => key.export({ format: 'jwk' }) as Jwk
const [ED, EC, RSA] = [jwkOf(ed), jwkOf(ec), jwkOf(rsa)] as [Jwk, Jwk, Jwk]
const otherEc = jwkOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)
const otherRsa = jwkOf(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey)
const SECRET = randomBytes(48).toString('base64')
const oct = (bytes: Buffer | string): Jwk => ({ kty: 'oct', k: Buffer.from(bytes as string).toString('base64url') })

/** Named curves as PEM, of algorithms that are not ours too. */
const curve = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).privateKey

const OPTION = 'keys.import[3]'
const bring = (given: unknown) => () => importKey(given as KeyMaterial, OPTION)

describe('keys that are taken', () => {
  it.each<[string, KeyMaterial, Algorithm]>([
    ['Ed25519 as PEM', { key: ed.export(pem) as string }, 'EdDSA'],
    ['P-256 as PEM', { key: ec.export(pem) as string }, 'ES256'],
    ['P-256 as SEC 1 PEM', { key: ec.export({ format: 'pem', type: 'sec1' }) as string }, 'ES256'],
    ['RSA as PEM', { key: rsa.export(pem) as string, alg: 'PS256' }, 'PS256'],
    ['RSA as PKCS #1 PEM', { key: rsa.export({ format: 'pem', type: 'pkcs1' }) as string, alg: 'RS256' }, 'RS256'],
    ['a secret as text', { key: SECRET, alg: 'HS256' }, 'HS256'],
    ['Ed25519 as JWK', { key: ED }, 'EdDSA'],
    ['P-256 as JWK', { key: { ...EC, use: 'sig', key_ops: ['sign'] } }, 'ES256'],
    ['RSA as JWK that says its algorithm', { key: { ...RSA, alg: 'RS256' } }, 'RS256'],
    ['a secret as JWK', { key: oct(randomBytes(32)) }, 'HS256'],
  ])('%s', (_, given, alg) => {
    const key = importKey(given, OPTION)
    expect(key.alg).toBe(alg)
    expect(key.kid).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(verify(key, 'a.b', Buffer.from(sign(key, 'a.b'), 'base64url'))).toBe(true)
    expect(importKey({ ...given, kid: 'chosen' }, OPTION).kid).toBe('chosen')
  })

  it('one key has one name, however it is written', () => {
    const names = [ed.export(pem) as string, ED, { ...ED, use: 'sig', key_ops: ['sign', 'verify'] }].map(
      (key) => importKey({ key }, OPTION).kid,
    )
    expect(new Set(names).size).toBe(1)
  })

  it('the name of a shared secret tells nothing that signs', () => {
    const key = importKey({ key: SECRET, alg: 'HS256' }, OPTION)
    expect(key.kid).not.toBe(sign(key, ''))
    expect(key.kid).toBe(importKey({ key: oct(SECRET) }, OPTION).kid)
  })
})

const OFF_CURVE = { ...EC, y: otherEc.y }
const one = (value: bigint): string => Buffer.from(value.toString(16).padStart(8, '0'), 'hex').toString('base64url')

/** What is brought, and a part of what the operator reads. */
const REFUSED: readonly (readonly [row: string, name: string, given: unknown, says: RegExp])[] = [
  [
    'JW-20',
    'a secret shorter than the hash',
    { key: 'aB3$aB4%aB5&aB6/aB7(aB8)aB9=aB0', alg: 'HS256' },
    /shorter than 32/,
  ],
  ['JW-20', 'a secret of one character', { key: 'a'.repeat(64), alg: 'HS256' }, /can be guessed/],
  ['JW-20', 'a passphrase', { key: 'correct horse battery staple', alg: 'HS256' }, /shorter than 32/],
  ['JW-20', 'a secret that repeats a word', { key: 'abcdefghijklmn'.repeat(4), alg: 'HS256' }, /can be guessed/],
  [
    'JW-20',
    'a secret of few characters',
    { key: '01011101010110110010011010111010100101101110100', alg: 'HS256' },
    /can be guessed/,
  ],
  ['JW-20', 'an empty secret', { key: '', alg: 'HS256' }, /shorter than 32/],
  ['JW-20', 'a short secret as JWK', { key: oct(randomBytes(31)) }, /shorter than 32/],
  ['JW-20', 'a JWK of zeros', { key: oct(Buffer.alloc(64)) }, /can be guessed/],
  ['JW-20', 'an empty JWK secret', { key: oct('') }, /shorter than 32/],
  ['JW-20', 'RSA of 1024 bits', { key: weakRsa(1024), alg: 'RS256' }, /1024 bits: write an RSA key of at least 2048/],
  ['JW-20', 'RSA of 2047 bits', { key: weakRsa(2047), alg: 'PS256' }, /at least 2048/],
  ['JW-20', 'RSA with e=3', { key: weakRsa(2048, 3), alg: 'RS256' }, /public exponent 3/],
  ['JW-20', 'RSA with e=1', { key: { ...RSA, e: one(1n) }, alg: 'RS256' }, /public exponent 1/],
  ['JW-20', 'RSA with an even e', { key: { ...RSA, e: one(65538n) }, alg: 'RS256' }, /public exponent 65538/],
  ['JW-20', 'a point that is not on the curve', { key: OFF_CURVE }, /make no key/],
  ['JW-20', 'the curve P-384', { key: jwkOf(curve('P-384')), alg: 'ES256' }, /kind that does not sign by ES256/],
  ['JW-20', 'the curve P-384 by itself', { key: jwkOf(curve('P-384')) }, /does not say what it signs by/],
  ['JW-20', 'the curve secp256k1', { key: curve('secp256k1').export(pem), alg: 'ES256' }, /does not sign by ES256/],
  ['JW-20', 'the curve brainpoolP256r1', { key: curve('brainpoolP256r1').export(pem), alg: 'ES256' }, /cannot be read/],
  ['JW-20', 'Ed448', { key: generateKeyPairSync('ed448').privateKey.export(pem), alg: 'EdDSA' }, /does not sign/],
  ['JW-20', 'X25519', { key: generateKeyPairSync('x25519').privateKey.export(pem), alg: 'EdDSA' }, /does not sign/],
  ['JW-20', 'a private key of zero', { key: { ...EC, d: one(0n) } }, /cannot/],

  ['KM-04', 'a key to encrypt with', { key: { ...EC, use: 'enc' } }, /its use is not 'sig'/],
  ['KM-04', 'a use that is no text', { key: { ...EC, use: ['sig'] } }, /its use is not 'sig'/],
  ['KM-04', 'a key that only verifies', { key: { ...EC, key_ops: ['verify'] } }, /key_ops do not list 'sign'/],
  ['KM-04', 'a key for deriving', { key: { ...ED, key_ops: ['deriveBits'] } }, /key_ops do not list 'sign'/],
  ['KM-04', 'key_ops that are no list', { key: { ...ED, key_ops: 'sign' } }, /key_ops do not list 'sign'/],
  ['KM-04', 'a key of another algorithm', { key: { ...RSA, alg: 'RS256' }, alg: 'PS256' }, /is for RS256/],
  ['KM-04', 'a key of an algorithm that is not ours', { key: { ...RSA, alg: 'RS512' } }, /is for an algorithm that/],
  [
    'KM-04',
    'a key for encryption by its alg',
    { key: { ...RSA, alg: 'RSA-OAEP' }, alg: 'RS256' },
    /is for an algorithm/,
  ],
  ['KM-04', 'P-256 that says EdDSA', { key: { ...EC, alg: 'EdDSA' } }, /does not sign by EdDSA/],
  ['KM-04', 'P-256 that says HS256', { key: { ...EC, alg: 'HS256' } }, /not a shared secret/],
  ['KM-04', 'Ed25519 for RS256', { key: ed.export(pem), alg: 'RS256' }, /is for EdDSA/],
  ['KM-04', 'RSA for ES256', { key: RSA, alg: 'ES256' }, /does not sign by ES256/],
  ['KM-04', 'a secret for ES256', { key: oct(randomBytes(32)), alg: 'ES256' }, /does not sign by ES256/],
  ['KM-04', 'RSA that does not say how', { key: rsa.export(pem) }, /write alg, one of EdDSA, ES256/],
  ['KM-04', 'a curve of another name', { key: { ...EC, crv: 'P-384' } }, /make no key/],
  ['KM-04', 'Ed25519 that is called P-256', { key: { ...ED, crv: 'P-256' } }, /make no key/],
  ['KM-04', 'halves of two EC keys', { key: { ...EC, x: otherEc.x, y: otherEc.y } }, /of different keys/],
  ['KM-04', 'halves of two RSA keys', { key: { ...RSA, n: otherRsa.n }, alg: 'RS256' }, /of different keys|no key/],
  ['KM-04', 'an RSA-PSS key', { key: pss(), alg: 'PS256' }, /cannot be read/],
  ['KM-04', 'an unknown alg', { key: ED, alg: 'none' }, /has alg 'none': write EdDSA, ES256/],
  ['KM-04', 'an alg of a prototype', { key: ED, alg: 'constructor' }, /has alg 'constructor'/],

  [
    'KM-05',
    'a JWK both secret and private',
    { key: { ...EC, k: oct(SECRET).k } },
    /both a shared secret and a private/,
  ],
  ['KM-05', 'a public JWK', { key: { ...EC, d: undefined } }, /nothing private in it/],
  ['KM-05', 'a public PEM', { key: createPublicKey(ec).export({ format: 'pem', type: 'spki' }) }, /is public/],
  [
    'KM-05',
    'a public PKCS #1 PEM',
    { key: createPublicKey(rsa).export({ format: 'pem', type: 'pkcs1' }) },
    /is public/,
  ],
  ['KM-05', 'a certificate', { key: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' }, /is public/],
  ['KM-05', 'a whole key set', { key: { keys: [ED, EC] } }, /nothing private in it/],
  ['KM-05', 'members through a prototype', { key: Object.create(ED) }, /nothing private in it/],

  [
    'JW-03',
    'a public PEM as a shared secret',
    { key: createPublicKey(ec).export({ format: 'pem', type: 'spki' }), alg: 'HS256' },
    /cannot be a shared secret/,
  ],
  ['JW-03', 'a private PEM as a shared secret', { key: ec.export(pem), alg: 'HS256' }, /cannot be a shared secret/],

  ['JW-05', 'a kid with a path in it', { key: ED, kid: '../../etc/passwd' }, /has a kid that is not/],
  ['JW-05', 'a kid that is too long', { key: ED, kid: 'k'.repeat(65) }, /has a kid that is not/],
  ['JW-05', 'an empty kid', { key: { ...ED, kid: '' } }, /has a kid that is not/],
  ['JW-05', 'a number for a kid', { key: ED, kid: 5 }, /has a kid that is not/],
  ['JW-05', 'a number for a kid in the JWK', { key: { ...ED, kid: 5 } }, /has a kid that is not text/],

  ['KM-08', 'text that is no key', { key: 'hunter2-hunter2-hunter2-hunter2' }, /is neither PEM nor a JWK/],
  ['KM-08', 'a broken PEM', { key: (ed.export(pem) as string).replace('MC4', 'XXX') }, /cannot be read/],
  [
    'KM-08',
    'an encrypted PEM',
    { key: ed.export({ ...pem, cipher: 'aes-256-cbc', passphrase: 'x' }) },
    /cannot be read/,
  ],
  ['KM-08', 'no key at all', {}, /has no key/],
  ['KM-08', 'null', { key: null }, /has no key/],
  ['KM-08', 'a text without its wrapping', SECRET, /has no key/],
]

describe('keys that are turned away', () => {
  it.each(REFUSED)('%s: %s', (_, __, given, says) => {
    const bringIt = bring(given)
    expect(bringIt).toThrow(ConfigurationError)
    expect(bringIt).toThrow(says)
    expect(bringIt).toThrow(/^keys\.import\[3\] /)
  })

  it('KM-04: one key, one algorithm, one purpose: whatever says otherwise is among them', () => {
    const mismatched = REFUSED.filter(([row]) => row === 'KM-04')
    expect(mismatched.length).toBeGreaterThan(10)
    for (const [, name, given] of mismatched) expect(bring(given), name).toThrow(ConfigurationError)
  })

  it('KM-08: and nothing of them is told', () => {
    for (const [, name, given] of REFUSED) {
      const said = inspect(caught(bring(given)), { depth: 9, showHidden: true })
      for (const secret of secretsIn(given)) {
        expect(said.includes(secret), name).toBe(false)
      }
    }
  })
})

describe('KM-05: a set of keys', () => {
  it('has every kid once', async () => {
    const [first, second] = await Promise.all([generateKey('EdDSA'), generateKey('ES256')])
    expect(checkedKeySet([first, second], 'keys.import')).toHaveLength(2)
    expect(() => checkedKeySet([first, { ...second, kid: first.kid }], 'keys.import')).toThrow(/two keys of one kid/)
    expect(() => checkedKeySet([first, first], 'keys.import')).toThrow(ConfigurationError)
  })

  it('does not mix shared secrets with private keys', async () => {
    const [shared, another, own] = await Promise.all([generateKey('HS256'), generateKey('HS256'), generateKey('EdDSA')])
    expect(checkedKeySet([shared, another], 'keys.import')).toHaveLength(2)
    expect(() => checkedKeySet([shared, own], 'keys.import')).toThrow(/mixes shared secrets with private keys/)
    expect(() => checkedKeySet([own, another], 'keys.import')).toThrow(ConfigurationError)
  })
})

function weakRsa(modulusLength: number, publicExponent = 65537): string {
  return generateKeyPairSync('rsa', { modulusLength, publicExponent }).privateKey.export(pem) as string
}

function pss(): string {
  return generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey.export(pem) as string
}

/** Text that must not come back: the body of a PEM, the private members of a JWK, a secret. */
function secretsIn(given: unknown): readonly string[] {
  const key = typeof given === 'string' ? given : (given as { key?: unknown }).key
  if (typeof key === 'string') {
    const lines = key.split('\n').filter((line) => line.length >= 8 && !line.startsWith('---'))
    return lines.map((line) => line.slice(0, 12))
  }
  const { d, k, p, q, dp, dq, qi } = (key ?? {}) as Jwk
  return [d, k, p, q, dp, dq, qi].filter((value) => typeof value === 'string' && value.length >= 8) as string[]
}

function caught(work: () => unknown): unknown {
  try {
    work()
  } catch (fault) {
    return fault
  }
  throw new Error('nothing was thrown')
}
