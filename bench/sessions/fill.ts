import { DatabaseSync } from 'node:sqlite'
import type { SessionRecord } from '../../src/session.ts'
import { INSERT_SESSION, valuesOf } from '../../src/stores/sql/session-row.ts'
import { emailKey } from '../../src/user.ts'
import { sqliteBulk } from '../lib/bulk.ts'
import { openStore } from '../lib/guard.ts'
import { person } from '../lib/population.ts'

/** How many sessions one user has. */
export const EACH = 10

/**
 * A file with so many sessions, as the store would have written them: by its schema and its statement, but in large
 * transactions that wait for no disk, and the indexes at the end.
 */
export async function fill(
  file: string,
  sessions: number,
  now: number,
  recordOf: (i: number) => SessionRecord,
): Promise<void> {
  const store = await openStore('sqlite', file)
  for (let i = 0; i < sessions / EACH; i += 1_000) {
    const some = Array.from({ length: Math.min(1_000, sessions / EACH - i) }, (_, j) => person(i + j, now))
    await Promise.all(some.map((user) => store.users.create(user, emailKey(user.email))))
  }
  await store.users.source.close()

  const bulk = sqliteBulk(file)
  await bulk.fill(INSERT_SESSION, sessions, (i) => valuesOf(recordOf(i)))
  await bulk.close()
}

/** Bytes of the file, and of what belongs to the sessions. */
export function sizes(file: string): { readonly file: number; readonly table: number; readonly indexes: number } {
  const database = new DatabaseSync(file, { readOnly: true })
  const sum = (sql: string) => Number(Object.values(database.prepare(sql).get() ?? {})[0])
  const ofSessions = (condition: string) =>
    sum(`SELECT sum(pgsize) FROM dbstat WHERE aggregate = TRUE
      AND name IN (SELECT name FROM sqlite_master WHERE tbl_name IN ('sessions', 'session_list') AND ${condition})`)
  const found = {
    file: sum('SELECT page_count * page_size FROM pragma_page_count, pragma_page_size'),
    table: ofSessions(`type = 'table'`),
    indexes: ofSessions(`type = 'index'`),
  }
  database.close()
  return found
}
