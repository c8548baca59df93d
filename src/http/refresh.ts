import { z } from 'zod'
import { OVER } from './refusals.ts'
import { reissued } from './represent.ts'
import { answer, route } from './route.ts'
import { reissuedShape } from './shapes.ts'

export const refreshRoutes = [
  route({
    method: 'POST',
    path: '/refresh',
    summary: 'Exchange a refresh token, the cookie’s or that of the body; strategies without one answer not_supported',
    access: 'public',
    credential: 'refreshed',
    body: z.strictObject({ refreshToken: z.string().optional() }),
    refuses: [...OVER, 'not_supported', 'token_stale', 'reauth_required'],
    responses: { 200: reissuedShape },
    async handle(auth, { carrier, body, context }) {
      const refreshed = await auth.refresh(carrier, body.refreshToken ?? null, context)
      if (!refreshed.ok) return refreshed
      const { value } = refreshed
      return answer(200, reissued(auth, value.who, value), { cookies: value.carried.cookies })
    },
  }),
]
