import { z } from 'zod'
import type { Auth } from '../auth.ts'
import { encode } from '../cursor.ts'
import type { Authenticated } from '../guard.ts'
import type { Session } from '../session.ts'
import type { Page, SessionFilter } from '../store.ts'
import type { User, UserId } from '../user.ts'
import { cursor, limit, text } from './paging.ts'
import { isOpen } from './represent.ts'

/**
 * Pages that are looked through at most for one answer, and sessions of each, where some are not wanted: `nextCursor` leads on from there.
 * Sessions and users may be in different databases, so a role is judged here.
 */
const MAX_ROUNDS = 5
const ROUND = 200

/** So many holders of a role are few: their sessions are looked for by whose they are. */
const FEW = 5_000

/** By what sessions are looked for. */
export const filters = {
  user: text.optional().describe('Id or e-mail address'),
  role: text.optional(),
  ip: text.optional(),
  device: text.optional().describe('Part of browser or system'),
  strategy: text.optional(),
}
export const listQuery = z.strictObject({
  ...filters,
  state: z.enum(['active', 'ended']).optional().describe('active when left out'),
  cursor,
  limit,
})
export type Sought = Omit<z.infer<typeof listQuery>, 'cursor' | 'limit'>

export type Owned = { readonly session: Session; readonly owner: User | null }

type PageAt = (cursor: string | null, limit: number) => Promise<Page<Owned>>

/** Sessions of everybody, page by page. A page may be short, or empty, and still have a next. */
export async function ownedSessions(auth: Auth, who: Authenticated, sought: Sought): Promise<PageAt> {
  const userId = await userIdOf(auth, sought.user)
  if (userId === null) return async () => ({ items: [], nextCursor: null })
  const filter = filterOf(sought, userId)
  const { role } = sought
  const holders = role === undefined || userId !== undefined ? null : await auth.users.holders(role, FEW + 1)
  const isFew = holders !== null && holders.length <= FEW
  const narrowed: SessionFilter = isFew ? { ...filter, userIds: holders } : filter
  return (cursor, limit) => found(auth, who, role, narrowed, cursor, limit)
}

/** Undefined asks for nobody in particular; null when there is no such user. */
async function userIdOf(auth: Auth, user: string | undefined): Promise<UserId | undefined | null> {
  if (user === undefined || !user.includes('@')) return user as UserId | undefined
  return (await auth.users.findByEmail(user))?.id ?? null
}

function filterOf({ ip, device, strategy, state }: Sought, userId: UserId | undefined): SessionFilter {
  return {
    state: state ?? 'active',
    ...(userId !== undefined && { userId }),
    ...(ip !== undefined && { ip }),
    ...(device !== undefined && { device }),
    ...(strategy !== undefined && { strategy }),
  }
}

/** Pages until one is full: some of what the store lists is over by policy, or belongs to another role than asked for. */
async function found(
  auth: Auth,
  who: Authenticated,
  role: string | undefined,
  filter: SessionFilter,
  cursor: string | null,
  limit: number,
): Promise<Page<Owned>> {
  const items: Owned[] = []
  let next = cursor
  for (let round = 0; round < MAX_ROUNDS; round++) {
    // Beyond what is missing only where most is not wanted: what is left over is asked for again.
    const size: number = round === 0 ? limit : ROUND
    const page = await auth.allSessions(filter, next, size)
    const owners = await ownersOf(auth, page.items)
    for (const session of page.items) {
      if (items.length === limit) return { items, nextCursor: afterLast(items) }
      const owner = owners.get(session.userId) ?? null
      const wanted = role === undefined || owner?.roles.includes(role)
      if (wanted && (filter.state === 'ended' || isOpen(auth, session, owner, who))) items.push({ session, owner })
    }
    next = page.nextCursor
    // A short page took the store as long as one answer may.
    if (next === null || items.length === limit || page.items.length < size) break
  }
  return { items, nextCursor: next }
}

async function ownersOf(auth: Auth, sessions: readonly Session[]): Promise<ReadonlyMap<UserId, User>> {
  if (sessions.length === 0) return new Map()
  const owners = await auth.users.findAll([...new Set(sessions.map(({ userId }) => userId))])
  return new Map(owners.map((owner) => [owner.id, owner]))
}

/** Where a list goes on after its last item. */
function afterLast(items: readonly Owned[]): string {
  const { createdAt, id } = (items.at(-1) as Owned).session
  return encode([createdAt, id])
}
