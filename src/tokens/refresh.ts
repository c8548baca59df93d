import { equal, type MacKey, mac, sha256 } from '../crypto.ts'
import type { SessionId } from '../session.ts'

/*
 * The refresh token: 57 bytes, base64url, 76 characters: 4 that name the server's key, 16 of the session's id, 5 of the
 * counter, 32 of HMAC-SHA-256 over id, counter and the seed in the session's record. The key alone forges none,
 * because it lacks the seed; a dump of the store alone forges none, because it lacks the key (RT-07). One of any age is
 * recognised without keeping anything of it.
 */

const TOKEN = /^[A-Za-z0-9_-]{76}$/
const KEY_BYTES = 4
const SID_END = KEY_BYTES + 16
const COUNTER_END = SID_END + 5
/** The largest counter: one refresh a second for 30,000 years. */
const MAX_COUNTER = 2 ** 40 - 1

/** A text of the right form: what it claims, and whether that is so once the seed is known. */
export type PresentedRefresh = {
  readonly sid: SessionId
  readonly counter: number
  fits(seed: string): boolean
}

/** @param keys of the master secrets, newest first: the first makes, all are accepted. */
export function refreshTokens(keys: readonly MacKey[]) {
  const named = keys.map((key) => ({ key, name: Buffer.from(sha256(mac(key, 'name')), 'hex').subarray(0, KEY_BYTES) }))

  return {
    /** @throws RangeError when the counter is beyond what a token can carry. */
    make(sid: SessionId, counter: number, seed: string): string {
      const newest = named[0]
      if (!newest || !Number.isSafeInteger(counter) || counter < 0 || counter > MAX_COUNTER) {
        throw new RangeError('A refresh counter is a whole number below 2^40')
      }
      const token = Buffer.alloc(57)
      newest.name.copy(token)
      token.write(sid, KEY_BYTES, 'base64url')
      token.writeUIntBE(counter, SID_END, 5)
      token.write(proofOf(newest.key, sid, counter, seed), COUNTER_END, 'base64url')
      return token.toString('base64url')
    },

    /** Null for what has not the form of one, or was made with a key that is not known here. */
    read(text: string): PresentedRefresh | null {
      if (!TOKEN.test(text)) return null
      const token = Buffer.from(text, 'base64url')
      const own = named.find(({ name }) => name.equals(token.subarray(0, KEY_BYTES)))
      if (!own) return null
      const sid = token.toString('base64url', KEY_BYTES, SID_END) as SessionId
      const counter = token.readUIntBE(SID_END, 5)
      const proof = token.toString('base64url', COUNTER_END)
      return { sid, counter, fits: (seed) => equal(proof, proofOf(own.key, sid, counter, seed)) }
    },
  }
}

function proofOf(key: MacKey, sid: SessionId, counter: number, seed: string): string {
  return mac(key, `${sid}.${counter}.${seed}`)
}
