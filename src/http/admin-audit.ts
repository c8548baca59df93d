import { z } from 'zod'
import { cursor, limit, moment, text } from './paging.ts'
import { answer, route } from './route.ts'
import { eventShape, pageShape } from './shapes.ts'

export const adminAuditRoutes = [
  route({
    method: 'GET',
    path: '/admin/audit',
    summary: 'Who did what, when, from where and with what outcome, newest first',
    access: 'auditor',
    query: z.strictObject({
      user: text.optional().describe('Id of the account it concerns'),
      session: text.optional().describe('A reference as events have it'),
      type: text.optional(),
      from: moment.optional(),
      to: moment.optional(),
      cursor,
      limit,
    }),
    responses: { 200: pageShape(eventShape) },
    async handle(auth, { query: { user, session, type, from, to, cursor, limit } }) {
      const filter = {
        ...(user !== undefined && { subject: user }),
        ...(session !== undefined && { session }),
        ...(type !== undefined && { type }),
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
      }
      const { items, nextCursor } = await auth.audit(filter, cursor ?? null, limit)
      return answer(200, { items, nextCursor })
    },
  }),
]
