import type { AuthEvent } from '../../events.ts'
import type { AuditLog, EventFilter, PlacedEvent } from '../../store.ts'
import { deadlines } from './deadlines.ts'
import { frozen } from './frozen.ts'
import type { Place } from './place.ts'
import { type Key, page, timeline } from './timeline.ts'

export function auditPort({ source, verb }: Place): AuditLog {
  const events = new Map<string, AuthEvent>()
  /** By position, with holes where events are forgotten. */
  const appended = new Map<number, string>()
  const readers = new Map<string, number>()
  let last = 0
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
        last += 1
        appended.set(last, event.id)
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
      const forgotten = new Set(gone)
      for (const [position, id] of appended) if (forgotten.has(id)) appended.delete(position)
      return gone.length
    }),
    after: verb((position, limit) => {
      const found: PlacedEvent[] = []
      for (let at = position + 1; at <= last && found.length < limit; at++) {
        const event = events.get(appended.get(at) ?? '')
        if (event) found.push({ position: at, event })
      }
      return found
    }),
    place: verb((reader) => {
      const at = readers.get(reader) ?? last
      readers.set(reader, at)
      return at
    }),
    advance: verb((reader, position) => {
      const at = readers.get(reader)
      if (at !== undefined && at < position) readers.set(reader, position)
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
