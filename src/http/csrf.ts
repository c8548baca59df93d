import { z } from 'zod'
import { answer, route } from './route.ts'

export const csrfRoutes = [
  route({
    method: 'GET',
    path: '/csrf',
    summary: 'The token for X-CSRF-Token, for clients that send neither Origin nor Referer; bound to the session',
    access: 'signed-in',
    proving: 'asks',
    responses: { 200: z.strictObject({ token: z.string() }) },
    handle: (auth, { who }) => answer(200, { token: auth.csrfToken(who.session.id) }),
  }),
]
