import { type VerifyingKey, verify } from '../crypto.ts'
import { recent } from '../recent.ts'
import type { Result } from '../result.ts'
import { type AccessClaims, decodeClaims } from '../wire/claims.ts'
import { type Parsed, parseCompact, payloadOf } from '../wire/jws.ts'
import { ownClaims } from '../wire/own-claims.ts'
import { FORGED, MALFORMED } from './refusals.ts'

/** RFC 9068 section 2.1. */
export const TYP = 'at+jwt'

/** Longer tokens are verified every time: nobody fills the memory with them. Characters. */
const LONGEST_REMEMBERED = 2048

/** A token that was signed by this key for this audience. Nothing is said of its time, its key's standing or its session. */
export type Verified = { readonly claims: AccessClaims; readonly kid: string }

type AccessReaderOptions<T> = {
  readonly expected: { readonly issuer: string; readonly audience: string }
  /** The key of this id, if its tokens are good; late when somebody has to be asked. */
  keyOf(kid: string, now: number): VerifyingKey | null | Promise<VerifyingKey | null>
  /** What is handed out of it. Made once for each token that is remembered. */
  made(verified: Verified): T
}

/**
 * Reads access tokens, and refuses whatever was not signed by one of the keys for whom is expected. What is remembered is only
 * that this exact text was signed by that key, so that a warm request does no cryptography; expiry, key and denials are judged at
 * every use (decision 8). Only what verified enters. The answer is late where the key is.
 */
export function accessReader<T extends object>({ expected, keyOf, made }: AccessReaderOptions<T>) {
  const verified = recent<{ readonly ok: true; readonly value: T }>(LONGEST_REMEMBERED)

  const own = ownClaims(expected)

  function accept(token: string, parsed: Parsed, key: VerifyingKey | null): Result<T> {
    // The key says which algorithm, never the token (JW-02, JW-03).
    if (key === null || key.alg !== parsed.alg) return MALFORMED
    if (!verify(key, parsed.input, parsed.signature)) return FORGED
    const claims = own(parsed.body) ?? decodeClaims(payloadOf(parsed), expected)
    if (claims === null) return MALFORMED
    return verified.keep(token, { ok: true, value: made({ claims, kid: parsed.kid }) })
  }

  return (token: string, now: number): Result<T> | Promise<Result<T>> => {
    const known = verified.find(token)
    if (known !== null) return known
    const parsed = parseCompact(token, TYP)
    if (parsed === null) return MALFORMED
    const key = keyOf(parsed.kid, now)
    return key instanceof Promise ? key.then((late) => accept(token, parsed, late)) : accept(token, parsed, key)
  }
}
