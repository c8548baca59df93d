import { ConfigurationError } from '../../../errors.ts'
import { begin } from '../feed.ts'
import { MIGRATIONS, type Migration } from '../migrations/list.ts'
import { APPLIED, APPLY, type Applied, missing, valuesOf } from '../migrations/missing.ts'
import type { Connection } from './connection.ts'

/** Says of a file that it is ours ("Sall", https://sqlite.org/pragma.html#pragma_application_id). */
const OURS = 0x53616c6c

const REGISTER = `CREATE TABLE migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL) STRICT`

type Reading = Pick<Connection, 'one' | 'all'>

/**
 * Brings the file's schema up to date, in one transaction: of several processes that begin at once one does it.
 * @throws ConfigurationError when the file is another program's, or of a newer version of this one, or when a migration
 * was changed after it had been applied. What SQLite throws otherwise.
 */
export function migrate(connection: Connection, file: string, migrations: readonly Migration[] = MIGRATIONS): void {
  connection.exec('BEGIN IMMEDIATE')
  try {
    if (isNew(connection, file)) {
      connection.exec(`PRAGMA application_id = ${OURS}`)
      connection.exec(REGISTER)
    }
    for (const migration of pending(connection, file, migrations)) {
      connection.script(migration.sqlite)
      connection.run(APPLY, valuesOf(migration, 'sqlite'))
    }
    const [sql, epoch] = begin()
    connection.run(sql, [epoch])
    connection.exec('COMMIT')
  } catch (error) {
    if (connection.isInside()) connection.exec('ROLLBACK')
    throw error
  }
}

/**
 * Whether there is nothing in the file yet.
 * @throws ConfigurationError when it holds what this program did not make.
 */
export function isNew(connection: Reading, file: string): boolean {
  const { application_id } = connection.one('PRAGMA application_id', []) as { readonly application_id: number }
  if (application_id === OURS) return false
  const { tables } = connection.one('SELECT count(*) AS tables FROM sqlite_schema', []) as { readonly tables: number }
  if (application_id === 0 && tables === 0) return true
  throw new ConfigurationError(`${file} is the database of another program: name a file of its own for this one`)
}

/**
 * What has not been applied yet.
 * @throws ConfigurationError when what was applied is not what this program knows.
 */
export function pending(
  connection: Reading,
  file: string,
  migrations: readonly Migration[] = MIGRATIONS,
): readonly Migration[] {
  return missing(connection.all(APPLIED, []) as readonly Applied[], 'sqlite', file, migrations)
}
