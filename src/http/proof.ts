import type { Auth } from '../auth.ts'
import type { Code } from '../errors.ts'
import { ok, type Result, refused } from '../result.ts'
import { proofOfOrigin } from '../wire/origin.ts'
import type { Arrival } from './arrival.ts'
import { OVER } from './refusals.ts'
import type { Route } from './route.ts'

const CSRF_HEADER = 'x-csrf-token'

/**
 * Whether an unsafe request that reads or sets cookies comes from where it may come from (CS-01, CS-02, CS-11): judged
 * before anything else is done for it.
 *
 * An `Authorization` header, good or bad, is the only credential of its request, so cookies play no part and no page
 * can forge it. Signing in is judged all the same: it may set a cookie. A client that sends none of the three headers
 * is no browser; one that holds a cookie shows the token that fits its session instead.
 */
export async function proven(auth: Auth, route: Route, { request, context }: Arrival): Promise<Result<null>> {
  const { headers } = request
  // Programs show credentials of their own in a header, and nothing of theirs is in a cookie.
  if (route.access === 'service') return ok(null)
  if (route.method === 'GET' || (route.access === 'public' && route.credential === undefined)) return ok(null)
  if (route.credential !== 'issued' && headers.has('authorization')) return ok(null)

  const origin = {
    secFetchSite: headers.get('sec-fetch-site'),
    origin: headers.get('origin'),
    referer: headers.get('referer'),
  }
  const proof = proofOfOrigin(origin, auth.setting.origins)
  if (proof === 'own' || (proof === 'none' && route.credential === 'issued')) return ok(null)
  if (proof === 'foreign') {
    auth.report({ type: 'csrf.rejected', reason: 'foreign_origin' }, context)
    return rejected('The request comes from another site')
  }

  // A token that came with the body is no cookie; whoever can write it there needs no proof of where they are.
  if (route.credential === 'refreshed' && !headers.has('cookie')) return ok(null)
  const named = route.access === 'public' ? await auth.namedSession(headers) : null
  if (named !== null && auth.csrfTokenFits(named, headers.get(CSRF_HEADER))) return ok(null)
  // Nothing is let in by this, so it may be asked from anywhere: signing out and re-authenticating need it.
  const { proving = 'asks' } = route
  const found = await auth.authenticate(headers, { ...context, passive: true, proving })
  if (!found.ok) {
    // Signing out, and nothing is left to lose; but the token before the newest still ends the session behind it.
    if (route.access === 'public' && GONE.has(found.refusal.code)) return ok(null)
    return found.refusal.code === 'token_stale' ? unproved(auth) : found
  }
  if (auth.csrfTokenFits(found.value.session.id, headers.get(CSRF_HEADER))) return ok(null)
  auth.report({ type: 'csrf.rejected', who: found.value, reason: 'no_proof' }, context)
  return unproved(auth)
}

/** Then there is nothing behind the cookie. */
const GONE: ReadonlySet<Code> = new Set(OVER)

function unproved({ setting }: Auth) {
  return rejected(`Send Origin, or the token of GET ${setting.basePath}/csrf as X-CSRF-Token`)
}

function rejected(detail: string) {
  return refused({ code: 'csrf_rejected', detail })
}
