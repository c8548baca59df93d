import { z } from 'zod'
import { ownSession, sessionView, userView } from './represent.ts'
import { answer, route } from './route.ts'
import { sessionShape, userShape } from './shapes.ts'

export const sessionRoutes = [
  route({
    method: 'GET',
    path: '/session',
    summary: 'Who is signed in, and until when; does not count as activity',
    access: 'signed-in',
    passive: true,
    responses: { 200: z.strictObject({ user: userShape, session: sessionShape }) },
    handle: (auth, { who }) => answer(200, { user: userView(who.user), session: ownSession(auth, who) }),
  }),
  route({
    method: 'POST',
    path: '/session/renew',
    summary: 'Stay signed in: the idle limit begins anew, the absolute one stays',
    access: 'signed-in',
    responses: { 200: z.strictObject({ session: sessionShape }) },
    async handle(auth, { who, context }) {
      const renewed = await auth.renew(who, context)
      if (!renewed.ok) return renewed
      return answer(200, { session: sessionView(auth, renewed.value, who.user.roles, true) })
    },
  }),
]
