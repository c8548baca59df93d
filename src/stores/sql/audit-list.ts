import type { AuthEvent } from '../../events.ts'
import type { EventFilter, Page } from '../../store.ts'
import type { Driver, Value } from './driver.ts'
import { parse } from './json.ts'
import { walked } from './walk.ts'

export type EventRow = Omit<AuthEvent, 'requestId' | 'data'> & {
  readonly request_id: string | null
  readonly data: string
}

export const EVENT = 'id, type, severity, at, outcome, actor, subject, session, source, request_id, reason, data'

/** Those that have an index, the most telling first. */
const INDEXED = ['session', 'subject', 'type'] as const

/** `AuditLog.list`. One of the columns that have an index narrows it, in a stretch of time; what else is asked for is looked at. */
export function listEvents(
  driver: Driver,
  filter: EventFilter,
  cursor: string | null,
  limit: number,
): Promise<Page<AuthEvent>> {
  const [first, ...rest] = INDEXED.filter((column) => filter[column] !== undefined)
  const narrow = first ? `${first} = ? AND ` : ''
  const sql = `SELECT ${EVENT} FROM audit WHERE ${narrow}(at, id) < (?, ?) AND at >= ? ORDER BY at DESC, id DESC LIMIT ?`
  const value = first ? [filter[first] as string] : []
  const since = filter.from ?? Number.MIN_SAFE_INTEGER
  const before = filter.to === undefined ? Number.MAX_SAFE_INTEGER : filter.to + 1

  return walked(
    {
      async stretch([at, id], size) {
        const from = at < before ? [at, id] : [before, '']
        const candidates = await driver.all<EventRow>(sql, ...value, ...from, since, size)
        const last = candidates.at(-1)
        return { candidates, border: last && candidates.length === size ? [last.at, last.id] : null }
      },
      load: async (rows) =>
        rows.map((row) => (rest.every((column) => row[column] === filter[column]) ? eventOf(row) : null)),
      keyOf: ({ at, id }) => [at, id],
    },
    cursor,
    limit,
  )
}

export function eventOf({ request_id, data, ...row }: EventRow): AuthEvent {
  return { ...row, requestId: request_id, data: parse<AuthEvent['data']>(data) }
}

/** With a position in the order of appending after the values of the event. */
export const INSERT_EVENT = `INSERT INTO audit (${EVENT}, position) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

/** The values of `INSERT_EVENT`, without the position. */
export function eventValues(event: AuthEvent): readonly Value[] {
  return [
    ...[event.id, event.type, event.severity, event.at, event.outcome, event.actor, event.subject, event.session],
    ...[event.source, event.requestId, event.reason, JSON.stringify(event.data)],
  ]
}
