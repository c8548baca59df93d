import { z } from 'zod'
import { CHOSEN } from './refusals.ts'
import { signedIn } from './represent.ts'
import { answer, route } from './route.ts'
import { signedInShape } from './shapes.ts'

export const transport = z.enum(['cookie', 'bearer']).optional().describe('Where the token goes: a cookie, or the body')

export const captcha = z.string().optional().describe('The solved task, where 403 captcha_required asks for one')

export const fields = z.record(z.string(), z.unknown()).optional().describe('What the application declares')

export const signUpRoutes = [
  route({
    method: 'POST',
    path: '/sign-up',
    summary: 'Make an account and sign in; where addresses are verified, have a link sent that makes it',
    access: 'public',
    credential: 'issued',
    body: z.strictObject({
      email: z.string(),
      password: z.string(),
      name: z.string().optional(),
      fields,
      transport,
      captcha,
    }),
    refuses: [
      ...CHOSEN,
      'sign_up_closed',
      'captcha_required',
      'throttled',
      'email_invalid',
      'email_taken',
      'session_limit_reached',
    ],
    responses: { 201: signedInShape, 202: z.strictObject({ status: z.literal('verification_sent') }) },
    async handle(auth, { body: { email, password, name, fields, transport, captcha }, context, carrier }) {
      const given = {
        email,
        password,
        ...(name !== undefined && { name }),
        ...(fields && { fields }),
        ...(captcha !== undefined && { captcha }),
      }
      const carried = transport === 'bearer' ? undefined : carrier
      const opened = await auth.signUp({ ...given, transport: transport ?? 'cookie' }, context, carried)
      if (!opened.ok) return opened
      if (opened.value.status === 'verification_sent') return answer(202, { status: opened.value.status })
      return answer(201, signedIn(auth, opened.value), { cookies: opened.value.carried.cookies })
    },
  }),
]
