import {
  constants,
  generateKeyPair,
  generateKeySync,
  type KeyObject,
  sign as signRaw,
  timingSafeEqual,
  verify as verifyRaw,
} from 'node:crypto'
import { promisify } from 'node:util'
import { derOf, joseOf } from './ecdsa.ts'
import { hmacSha256 } from './hmac.ts'

/** How a token may be signed (RFC 7518 section 3.1, RFC 8037). */
export type Algorithm = 'EdDSA' | 'ES256' | 'RS256' | 'PS256' | 'HS256'

export type Pair = { readonly secret: KeyObject; readonly verifier: KeyObject }

/** All there is to an algorithm: which keys are of it, and how they sign. Signatures are in the form of JOSE, as bytes. */
export type Row = {
  /** `kty` and `crv` of its keys (RFC 7517). */
  readonly kty: 'OKP' | 'EC' | 'RSA' | 'oct'
  readonly crv?: 'Ed25519' | 'P-256'
  /** How long a signature is, bytes. Another length is no signature (JW-19). */
  size(verifier: KeyObject): number
  generate(): Promise<Pair>
  /** `input` is ASCII. */
  sign(secret: KeyObject, input: string): Buffer
  /** Of a signature of that length. Never throws: what is not a signature is not a good one. */
  verify(verifier: KeyObject, input: string, signature: Buffer): boolean
}

/** What is signed is base64url and dots. */
function bytes(input: string): Buffer {
  return Buffer.from(input, 'latin1')
}

const pair = promisify(generateKeyPair)

/** Bits of keys made here. Weaker ones may be imported, never below 2048 (RFC 7518 section 3.3). */
const RSA_BITS = 3072

const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } as const

async function keyPair(of: Promise<{ privateKey: KeyObject; publicKey: KeyObject }>): Promise<Pair> {
  const { privateKey, publicKey } = await of
  return { secret: privateKey, verifier: publicKey }
}

/** @param options what the padding takes. A key alone is a third faster to verify with than one among options. */
function rsa(options: { readonly padding: number; readonly saltLength: number } | null): Row {
  const withOptions = (key: KeyObject) => (options ? { key, ...options } : key)
  return {
    kty: 'RSA',
    size: (verifier) => Math.ceil((verifier.asymmetricKeyDetails?.modulusLength ?? 0) / 8),
    generate: () => keyPair(pair('rsa', { modulusLength: RSA_BITS })),
    sign: (key, input) => signRaw('sha256', bytes(input), withOptions(key)),
    verify: (key, input, signature) => verifyRaw('sha256', bytes(input), withOptions(key), signature),
  }
}

const eddsa: Row = {
  kty: 'OKP',
  crv: 'Ed25519',
  size: () => 64,
  generate: () => keyPair(pair('ed25519')),
  sign: (key, input) => signRaw(null, bytes(input), key),
  verify: (key, input, signature) => verifyRaw(null, bytes(input), key, signature),
}

const es256: Row = {
  kty: 'EC',
  crv: 'P-256',
  size: () => 64,
  generate: () => keyPair(pair('ec', { namedCurve: 'P-256' })),
  // OpenSSL speaks DER only: signing takes a third, verifying two thirds of what they take when it is left to convert.
  sign: (key, input) => joseOf(signRaw('sha256', bytes(input), key)),
  verify(key, input, signature) {
    const der = derOf(signature)
    return der !== null && verifyRaw('sha256', bytes(input), key, der)
  },
}

/** Where the code that a signature is compared with is written: as text and into here, it is had sooner than as a new buffer. */
const code = Buffer.alloc(32)

const hs256: Row = {
  kty: 'oct',
  size: () => 32,
  async generate() {
    const secret = generateKeySync('hmac', { length: 256 })
    return { secret, verifier: secret }
  },
  sign: (key, input) => Buffer.from(hmacSha256(key, input), 'binary'),
  verify(key, input, signature) {
    code.write(hmacSha256(key, input), 'binary')
    return timingSafeEqual(signature, code)
  },
}

export const TABLE: Readonly<Record<Algorithm, Row>> = {
  EdDSA: eddsa,
  ES256: es256,
  RS256: rsa(null),
  PS256: rsa(PSS),
  HS256: hs256,
}

export const ALGORITHMS = Object.keys(TABLE) as readonly Algorithm[]

export function isAlgorithm(name: unknown): name is Algorithm {
  return typeof name === 'string' && Object.hasOwn(TABLE, name)
}
