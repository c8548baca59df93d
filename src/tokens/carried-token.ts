import type { Carrier } from '../carrier.ts'
import type { Found, Transport } from '../strategy.ts'
import { readBearer } from '../wire/bearer.ts'
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
      const bearer = readBearer(authorization)
      if (bearer.found !== 'one') return MALFORMED
      return bearer.token.includes('.') ? read(bearer.token, 'bearer', now) : null
    }
    const found = readCookie(carrier.get('cookie'), cookie)
    if (found.found === 'none') return null
    return found.found === 'many' ? DOUBLED : read(found.value, 'cookie', now)
  }
}
