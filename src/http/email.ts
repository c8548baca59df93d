import { z } from 'zod'
import { CHECKED } from './refusals.ts'
import { answer, NO_CONTENT, route } from './route.ts'

const tokenShape = z.strictObject({ token: z.string().max(200) })

export const emailRoutes = [
  route({
    method: 'POST',
    path: '/email',
    summary: 'Ask for another e-mail address; it counts once it has confirmed, and the one of now can object',
    access: 'signed-in',
    body: z.strictObject({ email: z.string(), password: z.string() }),
    refuses: [...CHECKED, 'not_supported', 'email_invalid'],
    responses: { 202: null },
    async handle(auth, { who, body, context }) {
      const asked = await auth.changeEmail(who, body, context)
      return asked.ok ? answer(202) : asked
    },
  }),
  route({
    method: 'POST',
    path: '/email/verify',
    summary: 'Confirm an address by the token of a link: of a sign-up, of one’s own address, or of a new one',
    access: 'public',
    body: tokenShape,
    refuses: ['throttled', 'email_taken'],
    responses: { 204: null },
    async handle(auth, { body, context }) {
      const verified = await auth.verifyEmail(body.token, context)
      return verified.ok ? NO_CONTENT : verified
    },
  }),
  route({
    method: 'POST',
    path: '/email/verify/resend',
    summary: 'Have the link sent that verifies the caller’s own address',
    access: 'signed-in',
    refuses: ['not_supported'],
    responses: { 202: null },
    async handle(auth, { who, context }) {
      const sent = await auth.resendVerification(who, context)
      return sent.ok ? answer(202) : sent
    },
  }),
  route({
    method: 'POST',
    path: '/email/object',
    summary: 'Undo a change of address by the token sent to the old one; every session ends, the password is disabled',
    access: 'public',
    body: tokenShape,
    refuses: ['throttled', 'email_taken'],
    responses: { 204: null },
    async handle(auth, { body, context }) {
      const undone = await auth.objectToEmail(body.token, context)
      return undone.ok ? NO_CONTENT : undone
    },
  }),
]
