import { createHmac, createSecretKey, hash, hkdfSync, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto'

export { ALGORITHMS, type Algorithm, isAlgorithm } from './crypto/algorithms.ts'
export { checkedKeySet, importKey, type KeyMaterial } from './crypto/import-key.ts'
export {
  exportKey,
  generateKey,
  type PublicJwk,
  publicJwk,
  readKey,
  type SigningKey,
  sign,
  verify,
} from './crypto/keys.ts'
export { seal, sealedByNewest, sealing, unseal } from './crypto/seal.ts'

/** `bytes` from the system's CSPRNG as base64url. Everything unguessable in the house comes from here (KM-09). */
export function randomText(bytes: number): string {
  return randomBytes(bytes).toString('base64url')
}

/** SHA-256 of the text's UTF-8, 64 lower-case hex digits. */
export function sha256(text: string): string {
  return hash('sha256', text, 'hex')
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
