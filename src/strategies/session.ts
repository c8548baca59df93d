import type { Carrier } from '../carrier.ts'
import { sha256 } from '../crypto.ts'
import type { StrategyFactory } from '../options.ts'
import { type Recent, recent } from '../recent.ts'
import type { DigestProof, Found, Via } from '../strategy.ts'
import { cookieAge } from '../tokens/cookie-age.ts'
import { DOUBLED, MALFORMED } from '../tokens/refusals.ts'
import { readBearer } from '../wire/bearer.ts'
import { clearCookie, readCookie, serializeCookie } from '../wire/cookie.ts'
import { protectedCookie } from '../wire/cookie-name.ts'
import { readSessionToken, sessionToken } from '../wire/token.ts'

const VIA_COOKIE: Via = { strategy: 'session', transport: 'cookie' }
const VIA_BEARER: Via = { strategy: 'session', transport: 'bearer' }

/** Longer headers are read every time. UTF-16 units. */
const LONGEST_REMEMBERED = 1024

/** Where a token ends, and with it what nobody can guess. Characters. */
const TOKEN = 64

/**
 * The opaque session: the client holds 48 random bytes, the server a record with their digest. Immediate control, and
 * no look-up while this node's view is warm.
 */
export function session(): StrategyFactory {
  return ({ baseUrl, cookies }) => {
    const cookie = protectedCookie(cookies.name, baseUrl, cookies)
    const begin = `${cookie.name}=`
    const cookieHeaders = recent<Good>(LONGEST_REMEMBERED, (header) => header.indexOf(begin) + begin.length + TOKEN)
    const bearerHeaders = recent<Good>(LONGEST_REMEMBERED)

    function byBearer(header: string): Found<DigestProof> {
      const known = bearerHeaders.find(header)
      if (known !== null) return known
      const bearer = readBearer(header)
      if (bearer.found !== 'one') return MALFORMED
      // One of another form is another strategy's to judge.
      return keep(bearerHeaders, header, bearer.token, VIA_BEARER)
    }

    function byCookie(header: string): Found<DigestProof> {
      const known = cookieHeaders.find(header)
      if (known !== null) return known
      const found = readCookie(header, cookie.name)
      if (found.found === 'none') return null
      return found.found === 'many' ? DOUBLED : (keep(cookieHeaders, header, found.value, VIA_COOKIE) ?? MALFORMED)
    }

    function identify(carrier: Carrier): Found<DigestProof> {
      const authorization = carrier.get('authorization')
      if (authorization !== null && authorization !== undefined) return byBearer(authorization)
      const header = carrier.get('cookie')
      return header ? byCookie(header) : null
    }

    return {
      name: 'session',
      keeps: 'record',
      tokenLife: null,
      refreshing: null,

      issue({ session }, transport, now) {
        const token = sessionToken(session.id)
        const digest = sha256(token)
        if (transport === 'bearer') {
          const expiresIn = Math.max(0, Math.floor((session.expiresAt - now) / 1000))
          const tokens = { accessToken: token, tokenType: 'Bearer', expiresIn } as const
          return { digest, carried: { cookies: [], tokens, tokenExpiresAt: null } }
        }
        const persistent = session.remember ? { maxAge: cookieAge(session.expiresAt, now) } : {}
        const cookies = [serializeCookie({ ...cookie, value: token, ...persistent })]
        return { digest, carried: { cookies, tokenExpiresAt: null } }
      },

      identify,
      identifyToEnd: identify,

      clear: () => [clearCookie(cookie)],
    }
  }
}

type Good = Found<DigestProof> & { readonly ok: true }

/** What a token names, and its digest; null when it has not the form of one. Decision 8 says why it is remembered. */
function keep(headers: Recent<Good>, header: string, token: string, via: Via): Good | null {
  const sid = readSessionToken(token)
  return sid && headers.keep(header, { ok: true, value: { via, sid, proof: 'digest', digest: sha256(token) } })
}
