import type { SessionRecord } from '../../session.ts'
import type { Changed, SessionLimit, Sessions, Source, Started } from '../../store.ts'
import type { UserId } from '../../user.ts'
import { all, alone, type Dialect, type Driver, each, one, run, type Value, type Work } from './driver.ts'
import { append, tail } from './feed-append.ts'
import { ends, evict } from './session-end.ts'
import { listSessions } from './session-list.ts'
import { INSERT_SESSION, SESSION, type SessionRow, sessionOf, valuesOf } from './session-row.ts'

const FIND = `SELECT ${SESSION} FROM sessions WHERE id = ?`

/** Those that hold the limit's places, oldest first. The sign keeps `due_at` from choosing the index. */
const OPEN = `SELECT id FROM sessions
  WHERE user_id = ? AND ended_at IS NULL AND generation = ? AND everyone = ? AND +due_at > ? ORDER BY created_at, id`

const OF_USER = {
  active: `SELECT ${SESSION} FROM sessions
    WHERE user_id = ? AND ended_at IS NULL ORDER BY created_at DESC, id DESC LIMIT ?`,
  ended: `SELECT ${SESSION} FROM sessions
    WHERE user_id = ? AND +ended_at IS NOT NULL ORDER BY created_at DESC, id DESC LIMIT ?`,
} as const

const ADVANCE = `UPDATE sessions SET counter = ?, rotated_at = ?, seen_at = NULL
  WHERE id = ? AND digest = ? AND counter = ? AND ended_at IS NULL RETURNING ${SESSION}`

const HAND_OUT = `UPDATE sessions SET rotated_at = CASE WHEN rotated_at > ? THEN rotated_at ELSE ? END
  WHERE id = ? AND digest = ? AND counter = ? AND ended_at IS NULL RETURNING ${SESSION}`

/** Rows that one transaction touches: more would hold up the other verbs. */
const TOUCHES = 200

export function sessionsPort(driver: Driver, source: Source): Sessions {
  const { replace, setFields, touch } = statements(driver.dialect)

  function* changed(sql: string, ...values: readonly Value[]): Work<Changed<SessionRecord>> {
    const row = yield* one<SessionRow>(sql, ...values)
    if (!row) return { value: null, position: yield* tail() }
    return { value: sessionOf(row), position: yield* append({ kind: 'session', session: row.id }) }
  }

  return {
    source,
    start: (record, limit, now) => driver.write(() => start(driver.dialect, record, limit, now)),
    async find(id) {
      const row = await driver.one<SessionRow>(FIND, id)
      return row ? sessionOf(row) : null
    },
    async ofUser(userId, state, limit) {
      return (await driver.all<SessionRow>(OF_USER[state], userId, limit)).map(sessionOf)
    },
    list: (filter, cursor, limit, now) => listSessions(driver, filter, cursor, limit, now),
    async touch(activity) {
      // By id, as whoever changes several sessions at once: nobody waits in a circle.
      const ordered = activity.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
      for (let i = 0; i < ordered.length; i += TOUCHES) {
        const rows = ordered
          .slice(i, i + TOUCHES)
          .map(({ id, lastActiveAt, longestIdle, authenticatedAt, seen }) => [
            ...[lastActiveAt, lastActiveAt, authenticatedAt, longestIdle],
            ...[authenticatedAt, seen?.counter ?? null, seen?.at ?? null],
            ...[id, lastActiveAt, authenticatedAt, longestIdle, seen?.counter ?? null],
          ])
        await driver.write(() => each(touch, rows, true))
      }
    },
    replace: (id, expected, next) =>
      driver.write(() =>
        changed(
          replace,
          ...[next.digest, next.authenticatedAt, JSON.stringify(next.amr), next.lastActiveAt, next.longestIdle],
          ...[next.generation, next.everyone, next.lastActiveAt, next.authenticatedAt, id, expected],
        ),
      ),
    async advance(id, digest, from, to, now) {
      const row =
        from === to
          ? await driver.change<SessionRow>(HAND_OUT, now, now, id, digest, from)
          : await driver.change<SessionRow>(ADVANCE, to, now, id, digest, from)
      return row ? sessionOf(row) : null
    },
    setFields: (id, fields) => driver.write(() => changed(setFields, JSON.stringify(fields), id)),
    ...ends(driver),
  }
}

function* start(dialect: Dialect, record: SessionRecord, limit: SessionLimit | null, now: number): Work<Started> {
  yield* alone(`sessions of ${record.userId}`)
  if (yield* one('SELECT 1 FROM sessions WHERE id = ?', record.id)) {
    throw new Error('a session with this id exists already')
  }
  const open = limit ? yield* openOf(record.userId, record, now) : []
  const tooMany = limit ? open.length - limit.max + 1 : 0
  if (tooMany > 0 && limit?.whenFull === 'refuse') return { started: false }
  yield* run(INSERT_SESSION, ...valuesOf(record))
  const { value, position } = yield* evict(dialect, open.slice(0, Math.max(0, tooMany)), now)
  return { started: true, evicted: value, position }
}

function* openOf(user: UserId, held: Pick<SessionRecord, 'generation' | 'everyone'>, now: number): Work<string[]> {
  const rows = yield* all<{ id: string }>(OPEN, user, held.generation, held.everyone, now)
  return rows.map((row) => row.id)
}

function statements({ greatest, least }: Dialect) {
  return {
    replace: `UPDATE sessions SET previous_digest = digest, digest = ?, authenticated_at = ?, amr = ?, last_active_at = ?,
        longest_idle = ?, generation = ?, everyone = ?, due_at = ${least}(? + idle_timeout, expires_at),
        counter = 0, rotated_at = ?, seen_at = NULL
      WHERE id = ? AND digest = ? AND ended_at IS NULL RETURNING ${SESSION}`,
    setFields: `UPDATE sessions SET fields = ? WHERE id = ? AND ended_at IS NULL RETURNING ${SESSION}`,
    touch: `UPDATE sessions SET last_active_at = ${greatest}(last_active_at, ?),
        due_at = ${least}(${greatest}(last_active_at, ?) + idle_timeout, expires_at),
        longest_idle = CASE WHEN authenticated_at = ? THEN ${greatest}(longest_idle, ?) ELSE longest_idle END,
        seen_at = CASE WHEN authenticated_at = ? AND counter = ? THEN coalesce(seen_at, ?) ELSE seen_at END
      WHERE id = ? AND ended_at IS NULL AND (last_active_at < ?
        OR (authenticated_at = ? AND (longest_idle < ? OR (seen_at IS NULL AND counter = ?))))`,
  } as const
}
