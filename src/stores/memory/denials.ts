import type { Denial, Denials } from '../../store.ts'
import { deadlines } from './deadlines.ts'
import type { Place } from './place.ts'
import type { SessionTable } from './session-table.ts'
import { type Key, page, timeline } from './timeline.ts'

type Kept = { readonly denial: Denial; readonly number: number }

/** Denials are paged in the order they came, so that one that is prolonged meanwhile does not move out of a reader's way. */
export function denialsPort({ source, append, tail, verb }: Place, sessions: Pick<SessionTable, 'get'>): Denials {
  const denials = new Map<string, Kept>()
  const over = deadlines((sid) => denials.get(sid)?.denial.until ?? null)
  const order = timeline(({ at, id }) => denials.get(id)?.number === at)
  let count = 0

  return {
    source,
    deny: verb(({ sid, reason, until }, now) => {
      const known = denials.get(sid)
      if (known && known.denial.until >= until) return { value: known.denial, position: tail() }
      const denial = Object.freeze({ sid, reason: known?.denial.reason ?? reason, until })
      if (!known) count += 1
      const kept = { denial, number: known?.number ?? count }
      denials.set(sid, kept)
      if (!known) {
        order.add({ at: kept.number, id: sid })
        over.add(sid)
      }
      return { value: denial, position: append({ kind: 'ended', sessions: [sid], reason: denial.reason, at: now }) }
    }),
    check: verb((sid) => denials.get(sid)?.denial.reason ?? sessions.get(sid)?.endReason ?? null),
    list: verb((now, cursor, limit) => {
      const find = ({ at, id }: Key) => {
        const kept = denials.get(id)
        return kept && kept.number === at && kept.denial.until > now ? kept.denial : null
      }
      return page(order.newest, find, cursor, limit)
    }),
    purge: verb((now, limit) => {
      const gone = over.take(now, limit)
      for (const sid of gone) {
        denials.delete(sid)
        order.removed()
      }
      return gone.length
    }),
  }
}
