import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  hash,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto'
import { type Algorithm, isAlgorithm, type Pair, TABLE } from './algorithms.ts'

/** A key that signs and verifies, typed by its one algorithm (KM-04). Its secrets are objects that show nothing of themselves. */
export type SigningKey = {
  /** 1 to 64 characters of base64url. */
  readonly kid: string
  readonly alg: Algorithm
  /** The private key, or the shared secret. */
  readonly secret: KeyObject
  /** The public key, or the shared secret. */
  readonly verifier: KeyObject
  /** How long its signatures are, bytes. Asked of the key once: that is half as dear as verifying. */
  readonly size: number
}

/** The half of a key that verifies. */
export type VerifyingKey = Omit<SigningKey, 'secret'>

/** What everybody may know of a key (RFC 7517). */
export type PublicJwk = {
  readonly kty: string
  readonly kid: string
  readonly alg: Algorithm
  readonly use: 'sig'
  readonly crv?: string
  readonly x?: string
  readonly y?: string
  readonly n?: string
  readonly e?: string
}

/** Members a thumbprint is taken of, in this order (RFC 7638 section 3.2, RFC 8037 section 2). */
const THUMBPRINT = { OKP: ['crv', 'kty', 'x'], EC: ['crv', 'kty', 'x', 'y'], RSA: ['e', 'kty', 'n'], oct: [] } as const

const PUBLIC_MEMBERS = ['crv', 'x', 'y', 'n', 'e'] as const

/** RFC 7518 section 3.3. */
export const LEAST_RSA_BITS = 2048

export const KID = /^[A-Za-z0-9_-]{1,64}$/

export async function generateKey(alg: Algorithm): Promise<SigningKey> {
  return namedKey(alg, await TABLE[alg].generate())
}

/** A key under its own name: the thumbprint of what is public of it, or a fingerprint that tells nothing of the secret. */
export function namedKey(alg: Algorithm, { secret, verifier }: Pair, kid?: string): SigningKey {
  return { kid: kid ?? nameOf(alg, verifier), alg, secret, verifier, size: TABLE[alg].size(verifier) }
}

function nameOf(alg: Algorithm, verifier: KeyObject): string {
  const { kty } = TABLE[alg]
  if (kty === 'oct') return createHmac('sha256', verifier).update('kid').digest('base64url').slice(0, 43)
  const jwk = verifier.export({ format: 'jwk' })
  const members = THUMBPRINT[kty].map((name) => `${JSON.stringify(name)}:${JSON.stringify(jwk[name])}`)
  return hash('sha256', `{${members.join(',')}}`, 'base64url')
}

/** Null for a shared secret: no part of it is public (KM-03). */
export function publicJwk({ kid, alg, verifier }: SigningKey): PublicJwk | null {
  const { kty } = TABLE[alg]
  if (kty === 'oct') return null
  const jwk = verifier.export({ format: 'jwk' })
  const members = PUBLIC_MEMBERS.filter((name) => jwk[name] !== undefined).map((name) => [name, jwk[name]])
  return { kty, kid, alg, use: 'sig', ...Object.fromEntries(members) }
}

/**
 * A published key, to verify with. Null for whatever is none of ours: a shared secret, a private key, one for another use or
 * algorithm than its kind (KM-03, KM-04, RFC 8725 section 3.1), or one too weak.
 */
export function verifyingKey(jwk: unknown): VerifyingKey | null {
  if (typeof jwk !== 'object' || jwk === null) return null
  const { kid, alg, kty, crv, use, key_ops, d, k } = jwk as JsonWebKey & Readonly<Record<string, unknown>>
  if (typeof kid !== 'string' || !KID.test(kid) || !isAlgorithm(alg)) return null
  const row = TABLE[alg]
  if (row.kty === 'oct' || kty !== row.kty || crv !== row.crv || d !== undefined || k !== undefined) return null
  if (use !== undefined && use !== 'sig') return null
  if (key_ops !== undefined && !(Array.isArray(key_ops) && key_ops.includes('verify'))) return null
  try {
    const verifier = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' })
    const size = row.size(verifier)
    return row.kty === 'RSA' && size * 8 < LEAST_RSA_BITS ? null : { kid, alg, verifier, size }
  } catch {
    return null
  }
}

/** The whole key as text. For sealing, and for nothing else. */
export function exportKey({ kid, alg, secret }: SigningKey): string {
  return JSON.stringify({ ...secret.export({ format: 'jwk' }), kid, alg })
}

/** The inverse of `exportKey`. @throws when the text is anything else. */
export function readKey(text: string): SigningKey {
  // What others would throw repeats what they were given.
  const key = keyIn(text)
  if (key === null) throw new TypeError('This is not a key')
  return key
}

function keyIn(text: string): SigningKey | null {
  try {
    const { kid, alg, ...jwk } = JSON.parse(text) as JsonWebKey & { kid?: unknown; alg?: unknown }
    if (typeof kid !== 'string' || !KID.test(kid) || !isAlgorithm(alg)) return null
    const { kty, crv } = TABLE[alg]
    return jwk.kty === kty && jwk.crv === crv ? namedKey(alg, pairOf(jwk), kid) : null
  } catch {
    return null
  }
}

/** @throws when the members make no private key. */
export function pairOf(jwk: JsonWebKey): Pair {
  if (jwk.kty === 'oct') {
    const bytes = Buffer.from(jwk.k ?? '', 'base64url')
    // What is passed over in decoding would make two servers with one text hold two secrets.
    if (bytes.toString('base64url') !== jwk.k) throw new TypeError('There is no secret in base64url')
    const secret = createSecretKey(bytes)
    return { secret, verifier: secret }
  }
  const secret = createPrivateKey({ key: jwk, format: 'jwk' })
  return { secret, verifier: createPublicKey(secret) }
}

/** The signature of the text, which is ASCII; base64url. */
export function sign({ alg, secret }: SigningKey, input: string): string {
  return TABLE[alg].sign(secret, input).toString('base64url')
}

/** Whether the key signed the text, which is ASCII. Whatever else the signature is, the answer is no. */
export function verify({ alg, verifier, size }: VerifyingKey, input: string, signature: Buffer): boolean {
  return signature.length === size && TABLE[alg].verify(verifier, input, signature)
}
