import type { AuditLog, Source } from '../../store.ts'
import { EVENT, type EventRow, eventOf, eventValues, INSERT_EVENT, listEvents } from './audit-list.ts'
import { type Driver, each, one } from './driver.ts'

/** An event that is appended once more, because the first answer was lost, is there already. */
const APPEND = `${INSERT_EVENT} ON CONFLICT (at, id) DO NOTHING`
/** Whoever comes next waits for this row until what is appended is committed: so positions become visible in order. */
const TAKE = `INSERT INTO audit_state (id, position) VALUES (1, ?)
  ON CONFLICT (id) DO UPDATE SET position = audit_state.position + excluded.position RETURNING position`
const AFTER = `SELECT ${EVENT}, position FROM audit WHERE position > ? ORDER BY position LIMIT ?`
const BEGIN = `INSERT INTO audit_readers (name, position) 
  VALUES (?, coalesce((SELECT position FROM audit_state WHERE id = 1), 0))
  ON CONFLICT (name) DO UPDATE SET position = audit_readers.position RETURNING position`
const ADVANCE = 'UPDATE audit_readers SET position = ? WHERE name = ? AND position < ?'
const PURGE = `DELETE FROM audit
  WHERE (at, id) IN (SELECT at, id FROM audit WHERE at < ? ORDER BY at, id LIMIT ?)`

/** What a user caused, or what nobody that is known did to them; of the rest, who did it is what the log is for. */
const OWN = `(actor = ? AND actor IS DISTINCT FROM subject OR subject = ? AND (actor IS NULL OR actor = subject))`
const ERASE = (withoutDevice: string) => `UPDATE audit SET source = NULL, data = ${withoutDevice}
  WHERE (at, id) IN (SELECT at, id FROM audit WHERE ${OWN} AND (source IS NOT NULL OR data LIKE '%"device":%') LIMIT ?)`

export function auditPort(driver: Driver, source: Source): AuditLog {
  const erase = ERASE(driver.dialect.without('data', 'device'))
  return {
    source,
    async append(events) {
      const rows = events.map(eventValues)
      if (rows.length === 0) return
      await driver.write(function* () {
        const last = yield* one<{ readonly position: number }>(TAKE, rows.length)
        const first = (last?.position ?? 0) - rows.length + 1
        yield* each(
          APPEND,
          rows.map((row, i) => [...row, first + i]),
          true,
        )
      })
    },
    list: (filter, cursor, limit) => listEvents(driver, filter, cursor, limit),
    erase: (user, limit) => driver.run(erase, user, user, limit),
    purge: (before, limit) => driver.run(PURGE, before, limit),
    async after(behind, limit) {
      const rows = await driver.all<EventRow & { readonly position: number }>(AFTER, behind, limit)
      return rows.map(({ position, ...row }) => ({ position, event: eventOf(row) }))
    },
    async place(reader) {
      const row = await driver.change<{ readonly position: number }>(BEGIN, reader)
      return row?.position ?? 0
    },
    advance: async (reader, position) => void (await driver.run(ADVANCE, position, reader, position)),
  }
}
