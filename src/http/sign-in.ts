import { z } from 'zod'
import { CHECKED } from './refusals.ts'
import { signedIn } from './represent.ts'
import { answer, route } from './route.ts'
import { signedInShape } from './shapes.ts'
import { captcha, transport } from './sign-up.ts'

const changeRequiredShape = z
  .strictObject({ status: z.literal('password_change_required'), token: z.string() })
  .describe('The token opens POST password/reset, and nothing else')

export const signInRoutes = [
  route({
    method: 'POST',
    path: '/sign-in',
    summary: 'Sign in with a password',
    access: 'public',
    credential: 'issued',
    body: z.strictObject({
      email: z.string(),
      password: z.string(),
      remember: z.boolean().optional().describe('Longer limits, as the policy has them'),
      transport,
      captcha,
    }),
    refuses: [...CHECKED, 'captcha_required', 'session_limit_reached'],
    responses: { 200: z.union([signedInShape, changeRequiredShape]) },
    async handle(auth, { body: { email, password, remember, transport, captcha }, context, carrier }) {
      const given = { email, password, remember: remember ?? false, transport: transport ?? 'cookie' }
      const solved = captcha === undefined ? {} : { captcha }
      const outcome = await auth.signIn({ ...given, ...solved }, context, transport === 'bearer' ? undefined : carrier)
      if (!outcome.ok) return outcome
      const { value } = outcome
      if (value.status === 'password_change_required') return answer(200, { status: value.status, token: value.token })
      return answer(200, signedIn(auth, value), { cookies: value.carried.cookies })
    },
  }),
]
