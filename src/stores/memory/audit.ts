import type { AuthEvent } from '../../events.ts'
import type { AuditLog, EventFilter } from '../../store.ts'
import { deadlines } from './deadlines.ts'
import { frozen } from './frozen.ts'
import type { Place } from './place.ts'
import { type Key, page, timeline } from './timeline.ts'

export function auditPort({ source, verb }: Place): AuditLog {
  const events = new Map<string, AuthEvent>()
  const old = deadlines((id) => events.get(id)?.at ?? null)
  const order = timeline(({ at, id }) => events.get(id)?.at === at)

  return {
    source,
    append: verb((given) => {
      for (const event of given) {
        if (events.has(event.id)) continue
        events.set(event.id, frozen(event))
        order.add({ at: event.at, id: event.id })
        old.add(event.id)
      }
    }),
    list: verb((filter, cursor, limit) => {
      const find = ({ at, id }: Key) => {
        const event = events.get(id)
        return event && event.at === at && accepts(filter, event) ? event : null
      }
      return page(order.newest, find, cursor, limit)
    }),
    erase: verb((user, limit) => {
      const some = [...events.values()].filter((event) => isPersonal(event, user)).slice(0, limit)
      for (const event of some) {
        const { device: _, ...data } = event.data
        events.set(event.id, frozen({ ...event, source: null, data }))
      }
      return some.length
    }),
    purge: verb((before, limit) => {
      const gone = old.take(before - 1, limit)
      for (const id of gone) {
        events.delete(id)
        order.removed()
      }
      return gone.length
    }),
  }
}

function isPersonal({ subject, actor, source, data }: AuthEvent, user: string): boolean {
  const own = actor === user || (subject === user && actor === null)
  return own && (source !== null || data.device !== undefined)
}

function accepts({ subject, session, type, from, to }: EventFilter, event: AuthEvent): boolean {
  return (
    (subject === undefined || event.subject === subject) &&
    (session === undefined || event.session === session) &&
    (type === undefined || event.type === type) &&
    (from === undefined || event.at >= from) &&
    (to === undefined || event.at <= to)
  )
}
