import type { Setting } from '../auth.ts'
import { answer, route } from './route.ts'

export const signOutRoutes = [
  route({
    method: 'POST',
    path: '/sign-out',
    summary: 'End the session of the request, wherever it is left to be ended',
    access: 'public',
    credential: 'removed',
    responses: { 204: null },
    async handle(auth, { carrier, context }) {
      const { cookies } = await auth.signOut(carrier, context)
      // With an Authorization header the cookie was not looked at: taking it away would leave its session open.
      const byHeader = typeof carrier.get('authorization') === 'string'
      const headers = clearsSiteData(auth.setting) ? { 'Clear-Site-Data': '"cache", "storage"' } : {}
      return answer(204, undefined, byHeader ? {} : { cookies, headers })
    },
  }),
]

/** By option, and never over plain http, where browsers ignore it. Cookies are removed one by one (TE-05). */
function clearsSiteData({ clearSiteData, baseUrl }: Setting): boolean {
  return clearSiteData && baseUrl.protocol === 'https:'
}
