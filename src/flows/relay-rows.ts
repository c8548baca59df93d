import type { Clock } from '../clock.ts'

/** How long a row may go without a read through this server before it has to make room for another, milliseconds. */
const IDLE_MS = 5 * 60_000

/** Room for one more row, taken until one of these is called. */
export type Room = {
  /** The row that takes it. */
  keep(row: string): void
  /** It was not made. */
  giveBack(): void
}

/**
 * The rows that services read through this server, so that no service has more than `most` in one feed: each can make an ending
 * wait. In memory, of this process alone; a row that another server made counts from its first read here. It decides nothing but
 * who may register, and a row that has to make room costs its reader, if there is one, a registration.
 * @param retire takes the lease of a row that nobody has read for long, and then the row
 */
export function relayRows(clock: Clock, most: number, retire: (feed: number, row: string) => void) {
  /** By service and feed: when each row was last read, the longest ago first. A symbol is room that is taken and has no row yet. */
  const held = new Map<string, Map<string | symbol, number>>()

  const keyOf = (service: string, feed: number) => `${service} ${feed}`

  function put(key: string, row: string | symbol): void {
    const rows = held.get(key) ?? new Map<string | symbol, number>()
    rows.delete(row)
    held.set(key, rows.set(row, clock.monotonic()))
  }

  function remove(key: string, row: string | symbol): void {
    const rows = held.get(key)
    rows?.delete(row)
    if (rows?.size === 0) held.delete(key)
  }

  /** The row that nobody has read for the longest time, if that is long enough. */
  function idleOf(key: string): string | null {
    for (const [row, readAt] of held.get(key) ?? []) {
      if (typeof row !== 'string') continue
      return clock.monotonic() - readAt >= IDLE_MS ? row : null
    }
    return null
  }

  return {
    /** Null when there is none. */
    room(service: string, feed: number): Room | null {
      const key = keyOf(service, feed)
      const full = (held.get(key)?.size ?? 0) >= most
      const idle = full ? idleOf(key) : null
      if (full && idle === null) return null
      if (idle !== null) {
        remove(key, idle)
        retire(feed, idle)
      }
      const taken = Symbol()
      put(key, taken)
      return {
        keep(row) {
          remove(key, taken)
          put(key, row)
        },
        giveBack: () => remove(key, taken),
      }
    },

    /** It was read, and is there. */
    seen: (service: string, feed: number, row: string): void => put(keyOf(service, feed), row),

    /** It is gone, or about to be. */
    forget: (service: string, feed: number, row: string): void => remove(keyOf(service, feed), row),
  }
}
