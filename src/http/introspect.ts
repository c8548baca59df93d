import { z } from 'zod'
import { answer, route } from './route.ts'

/** Seconds since the epoch, as RFC 7662 has them. */
const date = z.int().describe('Seconds since the epoch')
const text = z.string()

/** What RFC 6749 section 3.2 says of parameters: an empty one counts as missing, and one nobody knows is passed over. */
const presented = z.object({
  token: text.min(1),
  token_type_hint: text.optional().describe('Not needed: every token says by itself what it is'),
})

const introspectionShape = z.union([
  z.strictObject({ active: z.literal(false) }),
  z.strictObject({
    active: z.literal(true),
    token_type: z.enum(['Bearer', 'refresh_token']).describe('A refresh token opens nothing: let in with Bearer only'),
    strategy: text,
    iss: text,
    aud: z.union([text, z.array(text)]),
    sub: text.describe('Id of the user'),
    sid: text.describe('Id of the session: a handle, not a credential'),
    iat: date,
    exp: date.describe('When it is over if nothing more happens'),
    auth_time: date.describe('When its owner last proved who they are'),
    amr: z.array(text),
    roles: z.array(text),
    client_id: text.optional(),
    jti: text.optional(),
    scope: text.optional(),
  }),
])

export const introspectRoutes = [
  route({
    method: 'POST',
    path: '/introspect',
    summary: 'What a token of any kind is good for (RFC 7662); nothing but active: false when it is good for nothing',
    access: 'service',
    form: true,
    body: presented,
    responses: { 200: introspectionShape },
    handle: async (auth, { body }) => answer(200, await auth.introspect(body.token)),
  }),
  route({
    method: 'POST',
    path: '/revoke',
    summary: 'End the session behind a token of any kind (RFC 7009), everywhere when this answers; an unknown one too',
    access: 'service',
    form: true,
    body: presented,
    responses: { 200: null },
    async handle(auth, { body, context }) {
      await auth.revoke(body.token, context)
      return answer(200)
    },
  }),
]
