import type { Setting } from '../auth.ts'
import type { Authenticated } from '../guard.ts'
import { ok, type Result, refused } from '../result.ts'
import type { Arrival } from './arrival.ts'
import type { Route } from './route.ts'

const REMEDY =
  'The request arrived over plain http, where a session cookie is not set. If a proxy in front ends TLS, let it send X-Forwarded-Proto and list its address in trustedProxies'

/**
 * No credential's cookie goes out over plain http (CK-12). Said before anything is done, and aloud: browsers would drop
 * the cookie without a word. On localhost, the only place where `baseUrl` may be http, it may.
 */
export function carriable(
  setting: Setting,
  route: Route,
  { proto }: Arrival,
  who: Authenticated | null,
  body: unknown,
): Result<null> {
  if (setting.baseUrl.protocol === 'http:' || proto === 'https') return ok(null)
  return setsCookie(route, who, body) ? refused({ code: 'invalid_request', detail: REMEDY }) : ok(null)
}

function setsCookie({ credential }: Route, who: Authenticated | null, body: unknown): boolean {
  if (credential === 'issued') return chosen(body) === 'cookie'
  if (credential === 'refreshed') return (body as { readonly refreshToken?: string }).refreshToken === undefined
  return credential === 'replaced' && who?.via.transport === 'cookie'
}

function chosen(body: unknown): unknown {
  return (body as { readonly transport?: 'cookie' | 'bearer' }).transport ?? 'cookie'
}
