import { decode, encode } from '../../cursor.ts'
import type { Counters, Reservation, Source, ThrottleRule } from '../../store.ts'
import { reserve, resolve, type ThrottleState } from '../../throttle-state.ts'
import { alone, type Driver, one, run, type Work } from './driver.ts'

type CounterRow = {
  readonly failures: number
  readonly pending: number
  readonly pending_at: number
  readonly blocked_until: number
  readonly forget_at: number
  readonly about: string | null
}

const FIND = 'SELECT failures, pending, pending_at, blocked_until, forget_at, about FROM counters WHERE key = ?'
const KEEP = `INSERT INTO counters (key, failures, pending, pending_at, blocked_until, forget_at, about)
  VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (key) DO UPDATE SET failures = excluded.failures, pending = excluded.pending,
    pending_at = excluded.pending_at, blocked_until = excluded.blocked_until, forget_at = excluded.forget_at,
    about = excluded.about`
const LIST = `SELECT key, failures, blocked_until, about FROM counters
  WHERE blocked_until > 0 AND (blocked_until, key) > (?, ?) ORDER BY blocked_until, key LIMIT ?`
const REMOVE = 'DELETE FROM counters WHERE key = ?'
/** Asked twice: one that counted again after it had been found stays. */
const PURGE = `DELETE FROM counters
  WHERE key IN (SELECT key FROM counters WHERE forget_at <= ? ORDER BY forget_at LIMIT ?) AND forget_at <= ?`

export function countersPort(driver: Driver, source: Source): Counters {
  return {
    source,
    // What is lost with the machine's power is an attempt that was under way, and ended with it.
    reserve: (key, rule, now) => driver.lightly(() => reserved(key, rule, now)),
    resolve: (key, outcome, rule, now, about) => driver.write(() => resolved(key, outcome, rule, now, about)),
    async list(now, cursor, limit) {
      const [at, key] = decode(cursor) ?? [now, LAST]
      const most = Math.max(1, limit)
      const from = at > now ? [at, key] : [now, LAST]
      const rows = await driver.all<Pick<CounterRow, 'failures' | 'blocked_until' | 'about'> & { key: string }>(
        LIST,
        ...from,
        most + 1,
      )
      const items = rows
        .slice(0, most)
        .map(({ key, failures, blocked_until, about }) => ({ key, failures, blockedUntil: blocked_until, about }))
      const last = items.at(-1)
      return { items, nextCursor: rows.length > most && last ? encode([last.blockedUntil, last.key]) : null }
    },
    async remove(key) {
      await driver.run(REMOVE, key)
    },
    purge: (now, limit) => driver.run(PURGE, now, limit, now),
  }
}

function* reserved(key: string, rule: ThrottleRule, now: number): Work<Reservation> {
  const { state, reservation } = reserve(yield* find(key), rule, now)
  if (state) yield* keep(key, state)
  return reservation
}

function* resolved(
  key: string,
  outcome: 'failed' | 'passed' | 'clear',
  rule: ThrottleRule,
  now: number,
  about: string | undefined,
): Work<number> {
  const state = resolve(yield* find(key), outcome, rule, now, about)
  yield* keep(key, state)
  return state.failures
}

function* find(key: string): Work<ThrottleState | null> {
  yield* alone(`counter ${key}`)
  const row = yield* one<CounterRow>(FIND, key)
  if (!row) return null
  const { failures, pending, pending_at, blocked_until, forget_at, about } = row
  const named = about === null ? {} : { about }
  return { failures, pending, pendingAt: pending_at, blockedUntil: blocked_until, forgetAt: forget_at, ...named }
}

/** A counter at which nothing has happened is not kept. */
function* keep(key: string, state: ThrottleState): Work<void> {
  const { failures, pending, pendingAt, blockedUntil, forgetAt, about = null } = state
  if (failures === 0 && pending === 0) yield* run(REMOVE, key)
  else yield* run(KEEP, key, failures, pending, pendingAt, blockedUntil, forgetAt, about)
}

/** Sorts after every key. */
const LAST = '\u{10ffff}'
