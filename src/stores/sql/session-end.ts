import type { EndReason } from '../../errors.ts'
import { ERASED_DEVICE, type SessionId, type SessionRecord } from '../../session.ts'
import type { Changed, Sessions } from '../../store.ts'
import { all, type Dialect, type Driver, type Value, type Work } from './driver.ts'
import { appendEnded, tail } from './feed-append.ts'
import { deviceFolded, SESSION, type SessionRow, sessionOf } from './session-row.ts'

type Ended = { readonly value: readonly SessionRecord[]; readonly position: number }

/** Sessions that one clean-up ends, at most: its transaction is to stay short, and its news one entry of the feed. */
const BATCH = 500

const END = `UPDATE sessions SET ended_at = ?, end_reason = ?`
const ENDED = `RETURNING ${SESSION}`

const NO_DEVICE = JSON.stringify(ERASED_DEVICE)

const ONE = `${END} WHERE id = ? AND ended_at IS NULL ${ENDED}`
const ONE_UNUSED = `${END} WHERE id = ? AND ended_at IS NULL AND last_active_at <= ? ${ENDED}`
const PURGE = `DELETE FROM sessions
  WHERE id IN (SELECT id FROM sessions WHERE ended_at < ? ORDER BY ended_at LIMIT ?)`

/** Values: what takes the place of what is personal (device, the same for looking up), the user, and how many at the most. */
const ERASE = `UPDATE sessions SET ip = '', device = ?, device_folded = ?, fields = '{}'
  WHERE id IN (SELECT s.id FROM session_list l JOIN sessions s ON s.id = l.session_id WHERE l.user_id = ? AND l.ended = 1
    AND (s.ip <> '' OR s.device <> ? OR s.fields <> '{}') LIMIT ?)`

/** Those that end several. What chose a session is asked of it again: it may have been changed since it was found. */
function statements({ among, found, locking, waiting, skipping }: Dialect) {
  const these = (query: string) => `WHERE ended_at IS NULL AND ${found('id', `SELECT id FROM sessions WHERE ${query}`)}`
  return {
    EVICT: `${END} ${these(`${among('id')} ${locking}`)} ${ENDED}`,
    OF_USER: `${END} ${these(`user_id = ? AND ended_at IS NULL AND id <> ? ${locking}`)} ${ENDED}`,
    OLDER: `${END} ${these(`ended_at IS NULL AND everyone < ? ORDER BY everyone LIMIT ? ${waiting}`)}
      AND everyone < ? ${ENDED}`,
    /** The limit that came first is the reason; at the same instant the absolute one counts. */
    DUE: `UPDATE sessions SET ended_at = ?, end_reason = CASE
        WHEN last_active_at + idle_timeout < expires_at THEN 'session_expired_idle' ELSE 'session_expired_absolute' END
      ${these(`ended_at IS NULL AND due_at <= ? ORDER BY due_at LIMIT ? ${skipping}`)} AND due_at <= ? ${ENDED}`,
  } as const
}

/** The verbs of the port that end, and those that forget of what has ended. */
export function ends({
  dialect,
  write,
  run,
}: Driver): Pick<Sessions, 'end' | 'endOf' | 'endDue' | 'endOlder' | 'erase' | 'purge'> {
  const { OF_USER, OLDER, DUE } = statements(dialect)
  return {
    end: (id, reason, now, unlessUsedAfter) => write(() => end(id, reason, now, unlessUsedAfter)),
    endOf: (userId, reason, now, except) => write(() => ended(OF_USER, now, reason, userId, except ?? '')),
    endDue: (before, limit, now) => write(() => ended(DUE, now, before, atMost(limit), before)),
    endOlder: (everyone, limit, now) =>
      write(() => ended(OLDER, now, 'session_revoked', everyone, atMost(limit), everyone)),
    erase: (userId, limit) => run(ERASE, NO_DEVICE, deviceFolded(ERASED_DEVICE), userId, NO_DEVICE, limit),
    purge: (endedBefore, limit) => run(PURGE, endedBefore, limit),
  }
}

/** Ends these, to make room for another. */
export function* evict(dialect: Dialect, ids: readonly string[], now: number): Work<Ended> {
  if (ids.length === 0) return { value: [], position: yield* tail() }
  return yield* ended(statements(dialect).EVICT, now, 'session_evicted', JSON.stringify(ids))
}

function* end(id: SessionId, reason: EndReason, now: number, unlessUsedAfter?: number): Work<Changed<SessionRecord>> {
  const { value, position } =
    unlessUsedAfter === undefined
      ? yield* ended(ONE, now, reason, id)
      : yield* ended(ONE_UNUSED, now, reason, id, unlessUsedAfter)
  return { value: value[0] ?? null, position }
}

/** Runs one statement that ends, and tells the feed what it ended. Oldest first. */
function* ended(sql: string, now: number, ...values: readonly Value[]): Work<Ended> {
  const rows = yield* all<SessionRow>(sql, now, ...values)
  const value = rows.map(sessionOf).sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))
  if (value.length === 0) return { value, position: yield* tail() }
  let position = 0
  const groups = [...Map.groupBy(value, (record) => record.endReason as EndReason)]
  for (const [i, [reason, records]] of groups.entries()) {
    const ids = records.map((record) => record.id)
    position = yield* appendEnded(ids, reason, now, i === groups.length - 1)
  }
  return { value, position }
}

function atMost(limit: number): number {
  return Math.max(0, Math.min(limit, BATCH))
}
