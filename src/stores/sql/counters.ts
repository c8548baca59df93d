import type { Counters, Reservation, Source, ThrottleRule } from '../../store.ts'
import { reserve, resolve, type ThrottleState } from '../../throttle-state.ts'
import { alone, type Driver, one, run, type Work } from './driver.ts'

type CounterRow = {
  readonly failures: number
  readonly pending: number
  readonly pending_at: number
  readonly blocked_until: number
  readonly forget_at: number
}

const FIND = 'SELECT failures, pending, pending_at, blocked_until, forget_at FROM counters WHERE key = ?'
const KEEP = `INSERT INTO counters (key, failures, pending, pending_at, blocked_until, forget_at) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (key) DO UPDATE SET failures = excluded.failures, pending = excluded.pending,
    pending_at = excluded.pending_at, blocked_until = excluded.blocked_until, forget_at = excluded.forget_at`
const REMOVE = 'DELETE FROM counters WHERE key = ?'
/** Asked twice: one that counted again after it had been found stays. */
const PURGE = `DELETE FROM counters
  WHERE key IN (SELECT key FROM counters WHERE forget_at <= ? ORDER BY forget_at LIMIT ?) AND forget_at <= ?`

export function countersPort(driver: Driver, source: Source): Counters {
  return {
    source,
    // What is lost with the machine's power is an attempt that was under way, and ended with it.
    reserve: (key, rule, now) => driver.lightly(() => reserved(key, rule, now)),
    resolve: (key, outcome, rule, now) => driver.write(() => resolved(key, outcome, rule, now)),
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

function* resolved(key: string, outcome: 'failed' | 'passed' | 'clear', rule: ThrottleRule, now: number): Work<number> {
  const state = resolve(yield* find(key), outcome, rule, now)
  yield* keep(key, state)
  return state.failures
}

function* find(key: string): Work<ThrottleState | null> {
  yield* alone(`counter ${key}`)
  const row = yield* one<CounterRow>(FIND, key)
  if (!row) return null
  const { failures, pending, pending_at, blocked_until, forget_at } = row
  return { failures, pending, pendingAt: pending_at, blockedUntil: blocked_until, forgetAt: forget_at }
}

/** A counter at which nothing has happened is not kept. */
function* keep(key: string, state: ThrottleState): Work<void> {
  const { failures, pending, pendingAt, blockedUntil, forgetAt } = state
  if (failures === 0 && pending === 0) yield* run(REMOVE, key)
  else yield* run(KEEP, key, failures, pending, pendingAt, blockedUntil, forgetAt)
}
