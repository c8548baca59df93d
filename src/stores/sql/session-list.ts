import { isFindable } from '../../cursor.ts'
import type { SessionRecord } from '../../session.ts'
import type { Page, SessionFilter } from '../../store.ts'
import type { Driver } from './driver.ts'
import { type Condition, contains, mapped, page, same } from './page.ts'
import { SESSION, type SessionRow, sessionOf } from './session-row.ts'

const NOTHING: Page<SessionRecord> = { items: [], nextCursor: null }

/** `Sessions.list`. The signs keep what is compared by them from choosing the index: the order does. */
export async function listSessions(
  driver: Driver,
  filter: SessionFilter,
  cursor: string | null,
  limit: number,
  now: number,
): Promise<Page<SessionRecord>> {
  const { userId, ip, device, strategy, state } = filter
  if (device !== undefined && !isFindable(device)) return NOTHING
  const indexed: Condition[] = []
  const others: Condition[] = []

  if (userId !== undefined) indexed.push({ sql: 'user_id = ?', values: [userId] })
  if (ip !== undefined) {
    if (userId === undefined) indexed.push({ sql: 'ip = ?', values: [ip] })
    else others.push(same('ip', ip))
  }
  if (state === 'active') {
    indexed.push({ sql: 'ended_at IS NULL', values: [] })
    others.push({ sql: '+due_at > ?', values: [now] })
  }
  if (state === 'ended') others.push({ sql: '+ended_at IS NOT NULL', values: [] })
  if (strategy !== undefined) others.push(same('strategy', strategy))
  if (device) others.push(contains(['device_folded'], device))

  const listing = { select: SESSION, from: 'sessions', at: 'created_at', id: 'id', indexed, others }
  const keyOf = (row: SessionRow) => [row.created_at, row.id] as const
  return mapped(await page(driver, listing, keyOf, cursor, limit), sessionOf)
}
