import { type MacKey, mac, sha256 } from '../crypto.ts'
import { recent } from '../recent.ts'
import type { Result } from '../result.ts'
import { MALFORMED } from './refusals.ts'

/** Longer tokens are decrypted every time. Characters. */
const LONGEST_REMEMBERED = 4096

/** No token of this kind is longer. Characters. */
const MAX_ENCRYPTED = 12_288

/** Compact JWE with a direct key: the part for an encrypted key is empty. */
const DIRECT = /^([A-Za-z0-9_-]+)\.\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/

/**
 * Nested tokens: signed, then encrypted (RFC 7519 section 11.2), with one key that is used directly. `jose` is loaded when
 * the first one is made or opened. Nothing about how to open a token is taken from the token: algorithms are fixed, and
 * its `kid` only chooses among the keys that are here (JW-21).
 *
 * @param keys of the master secrets, newest first: the first encrypts, all are accepted. 32 bytes each.
 */
export function encryption(keys: readonly MacKey[]) {
  const named = new Map(keys.map((key) => [sha256(mac(key, 'name')).slice(0, 16), key] as const))
  const opened = recent<{ readonly inner: string }>(LONGEST_REMEMBERED)
  let jose: Promise<typeof import('jose')> | null = null
  const load = () => (jose ??= import('jose'))

  async function open(token: string): Promise<string | null> {
    const { compactDecrypt, decodeProtectedHeader } = await load()
    try {
      const key = named.get(String(decodeProtectedHeader(token).kid))
      if (key === undefined) return null
      const options = { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] }
      const { plaintext, protectedHeader } = await compactDecrypt(token, key, options)
      // A header member that changes the meaning of the rest is one we never write.
      if (protectedHeader.cty !== 'JWT' || 'zip' in protectedHeader || 'crit' in protectedHeader) return null
      const inner = Buffer.from(plaintext).toString('latin1')
      opened.keep(token, { inner })
      return inner
    } catch {
      return null
    }
  }

  return {
    async make(token: string): Promise<string> {
      const { CompactEncrypt } = await load()
      const [newest] = named
      if (newest === undefined) throw new RangeError('There is no key to encrypt with')
      const [kid, key] = newest
      return new CompactEncrypt(Buffer.from(token))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', cty: 'JWT', kid })
        .encrypt(key)
    },

    /**
     * Hands what is inside to `read`; refuses what does not open. At once when it was opened before. Nothing inside is
     * believed because it was encrypted: it has to be signed too.
     */
    opened<T>(token: string, read: (inner: string) => Result<T> | Promise<Result<T>>): Result<T> | Promise<Result<T>> {
      const known = opened.find(token)
      if (known !== null) return read(known.inner)
      if (token.length > MAX_ENCRYPTED || !DIRECT.test(token) || !isCanonical(token)) return MALFORMED
      return open(token).then((inner) => (inner === null ? MALFORMED : read(inner)))
    },
  }
}

/** Whether every part is in its one spelling: a second one would be a second token (JW-06). */
function isCanonical(token: string): boolean {
  return token.split('.').every((part) => Buffer.from(part, 'base64url').toString('base64url') === part)
}
