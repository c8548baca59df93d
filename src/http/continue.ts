import { z } from 'zod'
import type { Carrier } from '../carrier.ts'
import { proofOfOrigin } from '../wire/origin.ts'
import { returnTarget } from '../wire/return-target.ts'
import { answer, route } from './route.ts'

/**
 * Refreshes for pages without JavaScript: whoever finds an access token that is over sends the browser here, where the
 * refresh cookie is sent too. The one GET that changes something, so only a navigation that began here is let do it; all
 * others, and whoever is signed out, go on to the sign-in page.
 */
export const continueRoutes = [
  route({
    method: 'GET',
    path: '/continue',
    summary: 'Refresh during a navigation, and go on to the return target; else to the sign-in page',
    access: 'public',
    credential: 'refreshed',
    query: z.strictObject({ return: z.string().optional() }),
    responses: { 303: null },
    async handle(auth, { carrier, query, context }) {
      const { basePath, origins } = auth.setting
      const target = returnTarget(query.return, origins) ?? '/'
      const signIn = `${basePath}/sign-in?${new URLSearchParams({ return: target })}`
      if (!isOwnNavigation(carrier, origins)) return answer(303, undefined, { headers: { Location: signIn } })
      const refreshed = await auth.refresh(carrier, null, context)
      if (!refreshed.ok) {
        if (PASSING.has(refreshed.refusal.code)) return refreshed
        return answer(303, undefined, { headers: { Location: signIn } })
      }
      const { cookies } = refreshed.value.carried
      return answer(303, undefined, { headers: { Location: target }, cookies })
    },
  }),
]

/** Refusals that say nothing about whether someone is signed in. */
const PASSING: ReadonlySet<string> = new Set(['unavailable', 'throttled'])

/** A whole page's navigation, begun by a page of an own origin or by a person (Fetch Metadata). */
function isOwnNavigation(carrier: Carrier, origins: ReadonlySet<string>): boolean {
  const [secFetchSite, origin, referer] = ['sec-fetch-site', 'origin', 'referer'].map((name) => carrier.get(name))
  const [mode = 'navigate', dest = 'document'] = ['sec-fetch-mode', 'sec-fetch-dest'].map(
    (n) => carrier.get(n) ?? undefined,
  )
  if (mode !== 'navigate' || dest !== 'document') return false
  return proofOfOrigin({ secFetchSite, origin, referer }, origins) === 'own'
}
