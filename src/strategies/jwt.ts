import { type Duration, milliseconds } from '../duration.ts'
import { ConfigurationError } from '../errors.ts'
import type { StrategyFactory } from '../options.ts'
import type { Result } from '../result.ts'
import type { Session } from '../session.ts'
import type { AccessProof, Carried, Found, Subject, Transport } from '../strategy.ts'
import { type Access, accessTokens } from '../tokens/access.ts'
import { carriedToken } from '../tokens/carried-token.ts'
import { cookieAge } from '../tokens/cookie-age.ts'
import { encryption } from '../tokens/encryption.ts'
import type { AccessClaims } from '../wire/claims.ts'
import { clearCookie, MAX_COOKIE, serializeCookie } from '../wire/cookie.ts'
import { protectedCookie } from '../wire/cookie-name.ts'
import { MAX_TOKEN } from '../wire/jws.ts'

/** How tokens are made. */
export type JwtOptions = {
  /**
   * How long a token lasts, which is the idle limit too; 10 seconds at least.
   * @default '15m'
   */
  readonly ttl?: Duration
  /**
   * What `aud` says, and has to say.
   * @default the origin of `baseUrl`
   */
  readonly audience?: string
  /**
   * Encrypts what is signed, for whoever does not want claims to be readable by their holder.
   * @default false
   */
  readonly encrypt?: boolean
}

/** What is known of the client of a token without a record: nothing that a list could show. */
const NO_DEVICE = { browser: 'unknown', os: 'unknown', type: 'unknown' } as const

/**
 * A signed token that is all there is: nothing is kept of a session but, once it ended, that it did. The token's life
 * stands for the idle limit, and renewing gives the next one within the absolute limit.
 */
export function jwt({ ttl = '15m', audience, encrypt = false }: JwtOptions = {}): StrategyFactory {
  const life = milliseconds(ttl, 'ttl')
  if (life < 10_000) throw new ConfigurationError(`ttl is ${life} ms, less than a renewal takes: write at least '10s'`)
  return ({ baseUrl, cookies, keys, epoch, macKeys }) => {
    const cookie = protectedCookie('at', baseUrl, cookies)
    const issuer = baseUrl.origin
    const access = accessTokens({
      issuer,
      audience: audience ?? issuer,
      keys,
      epoch,
      sessionOf: (claims) => sessionOf(claims, life),
    })
    const sealed = encrypt ? encryption(macKeys('token encryption')) : null

    function known(found: Result<Access>, transport: Transport): Found<AccessProof> {
      if (!found.ok) return found
      const { claims, kid, session } = found.value
      // The other strategy's, whose sessions have a record.
      if (session === null) return null
      const via = { strategy: 'jwt', transport }
      return { ok: true, value: { via, sid: session.id, proof: 'access', claims, kid, session } }
    }

    function read(token: string, transport: Transport, now: number): Found<AccessProof> | Promise<Found<AccessProof>> {
      const found = sealed ? sealed.opened(token, (inner) => access.read(inner, now)) : access.read(token, now)
      return found instanceof Promise ? found.then((late) => known(late, transport)) : known(found, transport)
    }

    const identify = carriedToken<AccessProof>(cookie.name, read)

    function carry(token: string, { session }: Subject, expiresAt: number, transport: Transport, now: number): Carried {
      if (transport === 'bearer') {
        const expiresIn = Math.max(0, Math.floor((expiresAt - now) / 1000))
        if (token.length > MAX_TOKEN) throw tooLong(token.length, MAX_TOKEN, 'is accepted')
        return {
          cookies: [],
          tokens: { accessToken: token, tokenType: 'Bearer', expiresIn },
          tokenExpiresAt: expiresAt,
        }
      }
      const size = cookie.name.length + token.length
      if (size > MAX_COOKIE) throw tooLong(size, MAX_COOKIE, 'fits into a cookie')
      const persistent = session.remember ? { maxAge: cookieAge(expiresAt, now) } : {}
      return { cookies: [serializeCookie({ ...cookie, value: token, ...persistent })], tokenExpiresAt: expiresAt }
    }

    return {
      name: 'jwt',
      keeps: 'nothing',
      tokenLife: life,
      refreshing: null,

      async issue(subject, transport, now) {
        const { session } = subject
        const { createdAt, longestIdle, remember } = session
        const expiresAt = Math.min(now + Math.min(life, session.idleTimeout), session.expiresAt)
        const own = { createdAt, expiresAt: session.expiresAt, remember, longestIdle }
        const token = await access.make(subject, expiresAt, { counter: 0, own }, now)
        const text = sealed === null ? token : await sealed.make(token)
        return { digest: '', carried: carry(text, subject, expiresAt, transport, now) }
      },

      identify,
      identifyToEnd: identify,

      clear: () => [clearCookie(cookie)],
    }
  }
}

/**
 * The session that a token without a record stands for. Its uses are not known: it was last active when it was made. One
 * from before `ttl` was shortened lasts no longer than those of now: nor do the denials that it would otherwise outlive.
 */
function sessionOf(claims: AccessClaims, life: number): Session | null {
  const { session } = claims
  if (session === null) return null
  return {
    id: claims.sid as Session['id'],
    userId: claims.subject as Session['userId'],
    strategy: 'jwt',
    createdAt: session.createdAt,
    authenticatedAt: claims.authenticatedAt,
    lastActiveAt: claims.issuedAt,
    longestIdle: session.longestIdle,
    idleTimeout: Math.min(life, claims.expiresAt - claims.issuedAt),
    expiresAt: session.expiresAt,
    amr: claims.amr,
    remember: session.remember,
    device: NO_DEVICE,
    ip: '',
    generation: claims.generation,
    everyone: claims.everyone,
    fields: {},
    endedAt: null,
    endReason: null,
  }
}

function tooLong(size: number, most: number, what: string): RangeError {
  return new RangeError(
    `A token would take ${size} bytes, and no more than ${most} ${what}: give the user fewer roles, or use hybrid() or session()`,
  )
}
