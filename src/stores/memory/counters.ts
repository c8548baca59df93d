import type { Counters } from '../../store.ts'
import { reserve, resolve, type ThrottleState } from '../../throttle-state.ts'
import { deadlines } from './deadlines.ts'
import type { Place } from './place.ts'

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
    resolve: verb((key, outcome, rule, now) => {
      const state = resolve(counters.get(key) ?? null, outcome, rule, now)
      keep(key, state)
      return state.failures
    }),
    remove: verb((key) => void counters.delete(key)),
    purge: verb((now, limit) => {
      const gone = over.take(now, limit)
      for (const key of gone) counters.delete(key)
      return gone.length
    }),
  }
}
