import type { Activity, SessionId, SessionRecord } from '../../session.ts'
import type { Changed, SessionLimit, Sessions, Source, Started } from '../../store.ts'
import type { UserId } from '../../user.ts'
import { all, alone, along, type Dialect, type Driver, each, one, run, type Value, type Work } from './driver.ts'
import { append, tail } from './feed-append.ts'
import { text } from './json.ts'
import { countSessions } from './session-count.ts'
import { ends, evict } from './session-end.ts'
import { listSessions } from './session-list.ts'
import { INSERT_SESSION, SESSION, type SessionRow, sessionOf, valuesOf } from './session-row.ts'
import { byAge } from './walk.ts'

const FIND = `SELECT ${SESSION} FROM sessions WHERE id = ?`

/** Those that hold the limit's places, oldest first. The sign keeps `due_at` from choosing the index. */
const OPEN = `SELECT id FROM sessions
  WHERE user_id = ? AND ended_at IS NULL AND generation = ? AND everyone = ? AND +due_at > ? ORDER BY created_at, id`

const OF_USER = {
  active: `SELECT ${SESSION} FROM sessions
    WHERE user_id = ? AND ended_at IS NULL ORDER BY created_at DESC, id DESC LIMIT ?`,
  ended: `SELECT ${SESSION} FROM (SELECT session_id FROM session_list
    WHERE user_id = ? AND ended = 1 ORDER BY created_at DESC, session_id DESC LIMIT ?) AS own
    JOIN sessions ON id = session_id`,
} as const

const ADVANCE = `UPDATE sessions SET counter = ?, rotated_at = ?, seen_at = NULL
  WHERE id = ? AND digest = ? AND counter = ? AND ended_at IS NULL RETURNING ${SESSION}`

const HAND_OUT = `UPDATE sessions SET rotated_at = CASE WHEN rotated_at > ? THEN rotated_at ELSE ? END
  WHERE id = ? AND digest = ? AND counter = ? AND ended_at IS NULL RETURNING ${SESSION}`

/** Rows that one transaction touches: more would hold up the other verbs. */
const TOUCHES = 200

export function sessionsPort(driver: Driver, source: Source): Sessions {
  const { replace, setFields, lock, touch } = statements(driver.dialect)

  /** One after the other by id, as whoever changes several sessions at once: nobody waits in a circle. */
  function* touched(some: readonly Activity[]): Work<void> {
    // Whoever waits for an answer here holds the rows until it comes: nobody could end these sessions meanwhile.
    if (lock) yield* along(lock, text(some.map(({ id }) => id)))
    const uses = some.map(({ id, lastActiveAt, longestIdle, authenticatedAt, seen }) => [
      ...[id, lastActiveAt, longestIdle, authenticatedAt, seen?.counter ?? null, seen?.at ?? null],
    ])
    yield* each(touch, [[text(uses)]], true)
  }

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
      const rows = await driver.all<SessionRow>(OF_USER[state], userId, limit)
      return rows.map(sessionOf).sort((a, b) => byAge([a.createdAt, a.id], [b.createdAt, b.id]))
    },
    count: (from) => countSessions(driver, from),
    list: (filter, cursor, limit, now) => listSessions(driver, filter, cursor, limit, now),
    async touch(activity) {
      for (const once of apart(activity)) {
        for (let i = 0; i < once.length; i += TOUCHES) {
          const some = once.slice(i, i + TOUCHES)
          await driver.write(() => touched(some))
        }
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

/** What is known of sessions, in parts of which none speaks of a session twice. */
function apart(activity: readonly Activity[]): readonly (readonly Activity[])[] {
  const parts: Activity[][] = []
  const times = new Map<SessionId, number>()
  for (const one of activity) {
    const before = times.get(one.id) ?? 0
    times.set(one.id, before + 1)
    const part = parts[before] ?? []
    parts[before] = part
    part.push(one)
  }
  return parts
}

function statements({ greatest, least, among, elements, locking }: Dialect) {
  const number = (element: number) => `CAST(value ->> ${element} AS bigint)`
  return {
    replace: `UPDATE sessions SET previous_digest = digest, digest = ?, authenticated_at = ?, amr = ?, last_active_at = ?,
        longest_idle = ?, generation = ?, everyone = ?, due_at = ${least}(? + idle_timeout, expires_at),
        counter = 0, rotated_at = ?, seen_at = NULL
      WHERE id = ? AND digest = ? AND ended_at IS NULL RETURNING ${SESSION}`,
    setFields: `UPDATE sessions SET fields = ? WHERE id = ? AND ended_at IS NULL RETURNING ${SESSION}`,
    lock: locking && `SELECT id FROM sessions WHERE ${among('id')} ${locking}`,
    touch: `UPDATE sessions SET last_active_at = ${greatest}(last_active_at, used.at),
        due_at = ${least}(${greatest}(last_active_at, used.at) + idle_timeout, expires_at),
        longest_idle = CASE WHEN authenticated_at = used.authenticated THEN ${greatest}(longest_idle, used.idle) ELSE longest_idle END,
        seen_at = CASE WHEN authenticated_at = used.authenticated AND counter = used.counted
          THEN coalesce(seen_at, used.seen) ELSE seen_at END
      FROM (SELECT value ->> 0 AS session, ${number(1)} AS at, ${number(2)} AS idle, ${number(3)} AS authenticated,
          ${number(4)} AS counted, ${number(5)} AS seen FROM ${elements}) AS used
      WHERE id = used.session AND ended_at IS NULL AND (last_active_at < used.at
        OR (authenticated_at = used.authenticated
          AND (longest_idle < used.idle OR (seen_at IS NULL AND counter = used.counted))))`,
  } as const
}
