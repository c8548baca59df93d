import { z } from 'zod'
import { refused } from '../result.ts'
import { endingAnswer, PROGRESS_TYPE } from './admin-ending.ts'
import { filters, listQuery, ownedSessions } from './admin-session-list.ts'
import type { Columns } from './csv.ts'
import { listed } from './listed.ts'
import { ownedSession } from './represent.ts'
import { answer, NO_CONTENT, route } from './route.ts'
import { ownedSessionShape, pageShape } from './shapes.ts'

/** Sessions that one request ends, at most: their ids are held meanwhile. */
const MOST_ENDED = 100_000

const COLUMNS: Columns<ReturnType<typeof ownedSession>> = {
  id: ({ id }) => id,
  user: ({ user }) => user?.id,
  email: ({ user }) => user?.email,
  name: ({ user }) => user?.name,
  roles: ({ user }) => user?.roles.join(' '),
  strategy: ({ strategy }) => strategy,
  createdAt: ({ createdAt }) => createdAt,
  authenticatedAt: ({ authenticatedAt }) => authenticatedAt,
  lastActiveAt: ({ lastActiveAt }) => lastActiveAt,
  idleExpiresAt: ({ idleExpiresAt }) => idleExpiresAt,
  expiresAt: ({ expiresAt }) => expiresAt,
  amr: ({ amr }) => amr.join(' '),
  browser: ({ device }) => device.browser,
  os: ({ device }) => device.os,
  type: ({ device }) => device.type,
  ip: ({ ip }) => ip,
  remember: ({ remember }) => remember,
  endedAt: ({ endedAt }) => endedAt,
  endReason: ({ endReason }) => endReason,
}

export const adminSessionsRoutes = [
  route({
    method: 'GET',
    path: '/admin/sessions',
    summary: 'Who is signed in, newest first',
    access: 'auditor',
    query: listQuery,
    responses: { 200: pageShape(ownedSessionShape) },
    csv: true,
    async handle(auth, input) {
      const { who, query } = input
      const pageOf = await ownedSessions(auth, who, query)
      return listed(auth, input, {
        name: 'sessions',
        columns: COLUMNS,
        async page(cursor, limit) {
          const { items, nextCursor } = await pageOf(cursor, limit)
          const views = items.map(({ session, owner }) =>
            ownedSession(auth, session, owner, session.id === who.session.id),
          )
          return { items: views, nextCursor }
        },
      })
    },
  }),
  route({
    method: 'DELETE',
    path: '/admin/sessions',
    summary:
      'End the sessions that a filter finds, when they are as many as expected. Lines of JSON tell how far it is: {ended, of}, and at the end {done, ended, of}, when all of it is true everywhere',
    access: 'admin',
    fresh: true,
    query: z.strictObject({
      ...filters,
      expect: z
        .string()
        .regex(/^\d{1,6}$/)
        .transform(Number)
        .pipe(z.number().max(MOST_ENDED))
        .describe('How many there are'),
    }),
    refuses: ['conflict'],
    responses: { 200: PROGRESS_TYPE },
    async handle(auth, { who, query: { expect, ...sought }, context }) {
      if (Object.values(sought).every((value) => value === undefined)) {
        const detail = 'Name a filter; POST admin/sign-out-everyone ends everybody’s'
        return refused({ code: 'invalid_request', detail })
      }
      const pageOf = await ownedSessions(auth, who, sought)
      const ids: string[] = []
      let cursor: string | null = null
      do {
        const page: Awaited<ReturnType<typeof pageOf>> = await pageOf(cursor, 200)
        ids.push(...page.items.map(({ session }) => session.id))
        cursor = page.nextCursor
      } while (cursor !== null && ids.length <= MOST_ENDED)
      if (ids.length !== expect) {
        const there = ids.length > MOST_ENDED ? `more than ${MOST_ENDED}` : String(ids.length)
        return refused({ code: 'conflict', detail: `The filter finds ${there} sessions`, count: ids.length })
      }
      return answer(200, undefined, endingAnswer(auth, ids, context))
    },
  }),
  route({
    method: 'DELETE',
    path: '/admin/sessions/{id}',
    summary: 'End a session',
    access: 'admin',
    fresh: true,
    refuses: ['not_found'],
    responses: { 204: null },
    async handle(auth, { params, context }) {
      const ended = await auth.end(params.id, { context })
      return ended ? NO_CONTENT : refused({ code: 'not_found' })
    },
  }),
]
