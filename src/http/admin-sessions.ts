import { z } from 'zod'
import type { Auth } from '../auth.ts'
import type { Authenticated } from '../guard.ts'
import { refused } from '../result.ts'
import type { Session } from '../session.ts'
import type { Page, SessionFilter } from '../store.ts'
import type { User, UserId } from '../user.ts'
import { cursor, limit, text } from './paging.ts'
import { isOpen, ownedSession } from './represent.ts'
import { answer, NO_CONTENT, route } from './route.ts'
import { ownedSessionShape, pageShape } from './shapes.ts'

/** Pages looked through at most for one answer when a filter is judged here; `nextCursor` leads on from there. */
const MAX_ROUNDS = 20

const query = z.strictObject({
  user: text.optional().describe('Id or e-mail address'),
  role: text.optional(),
  ip: text.optional(),
  device: text.optional().describe('Part of browser or system'),
  strategy: text.optional(),
  state: z.enum(['active', 'ended']).optional().describe('active when left out'),
  cursor,
  limit,
})
type Query = z.infer<typeof query>

export const adminSessionsRoutes = [
  route({
    method: 'GET',
    path: '/admin/sessions',
    summary: 'Who is signed in, newest first',
    access: 'auditor',
    query,
    responses: { 200: pageShape(ownedSessionShape) },
    async handle(auth, { who, query }) {
      const userId = await userIdOf(auth, query.user)
      if (userId === null) return answer(200, { items: [], nextCursor: null })
      const { items, nextCursor } = await found(auth, who, query, filterOf(query, userId))
      const views = items.map(({ session, owner }) => ownedSession(auth, session, owner, session.id === who.session.id))
      return answer(200, { items: views, nextCursor })
    },
  }),
  route({
    method: 'DELETE',
    path: '/admin/sessions/{id}',
    summary: 'End a session',
    access: 'admin',
    fresh: true,
    responses: { 204: null },
    async handle(auth, { params, context }) {
      const ended = await auth.end(params.id, { context })
      return ended ? NO_CONTENT : refused({ code: 'not_found' })
    },
  }),
]

/** Undefined asks for nobody in particular; null when there is no such user. */
async function userIdOf(auth: Auth, user: string | undefined): Promise<UserId | undefined | null> {
  if (user === undefined || !user.includes('@')) return user as UserId | undefined
  return (await auth.users.findByEmail(user))?.id ?? null
}

function filterOf({ ip, device, strategy, state }: Query, userId: UserId | undefined): SessionFilter {
  return {
    state: state ?? 'active',
    ...(userId !== undefined && { userId }),
    ...(ip !== undefined && { ip }),
    ...(device !== undefined && { device }),
    ...(strategy !== undefined && { strategy }),
  }
}

type Owned = { readonly session: Session; readonly owner: User | null }

/** Pages until one is full: some of what the store lists is over by policy, or belongs to another role than asked for. */
async function found(
  auth: Auth,
  who: Authenticated,
  { role, cursor, limit }: Query,
  filter: SessionFilter,
): Promise<Page<Owned>> {
  const owners = new Map<UserId, Promise<User | null>>()
  const ownerOf = (id: UserId) => {
    const owner = owners.get(id) ?? auth.users.find(id)
    owners.set(id, owner)
    return owner
  }
  const items: Owned[] = []
  let next = cursor ?? null
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const page = await auth.allSessions(filter, next, limit - items.length)
    for (const session of page.items) {
      const owner = await ownerOf(session.userId)
      const wanted = role === undefined || owner?.roles.includes(role)
      if (wanted && (filter.state === 'ended' || isOpen(auth, session, owner, who))) items.push({ session, owner })
    }
    next = page.nextCursor
    if (next === null || items.length >= limit) break
  }
  return { items, nextCursor: next }
}
