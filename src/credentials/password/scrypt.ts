import { equalBytes, keystream, scryptKey } from '../../crypto.ts'
import { type Algorithm, OURS } from './algorithm.ts'
import { saltAndTag } from './phc.ts'
import { onSharedThread } from './shared-threads.ts'

/*
 * scrypt (RFC 7914) in PHC strings: $scrypt$ln=<log2 of N>,r=<r>,p=<p>$<salt>$<tag>; and Firebase's, which encrypts a key of the
 * project with what scrypt makes: $firebase-scrypt$ln=…,r=…,p=…$<salt and separator>$<what the encryption adds to the project's key>.
 * The key itself is not kept: `foreign.ts` has taken it out of the hash.
 */

/** Memory of one check, bytes, and what takes time, N × r × p: twice the published minimum of scrypt, about a second. */
const MOST = { memory: 268_435_456, work: 2_097_152, p: 16, r: 64, ln: 24 }

const LIMITS = 'at most 256 MiB (128 × N × r), and N × r × p at most 2097152'

const PARAMETERS = /^\$[a-z-]+\$ln=(\d{1,2}),r=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]{1,171})\$([A-Za-z0-9+/]{1,86})$/

function parse(record: string) {
  const [, ln, r, p, salt = '', tag = ''] = PARAMETERS.exec(record) ?? []
  const ends = saltAndTag(salt, tag)
  return ends && { N: 2 ** Number(ln), r: Number(r), p: Number(p), ln: Number(ln), ...ends }
}

function isReadable(record: string): boolean {
  const parts = parse(record)
  if (!parts) return false
  const { ln, N, r, p } = parts
  if (ln < 1 || ln > MOST.ln || r < 1 || r > MOST.r || p < 1 || p > MOST.p) return false
  return 128 * N * r <= MOST.memory && N * r * p <= MOST.work
}

const key: typeof scryptKey = (...given) => onSharedThread(() => scryptKey(...given))

export const scrypt: Algorithm = {
  name: 'scrypt',
  prefix: '$scrypt$',
  limits: LIMITS,
  isReadable,
  ...OURS,
  async verify(record, password) {
    const parts = parse(record)
    if (!parts) return false
    const { salt, tag } = parts
    return equalBytes(await key(password, salt, parts, tag.length), tag)
  },
  isCurrent: () => false,
}

/** AES-256. */
const KEY_BYTES = 32

export const firebaseScrypt: Algorithm = {
  name: 'firebase-scrypt',
  prefix: '$firebase-scrypt$',
  limits: LIMITS,
  isReadable,
  ...OURS,
  async verify(record, password) {
    const parts = parse(record)
    if (!parts) return false
    const { salt, tag } = parts
    return equalBytes(keystream(await key(password, salt, parts, KEY_BYTES), tag.length), tag)
  },
  isCurrent: () => false,
}
