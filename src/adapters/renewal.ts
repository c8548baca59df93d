import type { Auth } from '../auth.ts'
import type { Carrier, RequestContext } from '../carrier.ts'
import type { Reissued } from '../flows/reissue.ts'
import type { Authenticated } from '../guard.ts'
import type { Result } from '../result.ts'
import { inManner } from './asked.ts'

/** Who asks, under their next token if there is one by now, and its cookies. */
export type Renewed = { readonly found: Result<Authenticated>; readonly cookies: readonly string[] }

/** How long requests count as coming together: a page and what it loads, milliseconds. */
const TOGETHER_MS = 5000

/**
 * Tokens without a record are renewed while they are used (`jwt`): in the second half of their life, and at once when they
 * tell of older roles. The answer to the request takes the next one along, of the same session: if that ends meanwhile, the
 * token is none (P7). Requests that come together share one renewal.
 */
export function renewal(auth: Auth) {
  const { setting } = auth
  const underWay = new Map<string, Promise<Result<Reissued>>>()

  function renewed(who: Authenticated, context: RequestContext): Promise<Result<Reissued>> {
    const key = `${who.session.id} ${who.tokenExpiresAt} ${who.user.version}`
    const known = underWay.get(key)
    if (known) return known
    const next = auth.renew(who, context)
    const forget = () => void underWay.delete(key)
    underWay.set(key, next)
    next.then(({ ok }) => (ok ? setting.clock.after(TOGETHER_MS, forget) : forget()), forget)
    return next
  }

  function isOurs({ via }: Authenticated): boolean {
    return via.transport === 'cookie' && setting.recordless.has(via.strategy)
  }

  return {
    isDue(found: Result<Authenticated>): boolean {
      if (!found.ok) return found.refusal.code === 'token_stale'
      return isOurs(found.value) && isHalfOver(found.value, setting.clock.now())
    },

    async next(found: Result<Authenticated>, carrier: Carrier, context: RequestContext): Promise<Renewed> {
      const current = found.ok ? found : await auth.authenticate(carrier, inManner(context, { renewing: true }))
      if (!current.ok || !isOurs(current.value)) return { found, cookies: [] }
      const who = current.value
      try {
        const next = await renewed(who, context)
        if (!next.ok) return { found: next, cookies: [] }
        const { session, carried } = next.value
        const value = { ...who, session, tokenExpiresAt: carried.tokenExpiresAt }
        return { found: { ok: true, value }, cookies: carried.cookies }
      } catch (fault) {
        // By name, as a bundler may have made two of the class.
        if (!(fault instanceof Error) || fault.name !== 'StoreUnavailable') throw fault
        auth.fault(fault, 'renewing a token')
        // What it is to be replaced for is good until then; what is stale is not.
        return { found: found.ok ? found : UNAVAILABLE, cookies: [] }
      }
    },
  }
}

const UNAVAILABLE = { ok: false, refusal: { code: 'unavailable', retryAfter: 1 } } as const

function isHalfOver({ session, tokenExpiresAt }: Authenticated, now: number): boolean {
  return tokenExpiresAt !== null && now - session.lastActiveAt > (tokenExpiresAt - session.lastActiveAt) / 2
}
