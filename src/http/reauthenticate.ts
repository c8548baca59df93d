import { z } from 'zod'
import { CHECKED } from './refusals.ts'
import { reissued } from './represent.ts'
import { answer, route } from './route.ts'
import { reissuedShape } from './shapes.ts'

export const reauthenticateRoutes = [
  route({
    method: 'POST',
    path: '/reauthenticate',
    summary: 'Prove again who is signed in; the session goes on under a new token',
    access: 'signed-in',
    proving: 'proves',
    credential: 'replaced',
    body: z.strictObject({ password: z.string() }),
    refuses: [...CHECKED],
    responses: { 200: reissuedShape },
    async handle(auth, { who, body, context }) {
      const outcome = await auth.reauthenticate(who, body.password, context)
      if (!outcome.ok) return outcome
      return answer(200, reissued(auth, who, outcome.value), { cookies: outcome.value.carried.cookies })
    },
  }),
]
