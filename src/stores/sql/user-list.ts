import { isFindable } from '../../cursor.ts'
import type { Page, UserFilter } from '../../store.ts'
import type { User } from '../../user.ts'
import type { Driver } from './driver.ts'
import { type Condition, contains, mapped, page, same } from './page.ts'
import { USER_OF_U, type UserRow, userOf } from './user-row.ts'

/** `Users.list`. A role has an index of its own, in a table of who has it; otherwise the status may have one. */
export async function listUsers(
  driver: Driver,
  { query, role, status }: UserFilter,
  cursor: string | null,
  limit: number,
): Promise<Page<User>> {
  if (query !== undefined && !isFindable(query)) return { items: [], nextCursor: null }
  const indexed: Condition[] = []
  const others: Condition[] = []

  if (role !== undefined) indexed.push({ sql: 'r.role = ?', values: [role] })
  if (status !== undefined) {
    if (role === undefined) indexed.push({ sql: 'u.status = ?', values: [status] })
    else others.push(same('u.status', status))
  }
  if (query) others.push(contains(['u.email_folded', 'u.name_folded'], query))

  const order =
    role === undefined
      ? { from: 'users u', at: 'u.created_at', id: 'u.id' }
      : { from: 'user_roles r JOIN users u ON u.id = r.user_id', at: 'r.created_at', id: 'r.user_id' }
  const keyOf = (row: UserRow) => [row.created_at, row.id] as const
  const found = await page(driver, { select: USER_OF_U, ...order, indexed, others }, keyOf, cursor, limit)
  return mapped(found, userOf)
}
