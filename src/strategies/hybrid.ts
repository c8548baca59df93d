import type { Carrier } from '../carrier.ts'
import { randomText, sha256 } from '../crypto.ts'
import { type Duration, milliseconds } from '../duration.ts'
import { ConfigurationError } from '../errors.ts'
import type { StrategyFactory } from '../options.ts'
import type { Result } from '../result.ts'
import type { Session } from '../session.ts'
import type { AccessProof, Carried, Found, RefreshProof, Subject, Transport } from '../strategy.ts'
import { type Access, accessTokens } from '../tokens/access.ts'
import { carriedToken } from '../tokens/carried-token.ts'
import { cookieAge } from '../tokens/cookie-age.ts'
import { refreshTokens } from '../tokens/refresh.ts'
import { DOUBLED, MALFORMED } from '../tokens/refusals.ts'
import { readBearer } from '../wire/bearer.ts'
import { clearCookie, readCookie, serializeCookie } from '../wire/cookie.ts'
import { narrowCookie, protectedCookie } from '../wire/cookie-name.ts'

/** How access tokens are made. */
export type HybridOptions = {
  /**
   * How long an access token lasts; 10 seconds at least.
   * @default '5m'
   */
  readonly accessTtl?: Duration
  /**
   * What `aud` says, and has to say.
   * @default the origin of `baseUrl`
   */
  readonly audience?: string
}

/**
 * A short signed access token and a rotating refresh token, over a session record: services verify by themselves, and
 * everything that a session can do holds.
 */
export function hybrid({ accessTtl = '5m', audience }: HybridOptions = {}): StrategyFactory {
  const life = milliseconds(accessTtl, 'accessTtl')
  if (life < 10_000) {
    throw new ConfigurationError(`accessTtl is ${life} ms, less than a refresh takes: write at least '10s'`)
  }
  return ({ baseUrl, basePath, cookies, keys, epoch, macKeys }) => {
    const accessCookie = protectedCookie('at', baseUrl, cookies)
    const rotating = narrowCookie('rt', baseUrl, basePath, cookies)
    const issuer = baseUrl.origin
    const access = accessTokens({ issuer, audience: audience ?? issuer, keys, epoch, sessionOf: () => null })
    const refresh = refreshTokens(macKeys('refresh'))
    const identify = carriedToken<AccessProof>(accessCookie.name, (token, transport, now) => {
      const read = access.read(token, now)
      return read instanceof Promise ? read.then((late) => known(late, transport)) : known(read, transport)
    })

    function known(found: Result<Access>, transport: Transport): Found<AccessProof> {
      if (!found.ok) return found
      const { claims, kid } = found.value
      // The other strategy's, which needs no record.
      if (claims.session !== null) return null
      const via = { strategy: 'hybrid', transport }
      return { ok: true, value: { via, sid: claims.sid as Session['id'], proof: 'access', claims, kid, session: null } }
    }

    async function carry(
      subject: Subject,
      rotation: { readonly counter: number; readonly seed: string },
      transport: Transport,
      now: number,
      whole = true,
    ): Promise<Carried> {
      const { session } = subject
      const tokenExpiresAt = Math.min(now + life, session.expiresAt)
      const accessToken = await access.make(subject, tokenExpiresAt, { counter: rotation.counter, own: null }, now)
      const refreshToken = refresh.make(session.id, rotation.counter, rotation.seed)
      if (transport === 'bearer') {
        const expiresIn = Math.max(0, Math.floor((tokenExpiresAt - now) / 1000))
        const refreshExpiresIn = Math.max(0, Math.floor((session.expiresAt - now) / 1000))
        const tokens = { accessToken, tokenType: 'Bearer', expiresIn, refreshToken, refreshExpiresIn } as const
        return { cookies: [], tokens, tokenExpiresAt }
      }
      // Kept as long as the refresh token, so that one that is over still says that there is a session to refresh.
      const persistent = session.remember ? { maxAge: cookieAge(session.expiresAt, now) } : {}
      const first = serializeCookie({ ...accessCookie, value: accessToken, ...persistent })
      const second = serializeCookie({ ...rotating, value: refreshToken, ...persistent })
      return { cookies: whole ? [first, second] : [first], tokenExpiresAt }
    }

    function presented(text: string, transport: Transport): Found<RefreshProof> {
      const token = refresh.read(text)
      if (token === null) return MALFORMED
      const { sid, counter, fits } = token
      return { ok: true, value: { via: { strategy: 'hybrid', transport }, sid, proof: 'refresh', counter, fits } }
    }

    function inCookie(carrier: Carrier): Found<RefreshProof> {
      const found = readCookie(carrier.get('cookie'), rotating.name)
      if (found.found === 'none') return null
      return found.found === 'many' ? DOUBLED : presented(found.value, 'cookie')
    }

    return {
      name: 'hybrid',
      keeps: 'record',
      tokenLife: life,

      async issue(subject, transport, now) {
        const seed = sha256(randomText(32))
        return { digest: seed, carried: await carry(subject, { counter: 0, seed }, transport, now) }
      },

      identify,

      async identifyToEnd(carrier, now) {
        const header = carrier.get('authorization')
        if (header !== null && header !== undefined) {
          const bearer = readBearer(header)
          const refreshing = bearer.found === 'one' ? presented(bearer.token, 'bearer') : MALFORMED
          return refreshing?.ok ? refreshing : await identify(carrier, now)
        }
        const byAccess = await identify(carrier, now)
        return byAccess?.ok ? byAccess : (inCookie(carrier) ?? byAccess)
      },

      refreshing: {
        read(carrier, given) {
          if (given !== null) return presented(given, 'bearer')
          // Beside that header no cookie counts, and so none was asked to prove where it comes from (CS-11).
          return typeof carrier.get('authorization') === 'string' ? null : inCookie(carrier)
        },
        issue: (record, user, transport, now, whole) =>
          carry({ session: record, user }, { counter: record.counter, seed: record.digest }, transport, now, whole),
      },

      clear: () => [clearCookie(accessCookie), clearCookie(rotating)],
    }
  }
}
