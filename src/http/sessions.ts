import { z } from 'zod'
import { fresh } from '../guard.ts'
import { refused } from '../result.ts'
import { isOpen, ownSession, sessionView } from './represent.ts'
import { answer, NO_CONTENT, route } from './route.ts'
import { endedShape, sessionShape } from './shapes.ts'

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
    query: z.strictObject({ scope: z.enum(['others', 'all']) }),
    responses: { 200: endedShape },
    async handle(auth, { who, query, context }) {
      const except = query.scope === 'others' ? { except: who.session.id } : {}
      const ended = await auth.endAll(who.user.id, { ...except, context })
      return answer(200, { ended: ended ?? 0 })
    },
  }),
  route({
    method: 'DELETE',
    path: '/sessions/{id}',
    summary: 'End one of the caller’s sessions; any but the current one takes a fresh authentication',
    access: 'signed-in',
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
