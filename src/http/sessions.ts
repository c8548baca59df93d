import { z } from 'zod'
import { fresh } from '../guard.ts'
import { refused } from '../result.ts'
import { isOpen, ownSession, reissued, sessionView } from './represent.ts'
import { answer, NO_CONTENT, route } from './route.ts'
import { endedOthersShape, sessionShape } from './shapes.ts'

export const sessionsRoutes = [
  route({
    method: 'GET',
    path: '/sessions',
    summary: 'The caller’s own sessions, the current one first; with ended=true those that are over',
    access: 'signed-in',
    query: z.strictObject({ ended: z.enum(['true', 'false']).optional() }),
    responses: { 200: z.strictObject({ sessions: z.array(sessionShape) }) },
    async handle(auth, { who, query }) {
      const { id, roles } = who.user
      const ended = query.ended === 'true'
      const found = await auth.sessions(id, { ended })
      if (ended) return answer(200, { sessions: found.map((session) => sessionView(auth, session, roles, false)) })
      const others = found.filter((session) => session.id !== who.session.id && isOpen(auth, session, who.user, who))
      const views = others.map((session) => sessionView(auth, session, roles, false))
      return answer(200, { sessions: [ownSession(auth, who), ...views] })
    },
  }),
  route({
    method: 'DELETE',
    path: '/sessions',
    summary: 'End all of the caller’s other sessions, or all',
    access: 'signed-in',
    fresh: true,
    credential: 'replaced',
    query: z.strictObject({ scope: z.enum(['others', 'all']) }),
    responses: { 200: endedOthersShape },
    async handle(auth, { who, query, context }) {
      if (query.scope === 'all') return answer(200, { ended: (await auth.endAll(who.user.id, { context })) ?? 0 })
      const others = await auth.endOthers(who, context)
      if (!others.ok) return others
      const { ended, session, carried } = others.value
      if (carried === null) return answer(200, { ended })
      return answer(200, { ended, ...reissued(auth, who, { session, carried }) }, { cookies: carried.cookies })
    },
  }),
  route({
    method: 'DELETE',
    path: '/sessions/{id}',
    summary: 'End one of the caller’s sessions; any but the current one takes a fresh authentication',
    access: 'signed-in',
    refuses: ['not_found'],
    responses: { 204: null },
    async handle(auth, { who, params: { id }, context }) {
      if (id === who.session.id) {
        await auth.end(id, { reason: 'signed_out', context })
        return NO_CONTENT
      }
      const allowed = auth.guard(who, [fresh(auth.setting.fresh)], context)
      if (!allowed.ok) return allowed
      const [open, over] = await Promise.all([auth.sessions(who.user.id), auth.sessions(who.user.id, { ended: true })])
      if (![...open, ...over].some((session) => session.id === id)) return refused({ code: 'not_found' })
      await auth.end(id, { context })
      return NO_CONTENT
    },
  }),
]
