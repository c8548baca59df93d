import { equalBytes, pbkdf2Key } from '../../crypto.ts'
import { type Algorithm, OURS } from './algorithm.ts'
import { saltAndTag } from './phc.ts'
import { onSharedThread } from './shared-threads.ts'

/*
 * PBKDF2 over HMAC (RFC 8018) in PHC strings: $pbkdf2-sha256$i=<iterations>$<salt>$<tag>, and sha512.
 */

/** Iterations of all blocks of one tag: up to two seconds. */
const MOST = 2_000_000

const RECORD = /^\$pbkdf2-(sha256|sha512)\$i=(\d{1,8})\$([A-Za-z0-9+/]{1,171})\$([A-Za-z0-9+/]{1,86})$/

const BLOCK = { sha256: 32, sha512: 64 } as const

function parse(record: string) {
  const [, name, iterations, salt = '', tag = ''] = RECORD.exec(record) ?? []
  const ends = saltAndTag(salt, tag)
  return ends && { digest: name as keyof typeof BLOCK, iterations: Number(iterations), ...ends }
}

export const pbkdf2: Algorithm = {
  name: 'pbkdf2',
  prefix: '$pbkdf2-sha',
  limits: `sha256 or sha512, at most ${MOST} iterations`,
  ...OURS,
  isReadable(record) {
    const parts = parse(record)
    if (!parts || parts.iterations < 1) return false
    return parts.iterations * Math.ceil(parts.tag.length / BLOCK[parts.digest]) <= MOST
  },
  async verify(record, password) {
    const parts = parse(record)
    if (!parts) return false
    const { salt, tag, iterations, digest } = parts
    return equalBytes(await onSharedThread(() => pbkdf2Key(password, salt, iterations, digest, tag.length)), tag)
  },
  isCurrent: () => false,
}
