import type { Auth } from '../auth.ts'
import type { Authenticated } from '../guard.ts'
import type { Reply } from './reply.ts'
import { signInOrTrouble } from './sign-in.ts'
import { own, type Visit } from './visit.ts'

/** Who is there, and the cookies of their next token if it is time for one; or what to answer instead. */
export type Present =
  | { readonly who: Authenticated; readonly cookies: readonly string[] }
  | { readonly who: null; readonly reply: Reply }

/**
 * Who a page is for. Tokens that are over are refreshed by a detour, and those without a record are renewed on the way, as
 * a script would do it where there is one. A form that comes with a token that is over takes the detour with all that was
 * written into it.
 */
export async function present(auth: Auth, visit: Visit, sending = false): Promise<Present> {
  const { carrier, context } = visit
  const { setting } = auth
  let found = await auth.authenticate(carrier, context)
  const stale = !found.ok && found.refusal.code === 'token_stale'
  if (stale && setting.recordless.size > 0) found = await auth.authenticate(carrier, { ...context, renewing: true })
  if (found.ok) {
    const who = found.value
    if (!setting.recordless.has(who.via.strategy) || !(stale || isHalfOver(who, setting.clock.now()))) {
      return { who, cookies: [] }
    }
    const renewed = await auth.renew(who, context)
    if (!renewed.ok) return { who: null, reply: signInOrTrouble(setting, visit, renewed.refusal) }
    const { session, carried } = renewed.value
    return { who: { ...who, session, tokenExpiresAt: carried.tokenExpiresAt }, cookies: carried.cookies }
  }
  if (stale && setting.refreshes) return sending ? refreshed(auth, visit) : { who: null, reply: detour(auth, visit) }
  return { who: null, reply: signInOrTrouble(setting, visit, found.refusal) }
}

function detour({ setting }: Auth, visit: Visit): Reply {
  return { to: `${setting.basePath}/continue?${new URLSearchParams({ return: own(visit) })}` }
}

/** The refresh token comes along below the base path only. */
async function refreshed(auth: Auth, visit: Visit): Promise<Present> {
  const { at, refreshing, carrier, context } = visit
  if (refreshing === null) return { who: null, reply: detour(auth, visit) }
  if (at !== refreshing) return { who: null, reply: { to: own({ ...visit, at: refreshing }), again: true } }
  const next = await auth.refresh(carrier, null, context)
  if (!next.ok) return { who: null, reply: signInOrTrouble(auth.setting, visit, next.refusal) }
  const { who, session, carried } = next.value
  return { who: { ...who, session, tokenExpiresAt: carried.tokenExpiresAt }, cookies: carried.cookies }
}

function isHalfOver({ session, tokenExpiresAt }: Authenticated, now: number): boolean {
  return tokenExpiresAt !== null && now - session.lastActiveAt > (tokenExpiresAt - session.lastActiveAt) / 2
}
