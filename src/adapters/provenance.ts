import type { Auth } from '../auth.ts'
import type { Carrier, RequestContext } from '../carrier.ts'
import type { Authenticated } from '../guard.ts'
import { type Refused, type Result, refused } from '../result.ts'
import { proofOfOrigin } from '../wire/origin.ts'
import { inManner } from './asked.ts'

const CSRF_HEADER = 'x-csrf-token'

const FOREIGN: Refused = refused({ code: 'csrf_rejected', detail: 'The request comes from another site' })
const SOCKET: Refused = refused({ code: 'csrf_rejected', detail: 'A WebSocket by cookie needs an Origin' })

/** Methods that change nothing (RFC 9110 section 9.2.1). Any other may. */
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

export function isUnsafe(method: string): boolean {
  return method !== 'GET' && !SAFE.has(method)
}

/**
 * Whether a request that may change something comes from where it may come from, judged before anybody looks who it is (CS-01,
 * CS-02): null lets it go on. `ask`: only a token that fits its session can tell. Beside an `Authorization` header no cookie counts,
 * and no page can forge one (CS-11).
 */
export function provenance(auth: Auth, carrier: Carrier, context: RequestContext): Refused | 'ask' | null {
  if (isPresent(carrier.get('authorization'))) return null
  const headers = {
    secFetchSite: carrier.get('sec-fetch-site'),
    origin: carrier.get('origin'),
    referer: carrier.get('referer'),
  }
  const proof = proofOfOrigin(headers, auth.setting.origins)
  if (proof === 'own') return null
  if (proof === 'none') return 'ask'
  auth.report({ type: 'csrf.rejected', reason: 'foreign_origin' }, context)
  return FOREIGN
}

/**
 * The same of a request for a WebSocket (CS-08). Browsers open one to anywhere, with cookies, and always say from where: an origin that
 * is there has to be an own one, and without it there is no cookie.
 */
export function socketProvenance(auth: Auth, carrier: Carrier, context: RequestContext): Refused | null {
  const origin = carrier.get('origin')
  if (!isPresent(origin) && isPresent(carrier.get('authorization'))) return null
  if (isPresent(origin) && proofOfOrigin({ origin }, auth.setting.origins) === 'own') return null
  const reason = isPresent(origin) ? 'foreign_origin' : 'no_proof'
  auth.report({ type: 'csrf.rejected', reason }, context)
  return isPresent(origin) ? FOREIGN : SOCKET
}

/** For `ask`: whether the token that came along fits the session of the request. Looking is not activity. */
export async function proved(auth: Auth, carrier: Carrier, context: RequestContext): Promise<Refused | null> {
  const found: Result<Authenticated> = await auth.authenticate(carrier, inManner(context, { passive: true }))
  if (!found.ok) return found
  if (auth.csrfTokenFits(found.value.session.id, carrier.get(CSRF_HEADER))) return null
  auth.report({ type: 'csrf.rejected', who: found.value, reason: 'no_proof' }, context)
  const detail = `Send Origin, or the token of GET ${auth.setting.basePath}/csrf as X-CSRF-Token`
  return refused({ code: 'csrf_rejected', detail })
}

function isPresent(value: string | null | undefined): value is string {
  return value !== null && value !== undefined
}
