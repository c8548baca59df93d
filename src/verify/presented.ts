import type { Carrier } from '../carrier.ts'
import type { Refused } from '../result.ts'
import type { Transport } from '../strategy.ts'
import { DOUBLED, MALFORMED } from '../tokens/refusals.ts'
import { bearerCredentials, isToken68 } from '../wire/bearer.ts'
import { readCookie } from '../wire/cookie.ts'
import { MAX_TOKEN } from '../wire/jws.ts'

export type Presented = { readonly ok: true; readonly token: string; readonly transport: Transport }

/**
 * The token of a request: of its `Authorization` header, which alone counts where there is one (CS-11), or else of the first of the
 * cookies that are accepted. Null when there is none.
 */
export function presented(carrier: Carrier, cookies: readonly string[]): Presented | Refused | null {
  const authorization = carrier.get('authorization')
  if (authorization !== null && authorization !== undefined) {
    return formed(bearerCredentials(authorization), 'bearer')
  }
  for (const name of cookies) {
    const found = readCookie(carrier.get('cookie'), name)
    if (found.found === 'many') return DOUBLED
    if (found.found === 'one') return formed(found.value, 'cookie')
  }
  return null
}

/** What is longer, or has letters that no token has, is not sent on. */
function formed(token: string | null, transport: Transport): Presented | Refused {
  return token !== null && token.length <= MAX_TOKEN && isToken68(token) ? { ok: true, token, transport } : MALFORMED
}
