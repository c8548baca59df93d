import { z } from 'zod'
import { ownSession, reissued, userView } from './represent.ts'
import { answer, route } from './route.ts'
import { reissuedShape, sessionShape, userShape } from './shapes.ts'

export const sessionRoutes = [
  route({
    method: 'GET',
    path: '/session',
    summary: 'Who is signed in, and until when; does not count as activity',
    access: 'signed-in',
    passive: true,
    proving: 'asks',
    responses: { 200: z.strictObject({ user: userShape, session: sessionShape }) },
    handle: (auth, { who }) => answer(200, { user: userView(who.user), session: ownSession(auth, who) }),
  }),
  route({
    method: 'POST',
    path: '/session/renew',
    summary: 'Stay signed in: the idle limit begins anew, the absolute one stays; under jwt with the next token',
    access: 'signed-in',
    renewing: true,
    responses: { 200: reissuedShape },
    async handle(auth, { who, context }) {
      const renewed = await auth.renew(who, context)
      if (!renewed.ok) return renewed
      return answer(200, reissued(auth, who, renewed.value), { cookies: renewed.value.carried.cookies })
    },
  }),
]
