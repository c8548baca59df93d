import { z } from 'zod'
import { sessionView, userView } from './represent.ts'
import { answer, NO_CONTENT, route } from './route.ts'
import { eventShape, sessionShape, userShape } from './shapes.ts'
import { fields } from './sign-up.ts'

const profileShape = z.strictObject({ user: userShape })

const time = z.int().describe('Milliseconds since the epoch')

const exportShape = z.strictObject({
  user: userShape,
  sessions: z.array(sessionShape).describe('Open ones, then those that have ended'),
  credentials: z.array(z.strictObject({ kind: z.string(), createdAt: time, updatedAt: time })),
  links: z
    .array(z.strictObject({ kind: z.string(), expiresAt: time, email: z.string().optional() }))
    .describe('Links that were sent and are good still'),
  events: z.array(eventShape).describe('What happened to the account, newest first'),
})

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
    refuses: ['not_found'],
    responses: { 200: profileShape },
    async handle(auth, { who, body: { name, fields }, context }) {
      const profile = { ...(name !== undefined && { name }), ...(fields && { fields }) }
      const edited = await auth.users.edit(who.user.id, profile, context)
      return edited.ok ? answer(200, { user: userView(edited.value) }) : edited
    },
  }),
  route({
    method: 'GET',
    path: '/user/export',
    summary: 'All that is held about the caller',
    access: 'signed-in',
    responses: { 200: exportShape },
    async handle(auth, { who, context }) {
      const held = await auth.exportOwn(who, context)
      if (!held.ok) return held
      const { user, sessions, ...rest } = held.value
      const shown = sessions.map((one) => sessionView(auth, one, user.roles, one.id === who.session.id))
      return answer(200, { user: userView(user), sessions: shown, ...rest })
    },
  }),
  route({
    method: 'DELETE',
    path: '/user',
    summary: 'Delete the caller’s own account and everything it holds',
    access: 'signed-in',
    fresh: true,
    refuses: ['not_found'],
    responses: { 204: null },
    async handle(auth, { who, context }) {
      const removed = await auth.removeOwn(who, context)
      return removed.ok ? NO_CONTENT : removed
    },
  }),
]
