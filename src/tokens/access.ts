import { randomText, type SigningKey, sign, verify } from '../crypto.ts'
import type { TokenKeys } from '../keyring.ts'
import { recent } from '../recent.ts'
import type { Result } from '../result.ts'
import type { Session } from '../session.ts'
import type { Subject } from '../strategy.ts'
import { type AccessClaims, decodeClaims, encodeClaims } from '../wire/claims.ts'
import { compact, encoded, type Parsed, parseCompact, payloadOf } from '../wire/jws.ts'
import { FORGED, MALFORMED } from './refusals.ts'

/** RFC 9068 section 2.1. */
const TYP = 'at+jwt'

/** Longer tokens are verified every time: nobody fills the memory with them. Characters. */
const LONGEST_REMEMBERED = 2048

/** A token that was signed by this key for this installation. Nothing is said of its time, its key's standing or its session. */
export type Access = { readonly claims: AccessClaims; readonly kid: string; readonly session: Session | null }

/** 192 bits of the signature. */
const signatureEnd = (token: string): string => token.slice(-32)

type Verified = { readonly ok: true; readonly value: Access }

export type AccessOptions = {
  readonly issuer: string
  readonly audience: string
  readonly keys: TokenKeys
  /** The epoch of the feeds: tokens from before data was lost are told by it. */
  readonly epoch: () => string
  /** The session that a token without a record stands for. Made once for each token that is remembered. */
  readonly sessionOf: (claims: AccessClaims) => Session | null
}

/** How far the refresh tokens have come, and what a token must say by itself when there is no record. */
type Circumstances = { readonly counter: number; readonly own: AccessClaims['session'] }

/**
 * Makes and reads access tokens. What is remembered is only that this exact text was signed by that key, so that a warm
 * request does no cryptography; expiry, key and denials are judged at every use (decision 8). Only what verified enters.
 */
export function accessTokens({ issuer, audience, keys, epoch, sessionOf }: AccessOptions) {
  const verified = recent<Verified>(LONGEST_REMEMBERED, signatureEnd)
  const expected = { issuer, audience }
  const clientId = new URL(issuer).host

  let header = { kid: '', text: '' }
  function headerOf({ kid, alg }: SigningKey): string {
    if (header.kid !== kid) header = { kid, text: encoded({ typ: TYP, alg, kid }) }
    return header.text
  }

  function signed(
    key: SigningKey,
    { session, user }: Subject,
    expiresAt: number,
    { counter, own }: Circumstances,
    now: number,
  ): string {
    const claims: AccessClaims = {
      issuer,
      audience: [audience],
      subject: session.userId,
      clientId,
      jti: randomText(16),
      sid: session.id,
      issuedAt: Math.min(now, expiresAt - 1),
      expiresAt,
      notBefore: null,
      authenticatedAt: session.authenticatedAt,
      amr: session.amr,
      roles: user.roles,
      scope: null,
      version: user.version,
      generation: session.generation,
      everyone: session.everyone,
      epoch: epoch(),
      counter,
      session: own,
    }
    return compact(headerOf(key), encodeClaims(claims), (input) => sign(key, input))
  }

  function accept(token: string, parsed: Parsed, key: SigningKey | null): Result<Access> {
    // The key says which algorithm, never the token (JW-02, JW-03).
    if (key === null || key.alg !== parsed.alg) return MALFORMED
    if (!verify(key, parsed.input, parsed.signature)) return FORGED
    const claims = decodeClaims(payloadOf(parsed), expected)
    if (claims === null) return MALFORMED
    return verified.keep(token, { ok: true, value: { claims, kid: parsed.kid, session: sessionOf(claims) } })
  }

  return {
    /**
     * Signs a token that is good until `expiresAt` at the latest. If that has passed meanwhile, it is over as it is made, and
     * whoever shows it is told so.
     * @throws StoreUnavailable when there is no key to sign with.
     */
    make(subject: Subject, expiresAt: number, circumstances: Circumstances, now: number): string | Promise<string> {
      const key = keys.signing(now)
      return key instanceof Promise
        ? key.then((late) => signed(late, subject, expiresAt, circumstances, now))
        : signed(key, subject, expiresAt, circumstances, now)
    },

    /** Refuses whatever was not signed here for here. A key nobody knows of is asked for, so the answer may be late. */
    read(token: string, now: number): Result<Access> | Promise<Result<Access>> {
      const known = verified.find(token)
      if (known !== null) return known
      const parsed = parseCompact(token, TYP)
      if (parsed === null) return MALFORMED
      const key = keys.find(parsed.kid, now)
      return key instanceof Promise ? key.then((late) => accept(token, parsed, late)) : accept(token, parsed, key)
    },
  }
}
