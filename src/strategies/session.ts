import { sha256 } from '../crypto.ts'
import type { StrategyFactory } from '../options.ts'
import { recent } from '../recent.ts'
import { ok, type Result, refused } from '../result.ts'
import type { Identified, Via } from '../strategy.ts'
import { readBearer } from '../wire/bearer.ts'
import { clearCookie, readCookie, serializeCookie } from '../wire/cookie.ts'
import { protectedCookie } from '../wire/cookie-name.ts'
import { readSessionToken, sessionToken } from '../wire/token.ts'

/** What is refused whatever is wrong with it, so that a stranger learns nothing (ER-04). */
const MALFORMED = refused({ code: 'unauthenticated', presented: true })
const DOUBLED = refused({ code: 'unauthenticated', presented: true, detail: 'The cookie was sent more than once' })

const VIA_COOKIE: Via = { strategy: 'session', transport: 'cookie' }
const VIA_BEARER: Via = { strategy: 'session', transport: 'bearer' }

/**
 * The opaque session: the client holds 48 random bytes, the server a record with their digest. Immediate control, and
 * no look-up while this node's view is warm.
 */
export function session(): StrategyFactory {
  return ({ baseUrl, cookies }) => {
    const cookie = protectedCookie(cookies.name, baseUrl, cookies)
    const byCookie = recent((header) => {
      const found = readCookie(header, cookie.name)
      return found.found === 'one' ? identified(found.value, VIA_COOKIE) : null
    })
    const byBearer = recent((header) => {
      const found = readBearer(header)
      return found.found === 'one' ? identified(found.token, VIA_BEARER) : null
    })

    return {
      name: 'session',

      issue(session, transport, now) {
        const token = sessionToken(session.id)
        const digest = sha256(token)
        const seconds = Math.floor((session.expiresAt - now) / 1000)
        if (transport === 'bearer') {
          return {
            digest,
            carried: { cookies: [], tokens: { accessToken: token, tokenType: 'Bearer', expiresIn: seconds } },
          }
        }
        const persistent = session.remember ? { maxAge: seconds } : {}
        return { digest, carried: { cookies: [serializeCookie({ ...cookie, value: token, ...persistent })] } }
      },

      identify(carrier) {
        const authorization = carrier.get('authorization')
        if (authorization !== null && authorization !== undefined) return byBearer(authorization) ?? MALFORMED
        const cookies = carrier.get('cookie')
        if (!cookies) return null
        const known = byCookie(cookies)
        if (known !== null) return known
        const { found } = readCookie(cookies, cookie.name)
        return found === 'none' ? null : found === 'many' ? DOUBLED : MALFORMED
      },

      clear: () => [clearCookie(cookie)],
    }
  }
}

/** What a token names, and its digest; null when it has not the form of one. Decision 8 says why it is remembered. */
function identified(token: string, via: Via): Result<Identified> | null {
  const sid = readSessionToken(token)
  return sid === null ? null : ok({ via, sid, digest: sha256(token) })
}
