import { randomText } from '../../crypto.ts'
import type { EndReason } from '../../errors.ts'
import type { Change } from '../../feed.ts'
import { one, type Work } from './driver.ts'

/** Ids in one entry of the feed, at most (`Change`). */
const IDS = 500

/** With an id and a change, both texts. */
export const APPEND = `INSERT INTO feed_entries (at, id, change)
  SELECT coalesce(max(at), 0) + 1, ?, ? FROM feed_entries RETURNING at, id, change`

/** The newest position, of the transaction it is asked in. The newest entry is never trimmed. */
export const TAIL = 'SELECT coalesce(max(at), 0) AS at FROM feed_entries'

/** Appends in the transaction of the change it speaks of. Others wait from here on: nothing but further entries may follow. */
export function* append(change: Change, last = true): Work<number> {
  return (yield { kind: 'append', id: randomText(12), change: JSON.stringify(change), last }) as number
}

/** Appends what ended, at least one, in entries no larger than the feed allows. */
export function* appendEnded(sessions: readonly string[], reason: EndReason, at: number, last = true): Work<number> {
  let position = 0
  for (let i = 0; i < sessions.length; i += IDS) {
    const change = { kind: 'ended', sessions: sessions.slice(i, i + IDS), reason, at } as const
    position = yield* append(change, last && i + IDS >= sessions.length)
  }
  return position
}

export function* tail(): Work<number> {
  return ((yield* one<{ at: number }>(TAIL)) as { at: number }).at
}
