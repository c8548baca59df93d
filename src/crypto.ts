import {
  createHmac,
  createSecretKey,
  hash,
  hkdfSync,
  type KeyObject,
  randomFillSync,
  timingSafeEqual,
} from 'node:crypto'

export { ALGORITHMS, type Algorithm, isAlgorithm } from './crypto/algorithms.ts'
export { equalBytes, keystream, pbkdf2Key, scryptKey } from './crypto/derive.ts'
export { checkedKeySet, importKey, type KeyMaterial } from './crypto/import-key.ts'
export {
  exportKey,
  generateKey,
  type PublicJwk,
  publicJwk,
  readKey,
  type SigningKey,
  sign,
  type VerifyingKey,
  verify,
  verifyingKey,
} from './crypto/keys.ts'
export { seal, sealedByNewest, sealing, unseal } from './crypto/seal.ts'

/** Drawn from the system at once, because asking it costs more than what is asked for; wiped as it is handed out. */
const pool = Buffer.alloc(4096)
let used = pool.length

/** At most 4096 `bytes` from the system's CSPRNG as base64url. Everything unguessable in the house comes from here (KM-09). */
export function randomText(bytes: number): string {
  if (bytes > pool.length) throw new RangeError(`At most ${pool.length} random bytes at once`)
  if (used + bytes > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const end = used + bytes
  const text = pool.toString('base64url', used, end)
  pool.fill(0, used, end)
  used = end
  return text
}

/** A whole number of 32 bits that nobody can guess, with sign. */
export function randomNumber(): number {
  return Buffer.from(randomText(4), 'base64url').readInt32LE()
}

/** SHA-256 of the text's UTF-8, 64 lower-case hex digits. */
export function sha256(text: string): string {
  return hash('sha256', text, 'hex')
}

/** SHA-1 of the text's UTF-8, 40 lower-case hex digits: the name Redis gives a script. For nothing that somebody might want to forge. */
export function sha1(text: string): string {
  return hash('sha1', text, 'hex')
}

/** A key that only `mac` takes. Handed around as an object that shows nothing of itself, and not unpacked at every use. */
export type MacKey = KeyObject

/** The key for one purpose; see `subkey`. */
export function macKey(secret: string, purpose: string): MacKey {
  return createSecretKey(subkey(secret, purpose))
}

/** HMAC-SHA-256 of the text, base64url, 43 characters. */
export function mac(key: MacKey, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url')
}

/** Whether two texts are the same, in time that depends on their lengths only. */
export function equal(a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}

/**
 * A 32-byte key for one purpose, drawn from the master secret (HKDF-SHA-256, RFC 5869), so that what one purpose
 * seals opens nothing of another (KM-09).
 */
export function subkey(secret: string, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', `sallyport/1 ${purpose}`, 32))
}

/** HMAC-SHA-256 of the text by a key of somebody else's making, base64 with padding, 44 characters: for schemes that want it so. */
export function macBase64(key: Uint8Array, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64')
}
