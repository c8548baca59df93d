import { sha256 } from '../crypto.ts'
import type { StrategyFactory } from '../options.ts'
import { ok, refused } from '../result.ts'
import { readBearer } from '../wire/bearer.ts'
import { clearCookie, readCookie, serializeCookie } from '../wire/cookie.ts'
import { protectedCookie } from '../wire/cookie-name.ts'
import { readSessionToken, sessionToken } from '../wire/token.ts'

/** What is refused whatever is wrong with it, so that a stranger learns nothing (ER-04). */
const MALFORMED = refused({ code: 'unauthenticated', presented: true })
const DOUBLED = refused({ code: 'unauthenticated', presented: true, detail: 'The cookie was sent more than once' })

/**
 * The opaque session: the client holds 48 random bytes, the server a record with their digest. Immediate control, and
 * no look-up while this node's view is warm.
 */
export function session(): StrategyFactory {
  return ({ baseUrl, cookies }) => {
    const cookie = protectedCookie(cookies.name, baseUrl, cookies)
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
        const bearer = readBearer(carrier.get('authorization'))
        if (bearer.found === 'bad') return MALFORMED
        const presented = bearer.found === 'one' ? bearer.token : null
        if (presented !== null) return identified(presented, 'bearer')
        const found = readCookie(carrier.get('cookie'), cookie.name)
        if (found.found === 'none') return null
        return found.found === 'many' ? DOUBLED : identified(found.value, 'cookie')
      },

      clear: () => [clearCookie(cookie)],
    }
  }
}

function identified(token: string, transport: 'cookie' | 'bearer') {
  const sid = readSessionToken(token)
  if (sid === null) return MALFORMED
  return ok({ by: 'record' as const, strategy: 'session', transport, sid, digest: sha256(token) })
}
