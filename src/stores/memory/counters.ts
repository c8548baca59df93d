import { decode, encode } from '../../cursor.ts'
import type { Counters } from '../../store.ts'
import { reserve, resolve, type ThrottleState } from '../../throttle-state.ts'
import { deadlines } from './deadlines.ts'
import type { Place } from './place.ts'
import { compare } from './timeline.ts'

/** Sorts after every key. */
const LAST = '\u{10ffff}'

export function countersPort({ source, verb }: Place): Counters {
  const counters = new Map<string, ThrottleState>()
  const over = deadlines((key) => counters.get(key)?.forgetAt ?? null)

  function keep(key: string, state: ThrottleState) {
    if (state.failures === 0 && state.pending === 0) {
      counters.delete(key)
      return
    }
    const before = counters.get(key)
    counters.set(key, Object.freeze({ ...state }))
    if (!before || state.forgetAt < before.forgetAt) over.add(key)
  }

  return {
    source,
    reserve: verb((key, rule, now) => {
      const { state, reservation } = reserve(counters.get(key) ?? null, rule, now)
      if (state) keep(key, state)
      return reservation
    }),
    resolve: verb((key, outcome, rule, now, about) => {
      const state = resolve(counters.get(key) ?? null, outcome, rule, now, about)
      keep(key, state)
      return state.failures
    }),
    list: verb((now, cursor, limit) => {
      const [at, after] = decode(cursor) ?? [now, LAST]
      const from = at > now ? { at, id: after } : { at: now, id: LAST }
      const found = [...counters]
        .map(([key, { failures, blockedUntil, about = null }]) => ({ key, failures, blockedUntil, about }))
        .filter(({ key, blockedUntil }) => compare({ at: blockedUntil, id: key }, from) > 0)
        .sort((a, b) => compare({ at: a.blockedUntil, id: a.key }, { at: b.blockedUntil, id: b.key }))
      const items = found.slice(0, limit)
      const last = items.at(-1)
      return { items, nextCursor: found.length > limit && last ? encode([last.blockedUntil, last.key]) : null }
    }),
    remove: verb((key) => void counters.delete(key)),
    purge: verb((now, limit) => {
      const gone = over.take(now, limit)
      for (const key of gone) counters.delete(key)
      return gone.length
    }),
  }
}
