import { z } from 'zod'
import { reissued } from './represent.ts'
import { answer, route } from './route.ts'
import { sessionShape, tokensShape } from './shapes.ts'

export const adminEveryoneRoutes = [
  route({
    method: 'POST',
    path: '/admin/sign-out-everyone',
    summary:
      'End every session and every token of everybody, but the session that asks; true everywhere when it is answered',
    access: 'admin',
    fresh: true,
    credential: 'replaced',
    body: z.strictObject({ confirm: z.literal('everyone') }),
    responses: {
      200: z.strictObject({
        ended: z.int().describe('Records that say so by now; the rest are over as well, and follow'),
        session: sessionShape.describe('The caller’s, which goes on under a new token'),
        tokens: tokensShape.optional(),
      }),
    },
    async handle(auth, { who, context }) {
      const others = await auth.endEveryoneElse(who, context)
      if (!others.ok) return others
      const { ended, session, carried } = others.value
      if (carried === null) return answer(200, { ended })
      return answer(200, { ended, ...reissued(auth, who, { session, carried }) }, { cookies: carried.cookies })
    },
  }),
]
