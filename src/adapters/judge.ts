import type { Auth } from '../auth.ts'
import type { Carrier, RequestContext } from '../carrier.ts'
import type { Refusal } from '../errors.ts'
import type { Authenticated, Guard } from '../guard.ts'
import type { Result } from '../result.ts'
import { sectionGuards } from '../sections.ts'
import { contexts, isSecure, type Reading } from './asked.ts'
import { isUnsafe, proved, provenance, socketProvenance } from './provenance.ts'
import { renewal } from './renewal.ts'
import { isNavigation, type Reply, refusing, type WaysIn } from './reply.ts'

/** Somebody who may come in, with whole `Set-Cookie` values for the answer; or what to answer instead. */
export type Verdict =
  | { readonly who: Authenticated; readonly cookies: readonly string[] }
  | { readonly who: null; readonly reply: Reply }

/** Judges requests: at once when the session is in memory, and then without a promise. Never throws. */
export type Judge<R> = (request: R, guards: readonly Guard[]) => Verdict | Promise<Verdict>

const NO_COOKIES: readonly string[] = []

/**
 * What stands before a handler, in this order: where the request comes from, who asks, whether that is enough here, and whether
 * it is time for the next token.
 */
export function judge<R>(auth: Auth, reading: Reading<R>, ways: WaysIn): Judge<R> {
  const { setting } = auth
  const contextOf = contexts(auth, reading)
  const reply = refusing(auth, ways)
  const renew = renewal(auth)

  function refuse(refusal: Refusal, request: R, carrier: Carrier, { requestId = '' }: RequestContext): Verdict {
    const navigates = !reading.upgrades(request) && isNavigation(carrier)
    // Whoever sent a form would come back to an address that shows nothing.
    const target = isUnsafe(reading.method(request)) ? null : reading.target(request)
    return { who: null, reply: reply(refusal, requestId, navigates ? { target } : null) }
  }

  function decide(
    found: Result<Authenticated>,
    request: R,
    guards: readonly Guard[],
    carrier: Carrier,
    context: RequestContext,
  ): Verdict | Promise<Verdict> {
    if (setting.recordless.size > 0 && renew.isDue(found) && maySetCookies(request, carrier)) {
      return renew.next(found, carrier, context).then(({ found: next, cookies }) => {
        return guarded(next, cookies, request, guards, carrier, context)
      })
    }
    return guarded(found, NO_COOKIES, request, guards, carrier, context)
  }

  function guarded(
    found: Result<Authenticated>,
    cookies: readonly string[],
    request: R,
    guards: readonly Guard[],
    carrier: Carrier,
    context: RequestContext,
  ): Verdict {
    if (!found.ok) return refuse(found.refusal, request, carrier, context)
    const who = found.value
    const all =
      who.policy.sections.length === 0 ? guards : [...sectionGuards(who.policy, reading.paths(request)), ...guards]
    if (all.length > 0) {
      const enough = auth.guard(who, all, context)
      if (!enough.ok) return refuse(enough.refusal, request, carrier, context)
    }
    return { who, cookies }
  }

  function maySetCookies(request: R, carrier: Carrier): boolean {
    if (!reading.takesCookies(request)) return false
    return setting.baseUrl.protocol === 'http:' || isSecure(auth, reading, request, carrier)
  }

  function admit(request: R, guards: readonly Guard[], carrier: Carrier, context: RequestContext) {
    const found = auth.authenticate(carrier, context)
    if (found instanceof Promise) return found.then((late) => decide(late, request, guards, carrier, context))
    return decide(found, request, guards, carrier, context)
  }

  function judged(request: R, guards: readonly Guard[], carrier: Carrier, context: RequestContext) {
    const upgrades = reading.upgrades(request)
    if (!upgrades && !isUnsafe(reading.method(request))) return admit(request, guards, carrier, context)
    const came = upgrades ? socketProvenance(auth, carrier, context) : provenance(auth, carrier, context)
    if (came === null) return admit(request, guards, carrier, context)
    if (came !== 'ask') return refuse(came.refusal, request, carrier, context)
    return proved(auth, carrier, context).then((no) => {
      return no === null ? admit(request, guards, carrier, context) : refuse(no.refusal, request, carrier, context)
    })
  }

  return (request, guards) => {
    const carrier = reading.carrier(request)
    const context = contextOf(request, carrier)
    const fault = (error: unknown): Verdict => {
      auth.fault(error, 'protecting a route')
      return refuse({ code: 'internal' }, request, carrier, context)
    }
    try {
      const verdict = judged(request, guards, carrier, context)
      return verdict instanceof Promise ? verdict.catch(fault) : verdict
    } catch (error) {
      return fault(error)
    }
  }
}
