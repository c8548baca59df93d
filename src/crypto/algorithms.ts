import {
  constants,
  createHmac,
  generateKeyPair,
  generateKeySync,
  type KeyObject,
  sign as signRaw,
  timingSafeEqual,
  verify as verifyRaw,
} from 'node:crypto'
import { promisify } from 'node:util'
import { derOf } from './ecdsa.ts'

/** How a token may be signed (RFC 7518 section 3.1, RFC 8037). */
export type Algorithm = 'EdDSA' | 'ES256' | 'RS256' | 'PS256' | 'HS256'

export type Pair = { readonly secret: KeyObject; readonly verifier: KeyObject }

/** All there is to an algorithm: which keys are of it, and how they sign. Signatures are in the form of JOSE, as bytes. */
export type Row = {
  /** `kty` and `crv` of its keys (RFC 7517). */
  readonly kty: 'OKP' | 'EC' | 'RSA' | 'oct'
  readonly crv?: 'Ed25519' | 'P-256'
  generate(): Promise<Pair>
  sign(secret: KeyObject, input: string): Buffer
  /** Never throws: what is not a signature is not a good one. */
  verify(verifier: KeyObject, input: string, signature: Buffer): boolean
}

const pair = promisify(generateKeyPair)

/** Bits of keys made here. Weaker ones may be imported, never below 2048 (RFC 7518 section 3.3). */
const RSA_BITS = 3072

const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } as const

async function keyPair(of: Promise<{ privateKey: KeyObject; publicKey: KeyObject }>): Promise<Pair> {
  const { privateKey, publicKey } = await of
  return { secret: privateKey, verifier: publicKey }
}

function rsa(padding: object): Row {
  return {
    kty: 'RSA',
    generate: () => keyPair(pair('rsa', { modulusLength: RSA_BITS })),
    sign: (key, input) => signRaw('sha256', Buffer.from(input), { key, ...padding }),
    verify: (key, input, signature) =>
      signature.length === Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8) &&
      verifyRaw('sha256', Buffer.from(input), { key, ...padding }, signature),
  }
}

const eddsa: Row = {
  kty: 'OKP',
  crv: 'Ed25519',
  generate: () => keyPair(pair('ed25519')),
  sign: (key, input) => signRaw(null, Buffer.from(input), key),
  verify: (key, input, signature) => signature.length === 64 && verifyRaw(null, Buffer.from(input), key, signature),
}

const es256: Row = {
  kty: 'EC',
  crv: 'P-256',
  generate: () => keyPair(pair('ec', { namedCurve: 'P-256' })),
  sign: (key, input) => signRaw('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }),
  verify(key, input, signature) {
    // OpenSSL reads DER only, and is handed it as it is half again as fast as when it is left to convert.
    const der = derOf(signature)
    return der !== null && verifyRaw('sha256', Buffer.from(input), key, der)
  },
}

const hs256: Row = {
  kty: 'oct',
  async generate() {
    const secret = generateKeySync('hmac', { length: 256 })
    return { secret, verifier: secret }
  },
  sign: (key, input) => createHmac('sha256', key).update(input).digest(),
  verify(key, input, signature) {
    const expected = createHmac('sha256', key).update(input).digest()
    return signature.length === expected.length && timingSafeEqual(signature, expected)
  },
}

export const TABLE: Readonly<Record<Algorithm, Row>> = {
  EdDSA: eddsa,
  ES256: es256,
  RS256: rsa({}),
  PS256: rsa(PSS),
  HS256: hs256,
}

export const ALGORITHMS = Object.keys(TABLE) as readonly Algorithm[]

export function isAlgorithm(name: unknown): name is Algorithm {
  return typeof name === 'string' && Object.hasOwn(TABLE, name)
}
