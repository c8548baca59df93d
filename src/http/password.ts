import { z } from 'zod'
import { CHECKED, CHOSEN } from './refusals.ts'
import { reissued } from './represent.ts'
import { answer, NO_CONTENT, route } from './route.ts'
import { reissuedShape } from './shapes.ts'
import { captcha } from './sign-up.ts'

export const passwordRoutes = [
  route({
    method: 'POST',
    path: '/password',
    summary: 'Change the password; every other session ends',
    access: 'signed-in',
    credential: 'replaced',
    body: z.strictObject({ currentPassword: z.string(), newPassword: z.string() }),
    refuses: [...CHECKED, ...CHOSEN, 'conflict'],
    responses: { 200: reissuedShape },
    async handle(auth, { who, body, context }) {
      const outcome = await auth.changePassword(who, body, context)
      if (!outcome.ok) return outcome
      return answer(200, reissued(auth, who, outcome.value), { cookies: outcome.value.carried.cookies })
    },
  }),
  route({
    method: 'POST',
    path: '/password/forgot',
    summary: 'Have a link sent that sets a password; the same answer for every address',
    access: 'public',
    body: z.strictObject({ email: z.string().max(320), captcha }),
    refuses: ['not_supported', 'captcha_required', 'throttled'],
    responses: { 202: null },
    async handle(auth, { body, context }) {
      const asked = await auth.forgotPassword(body.email, context, body.captcha)
      return asked.ok ? answer(202) : asked
    },
  }),
  route({
    method: 'POST',
    path: '/password/reset',
    summary: 'Set a password by a single-use token; every session ends',
    access: 'public',
    body: z.strictObject({ token: z.string(), newPassword: z.string() }),
    refuses: [...CHOSEN, 'password_unchanged', 'throttled', 'conflict'],
    responses: { 204: null },
    async handle(auth, { body, context }) {
      const outcome = await auth.resetPassword(body, context)
      return outcome.ok ? NO_CONTENT : outcome
    },
  }),
]
