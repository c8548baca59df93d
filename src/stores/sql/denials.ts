import { decode, encode } from '../../cursor.ts'
import type { EndReason } from '../../errors.ts'
import type { Changed, Denial, Denials, Source } from '../../store.ts'
import { type Driver, one, type Work } from './driver.ts'
import { append, tail } from './feed-append.ts'

/** The first reason stays; a later call can only deny for longer. */
const DENY = `INSERT INTO denials (sid, reason, until) VALUES (?, ?, ?)
  ON CONFLICT (sid) DO UPDATE SET until = excluded.until WHERE excluded.until > denials.until
  RETURNING sid, reason, until`
const FIND = 'SELECT sid, reason, until FROM denials WHERE sid = ?'
const CHECK = `SELECT reason FROM denials WHERE sid = ?
  UNION ALL SELECT end_reason FROM sessions WHERE id = ? AND ended_at IS NOT NULL LIMIT 1`

/** By the time they end at, which can only become later: one that is prolonged moves towards a reader, never past. */
const LIST = `SELECT sid, reason, until FROM denials
  WHERE (until, sid) > (?, ?) ORDER BY until, sid LIMIT ?`
/** Asked twice: one that was prolonged after it had been found stays. */
const PURGE = `DELETE FROM denials
  WHERE sid IN (SELECT sid FROM denials WHERE until <= ? ORDER BY until LIMIT ?) AND until <= ?`

export function denialsPort(driver: Driver, source: Source): Denials {
  return {
    source,
    deny: (denial, now) => driver.write(() => deny(denial, now)),
    async check(sid) {
      const row = await driver.one<{ reason: EndReason }>(CHECK, sid, sid)
      return row?.reason ?? null
    },
    async list(now, cursor, limit) {
      const [until, sid] = decode(cursor) ?? [now, LAST]
      const from = until > now ? [until, sid] : [now, LAST]
      const found = await driver.all<Denial>(LIST, ...from, Math.max(1, limit) + 1)
      const items = found.slice(0, Math.max(1, limit)).map(denialOf)
      const last = items.at(-1)
      return { items, nextCursor: found.length > items.length && last ? encode([last.until, last.sid]) : null }
    },
    purge: (now, limit) => driver.run(PURGE, now, limit, now),
  }
}

/** Sorts after every id, so that (now, LAST) is passed only by what ends later than now. */
const LAST = '\u{10ffff}'

function* deny({ sid, reason, until }: Denial, now: number): Work<Changed<Denial>> {
  const row = yield* one<Denial>(DENY, sid, reason, until)
  if (!row) {
    const known = yield* one<Denial>(FIND, sid)
    return { value: known ? denialOf(known) : null, position: yield* tail() }
  }
  const value = denialOf(row)
  return { value, position: yield* append({ kind: 'ended', sessions: [sid], reason: value.reason, at: now }) }
}

function denialOf({ sid, reason, until }: Denial): Denial {
  return { sid, reason, until }
}
