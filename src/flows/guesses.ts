import { sourceKey } from '../wire/source.ts'

/** Unknown tokens from one source in one minute before it counts as guessing (SI-07). */
const LIMIT = 100
const WINDOW_MS = 60_000

/** Sources watched at once; the oldest are forgotten first. */
const MAX_SOURCES = 10_000

/**
 * Counts unknown session tokens by source, in this process only: what it protects is this node's store from look-ups
 * that can find nothing. Sessions in memory go on from the same source.
 */
export function guesses() {
  const misses = new Map<string, { count: number; since: number }>()

  function current(source: string, now: number) {
    const seen = misses.get(source)
    if (seen && now - seen.since < WINDOW_MS && now >= seen.since) return seen
    if (seen) misses.delete(source)
    return null
  }

  return {
    /** Seconds. */
    retryAfter: WINDOW_MS / 1000,

    blocked(source: string | undefined, now: number): boolean {
      if (source === undefined || misses.size === 0) return false
      return (current(sourceKey(source), now)?.count ?? 0) >= LIMIT
    },

    /** Takes down an unknown or forged token. `limit`: it is the one that reaches it; `many`: there were that many before. */
    miss(from: string | undefined, now: number): 'few' | 'limit' | 'many' {
      if (from === undefined) return 'few'
      const source = sourceKey(from)
      const seen = current(source, now)
      if (seen) {
        seen.count += 1
        return seen.count < LIMIT ? 'few' : seen.count === LIMIT ? 'limit' : 'many'
      }
      misses.set(source, { count: 1, since: now })
      if (misses.size > MAX_SOURCES) misses.delete(misses.keys().next().value as string)
      return 'few'
    },
  }
}

export type Guesses = ReturnType<typeof guesses>
