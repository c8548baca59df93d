import type { Carrier } from '../carrier.ts'
import type { Found, Transport } from '../strategy.ts'
import { bearerCredentials, isToken68 } from '../wire/bearer.ts'
import { readCookie } from '../wire/cookie.ts'
import { DOUBLED, MALFORMED } from './refusals.ts'

/**
 * Finds the access token of a request, in its `Authorization` header or else in the cookie, and has it read. A bearer
 * token that has not the form of one is another strategy's to judge.
 */
export function carriedToken<P>(
  cookie: string,
  read: (token: string, transport: Transport, now: number) => Found<P> | Promise<Found<P>>,
) {
  return (carrier: Carrier, now: number): Found<P> | Promise<Found<P>> => {
    const authorization = carrier.get('authorization')
    if (authorization !== null && authorization !== undefined) {
      const token = bearerCredentials(authorization)
      if (token === null) return MALFORMED
      // Whoever reads one with a dot in it accepts less than token68 allows.
      if (token.includes('.')) return read(token, 'bearer', now)
      return isToken68(token) ? null : MALFORMED
    }
    const found = readCookie(carrier.get('cookie'), cookie)
    if (found.found === 'none') return null
    return found.found === 'many' ? DOUBLED : read(found.value, 'cookie', now)
  }
}
