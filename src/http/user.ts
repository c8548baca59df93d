import { z } from 'zod'
import { userView } from './represent.ts'
import { answer, NO_CONTENT, route } from './route.ts'
import { userShape } from './shapes.ts'
import { fields } from './sign-up.ts'

const profileShape = z.strictObject({ user: userShape })

export const userRoutes = [
  route({
    method: 'GET',
    path: '/user',
    summary: 'The caller’s own profile',
    access: 'signed-in',
    responses: { 200: profileShape },
    handle: (_auth, { who }) => answer(200, { user: userView(who.user) }),
  }),
  route({
    method: 'PATCH',
    path: '/user',
    summary: 'Change the caller’s own profile',
    access: 'signed-in',
    body: z.strictObject({ name: z.string().optional(), fields }),
    responses: { 200: profileShape },
    async handle(auth, { who, body: { name, fields }, context }) {
      const profile = { ...(name !== undefined && { name }), ...(fields && { fields }) }
      const edited = await auth.users.edit(who.user.id, profile, context)
      return edited.ok ? answer(200, { user: userView(edited.value) }) : edited
    },
  }),
  route({
    method: 'DELETE',
    path: '/user',
    summary: 'Delete the caller’s own account and everything it holds',
    access: 'signed-in',
    fresh: true,
    responses: { 204: null },
    async handle(auth, { who, context }) {
      const removed = await auth.users.remove(who.user.id, context)
      return removed.ok ? NO_CONTENT : removed
    },
  }),
]
