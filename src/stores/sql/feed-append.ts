import { randomText } from '../../crypto.ts'
import type { EndReason } from '../../errors.ts'
import type { Change } from '../../feed.ts'
import { one, type Work } from './driver.ts'

/** Ids in one entry of the feed, at most (`Change`). */
const IDS = 500

const APPEND = `INSERT INTO feed_entries (at, id, change)
  SELECT coalesce(max(at), 0) + 1, ?, ? FROM feed_entries RETURNING at`

/** The newest position, of the transaction it is asked in. The newest entry is never trimmed. */
export const TAIL = 'SELECT coalesce(max(at), 0) AS at FROM feed_entries'

/** Appends in the transaction of the change it speaks of. To be the last thing it does: others wait from here on. */
export function* append(change: Change): Work<number> {
  yield { kind: 'announce' }
  return ((yield* one<{ at: number }>(APPEND, randomText(12), JSON.stringify(change))) as { at: number }).at
}

/** Appends what ended, at least one, in entries no larger than the feed allows. */
export function* appendEnded(sessions: readonly string[], reason: EndReason, at: number): Work<number> {
  let position = 0
  for (let i = 0; i < sessions.length; i += IDS) {
    position = yield* append({ kind: 'ended', sessions: sessions.slice(i, i + IDS), reason, at })
  }
  return position
}

export function* tail(): Work<number> {
  return ((yield* one<{ at: number }>(TAIL)) as { at: number }).at
}
