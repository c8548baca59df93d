import { createHmac, hash, type KeyObject } from 'node:crypto'

/** Bytes that SHA-256 takes in at a time; keys are padded to it. */
const BLOCK = 64
const SIZE = 32

/** Longer inputs are left to a stream: no token is as long. Bytes. */
const LONGEST = 8192

/**
 * What is hashed: the key combined with each of the two paddings, and behind it what is written anew for each code, within one
 * synchronous step. Kept beside the key, which shows nothing of itself.
 */
type Padded = { readonly inner: Buffer; readonly outer: Buffer }
const padded = new WeakMap<KeyObject, Padded>()

/**
 * HMAC with SHA-256 (RFC 2104) of ASCII, as a string of one character for each byte. Node's own makes a stream for each code,
 * which takes as long again as the two hashes that it comes to.
 */
export function hmacSha256(key: KeyObject, input: string): string {
  if (input.length > LONGEST) return createHmac('sha256', key).update(input, 'latin1').digest('binary')
  const { inner, outer } = padded.get(key) ?? padOf(key)
  const length = BLOCK + inner.write(input, BLOCK, 'latin1')
  outer.write(hash('sha256', inner.subarray(0, length), 'binary'), BLOCK, 'binary')
  return hash('sha256', outer, 'binary')
}

function padOf(key: KeyObject): Padded {
  const secret = key.export()
  const block = Buffer.alloc(BLOCK)
  if (secret.length <= BLOCK) secret.copy(block)
  else block.write(hash('sha256', secret, 'binary'), 'binary')
  const made = { inner: Buffer.alloc(BLOCK + LONGEST), outer: Buffer.alloc(BLOCK + SIZE) }
  for (const [at, byte] of block.entries()) {
    made.inner[at] = byte ^ 0x36
    made.outer[at] = byte ^ 0x5c
  }
  padded.set(key, made)
  return made
}
