import { createCipheriv, pbkdf2, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

/*
 * What other systems made password hashes with. All of it is computed in libuv's threads, never in the one that answers requests.
 */

const scryptAsync = promisify<string, Uint8Array, number, ScryptCost, Buffer>(scrypt)
const pbkdf2Async = promisify(pbkdf2)

type ScryptCost = { readonly N: number; readonly r: number; readonly p: number; readonly maxmem: number }

/** RFC 7914: `N` (a power of two), `r` and `p` as there. */
export function scryptKey(
  password: string,
  salt: Uint8Array,
  { N, r, p }: { readonly N: number; readonly r: number; readonly p: number },
  bytes: number,
): Promise<Uint8Array> {
  return scryptAsync(password, salt, bytes, { N, r, p, maxmem: 128 * r * (N + p) + 1_048_576 })
}

/** RFC 8018 section 5.2, over HMAC. */
export function pbkdf2Key(
  password: string,
  salt: Uint8Array,
  iterations: number,
  digest: 'sha256' | 'sha512',
  bytes: number,
): Promise<Uint8Array> {
  return pbkdf2Async(password, salt, iterations, bytes, digest)
}

/** What AES-256-CTR adds to a message under this key, from a counter of nought. */
export function keystream(key: Uint8Array, bytes: number): Uint8Array {
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(bytes))
}

/** Whether the bytes are the same, in time that depends on their number only. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}
