import { z } from 'zod'
import type { AuthEvent } from '../events.ts'
import type { Columns } from './csv.ts'
import { listed } from './listed.ts'
import { cursor, limit, moment, text } from './paging.ts'
import { route } from './route.ts'
import { eventShape, pageShape } from './shapes.ts'

const COLUMNS: Columns<AuthEvent> = {
  id: ({ id }) => id,
  at: ({ at }) => at,
  type: ({ type }) => type,
  severity: ({ severity }) => severity,
  outcome: ({ outcome }) => outcome,
  actor: ({ actor }) => actor,
  subject: ({ subject }) => subject,
  session: ({ session }) => session,
  source: ({ source }) => source,
  requestId: ({ requestId }) => requestId,
  reason: ({ reason }) => reason,
  data: ({ data }) => JSON.stringify(data),
}

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
    csv: true,
    handle(auth, input) {
      const { user, session, type, from, to } = input.query
      const filter = {
        ...(user !== undefined && { subject: user }),
        ...(session !== undefined && { session }),
        ...(type !== undefined && { type }),
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
      }
      const page = (cursor: string | null, limit: number) => auth.audit(filter, cursor, limit)
      return listed(auth, input, { name: 'audit', columns: COLUMNS, page })
    },
  }),
]
