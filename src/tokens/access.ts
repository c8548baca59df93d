import { randomText, type SigningKey, sign } from '../crypto.ts'
import type { TokenKeys } from '../keyring.ts'
import type { Result } from '../result.ts'
import type { Session } from '../session.ts'
import type { Subject } from '../strategy.ts'
import { type AccessClaims, encodeClaims } from '../wire/claims.ts'
import { compact, encoded } from '../wire/jws.ts'
import { accessReader, TYP, type Verified } from './access-reader.ts'

/** A token that was signed for this installation, and the session it stands for where it is all there is of one. */
export type Access = Verified & { readonly session: Session | null }

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

/** Makes and reads access tokens. */
export function accessTokens({ issuer, audience, keys, epoch, sessionOf }: AccessOptions) {
  const reader = accessReader<Access>({
    expected: { issuer, audience },
    keyOf: (kid, now) => keys.find(kid, now),
    made: (verified) => ({ ...verified, session: sessionOf(verified.claims) }),
  })
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

    /** See `accessReader`. */
    read: (token: string, now: number): Result<Access> | Promise<Result<Access>> => reader(token, now),
  }
}
