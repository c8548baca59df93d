import { sha256 } from '../crypto.ts'
import type { StrategyFactory } from '../options.ts'
import { recent } from '../recent.ts'
import { ok, type Result, refused } from '../result.ts'
import type { Identified, Transport } from '../strategy.ts'
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
    const [byCookie, byBearer] = [identified('cookie'), identified('bearer')]
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
        if (bearer.found === 'one') return byBearer(bearer.token) ?? MALFORMED
        if (bearer.found === 'bad') return MALFORMED
        const found = readCookie(carrier.get('cookie'), cookie.name)
        if (found.found === 'one') return byCookie(found.value) ?? MALFORMED
        return found.found === 'many' ? DOUBLED : null
      },

      clear: () => [clearCookie(cookie)],
    }
  }
}

/** What a token names, and its digest; null when it has not the form of one. Decision 8 says why it is remembered. */
function identified(transport: Transport) {
  const via = { strategy: 'session', transport } as const
  return recent((token): Result<Identified> | null => {
    const sid = readSessionToken(token)
    return sid === null ? null : ok({ via, sid, digest: sha256(token) })
  })
}
