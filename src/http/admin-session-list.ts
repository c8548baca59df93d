import { z } from 'zod'
import type { Auth } from '../auth.ts'
import type { Authenticated } from '../guard.ts'
import type { Session } from '../session.ts'
import type { Page, SessionFilter } from '../store.ts'
import type { User, UserId } from '../user.ts'
import { cursor, limit, text } from './paging.ts'
import { isOpen } from './represent.ts'

/** Pages looked through at most for one answer when a filter is judged here; `nextCursor` leads on from there. */
const MAX_ROUNDS = 20

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

/** Sessions of everybody, page by page. */
export async function ownedSessions(
  auth: Auth,
  who: Authenticated,
  sought: Sought,
): Promise<(cursor: string | null, limit: number) => Promise<Page<Owned>>> {
  const userId = await userIdOf(auth, sought.user)
  if (userId === null) return async () => ({ items: [], nextCursor: null })
  const filter = filterOf(sought, userId)
  return (cursor, limit) => found(auth, who, sought.role, filter, cursor, limit)
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
  const owners = new Map<UserId, Promise<User | null>>()
  const ownerOf = (id: UserId) => {
    const owner = owners.get(id) ?? auth.users.find(id)
    owners.set(id, owner)
    return owner
  }
  const items: Owned[] = []
  let next = cursor
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
