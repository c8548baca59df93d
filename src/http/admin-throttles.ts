import { z } from 'zod'
import { refused } from '../result.ts'
import type { UserId } from '../user.ts'
import type { Columns } from './csv.ts'
import { listed } from './listed.ts'
import { cursor, limit } from './paging.ts'
import { NO_CONTENT, route } from './route.ts'
import { pageShape } from './shapes.ts'

const throttleShape = z.strictObject({
  key: z.string().describe('Names it here'),
  kind: z.string().describe('What is counted: account, source; mail to, mail from'),
  failures: z.int().describe('Failures in a row, or messages'),
  until: z.int().describe('When the next attempt is let through, milliseconds since the epoch'),
  user: z
    .strictObject({ id: z.string(), email: z.string(), name: z.string() })
    .nullable()
    .describe('Whose account it is; null where there is none of that address'),
  source: z.string().nullable().describe('The address or network it comes from'),
})
type Shown = z.infer<typeof throttleShape>

const COLUMNS: Columns<Shown> = {
  key: ({ key }) => key,
  kind: ({ kind }) => kind,
  failures: ({ failures }) => failures,
  until: ({ until }) => until,
  user: ({ user }) => user?.id,
  email: ({ user }) => user?.email,
  source: ({ source }) => source,
}

export const adminThrottlesRoutes = [
  route({
    method: 'GET',
    path: '/admin/throttles',
    summary: 'Who is slowed and until when, those that go on soonest first',
    access: 'auditor',
    query: z.strictObject({ cursor, limit }),
    responses: { 200: pageShape(throttleShape) },
    csv: true,
    handle: (auth, input) =>
      listed(auth, input, {
        name: 'throttles',
        columns: COLUMNS,
        async page(cursor, limit) {
          const { items, nextCursor } = await auth.throttles.list(cursor, limit)
          const ids = items.flatMap(({ userId }) => (userId === null ? [] : [userId as UserId]))
          const users = new Map((ids.length === 0 ? [] : await auth.users.findAll(ids)).map((user) => [user.id, user]))
          const shown = items.map(({ userId, ...throttle }): Shown => {
            const user = users.get(userId as UserId)
            return { ...throttle, user: user ? { id: user.id, email: user.email, name: user.name } : null }
          })
          return { items: shown, nextCursor }
        },
      }),
  }),
  route({
    method: 'DELETE',
    path: '/admin/throttles/{key}',
    summary: 'Let somebody go on at once: their failures are forgotten',
    access: 'admin',
    fresh: true,
    refuses: ['not_found'],
    responses: { 204: null },
    async handle(auth, { params: { key }, context }) {
      return (await auth.throttles.lift(key, context)) ? NO_CONTENT : refused({ code: 'not_found' })
    },
  }),
]
