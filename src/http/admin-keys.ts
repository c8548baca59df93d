import { z } from 'zod'
import { answer, NO_CONTENT, route } from './route.ts'

const moment = z.int().nullable()

const keyShape = z.strictObject({
  kid: z.string(),
  alg: z.string(),
  state: z.enum(['published', 'signing', 'verifying', 'removed']),
  createdAt: moment,
  signsFrom: moment,
  removedAt: moment,
  imported: z.boolean().describe('Brought by the operator; it does not rotate'),
})

export const adminKeysRoutes = [
  route({
    method: 'GET',
    path: '/admin/keys',
    summary: 'The keys that tokens are signed with, oldest first',
    access: 'auditor',
    responses: { 200: z.strictObject({ keys: z.array(keyShape) }) },
    handle: async (auth) => answer(200, { keys: await auth.keys.list() }),
  }),
  route({
    method: 'POST',
    path: '/admin/keys/rotate',
    summary: 'Make the next key now; it is published first and signs once everybody can have it',
    access: 'admin',
    fresh: true,
    refuses: ['not_supported', 'conflict'],
    responses: { 200: keyShape },
    async handle(auth, { context }) {
      const made = await auth.keys.rotate(context)
      return made.ok ? answer(200, made.value) : made
    },
  }),
  route({
    method: 'DELETE',
    path: '/admin/keys/{kid}',
    summary: 'Remove a key that is not secret any more: every token of it is dead everywhere when this answers',
    access: 'admin',
    fresh: true,
    refuses: ['not_found'],
    responses: { 204: null },
    async handle(auth, { params: { kid }, context }) {
      const removed = await auth.keys.remove(kid, context)
      return removed.ok ? NO_CONTENT : removed
    },
  }),
]
