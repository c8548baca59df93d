import type { Auth } from '../auth.ts'
import type { Authenticated } from '../guard.ts'
import type { Reply } from './reply.ts'
import { signInOrTrouble } from './sign-in.ts'
import type { Visit } from './visit.ts'

/** Who is there, and the cookies of their next token if it is time for one; or what to answer instead. */
export type Present =
  | { readonly who: Authenticated; readonly cookies: readonly string[] }
  | { readonly who: null; readonly reply: Reply }

/**
 * Who a page is for. Tokens that are over are refreshed by a detour, and those without a record are renewed on the way, as
 * a script would do it where there is one.
 * @param path of the page, below the prefix it is served under: where to come back to
 */
export async function present(auth: Auth, visit: Visit, path: string): Promise<Present> {
  const { carrier, context, at } = visit
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
  if (stale && setting.refreshes) {
    return {
      who: null,
      reply: { to: `${setting.basePath}/continue?${new URLSearchParams({ return: `${at}${path}` })}` },
    }
  }
  return { who: null, reply: signInOrTrouble(setting, visit, found.refusal) }
}

function isHalfOver({ session, tokenExpiresAt }: Authenticated, now: number): boolean {
  return tokenExpiresAt !== null && now - session.lastActiveAt > (tokenExpiresAt - session.lastActiveAt) / 2
}
