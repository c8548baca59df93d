import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { ADMINS, type Inspected, type KeptKey, keysSeen, peopleSeen, policySeen, STORED_POLICY } from '../inspected.ts'
import { openingFault } from './errors.ts'
import { isNew, pending } from './migrate.ts'

/** What a look at a file tells. */
export type SqliteInspection = Inspected

const KEYS = 'SELECT kid, sealed, created_at FROM keys WHERE sealed IS NOT NULL'
const TABLES = `SELECT name FROM sqlite_schema WHERE type = 'table'`

/**
 * Looks at a database without changing anything of it, also while servers use it from other processes; not from one that
 * has it open itself (https://sqlite.org/howtocorrupt.html, section 2.2).
 * @param secrets master secrets, newest first
 * @returns null when there is no file, or nothing in it
 * @throws ConfigurationError when the file is none of ours, or of a newer version, or cannot be read; `StoreUnavailable`
 * when it cannot be read now.
 */
export function inspectSqlite(file: string, secrets: readonly string[]): SqliteInspection | null {
  const path = resolve(file)
  if (!statSync(path, { throwIfNoEntry: false })?.size) return null
  try {
    const database = opened(path)
    try {
      return looked(database, path, secrets)
    } finally {
      database.close()
    }
  } catch (error) {
    throw openingFault(error, path)
  }
}

/**
 * A reader makes the files beside the database, which would then belong to whoever looked. Where there is no log, nobody
 * has it open and the file alone is the database (https://sqlite.org/uri.html#uriimmutable).
 */
function opened(path: string): DatabaseSync {
  if (existsSync(`${path}-wal`)) return new DatabaseSync(path, { readOnly: true, timeout: 0 })
  const alone = pathToFileURL(path)
  alone.searchParams.set('immutable', '1')
  return new DatabaseSync(alone, { readOnly: true })
}

function looked(database: DatabaseSync, path: string, secrets: readonly string[]): SqliteInspection | null {
  const reading = {
    one: (sql: string): unknown => database.prepare(sql).get(),
    all: (sql: string): readonly unknown[] => database.prepare(sql).all(),
  }
  if (isNew(reading, path)) return null
  // A database that lacks migrations may lack tables.
  const tables = (reading.all(TABLES) as readonly { readonly name: string }[]).map(({ name }) => name)
  const rowsOf = (table: string, sql: string) => (tables.includes(table) ? reading.all(sql) : [])
  return {
    pending: pending(reading, path).length,
    keys: keysSeen(rowsOf('keys', KEYS) as readonly KeptKey[], secrets),
    people: peopleSeen(reading.one(ADMINS)),
    policy: policySeen(rowsOf('settings', STORED_POLICY)),
  }
}
