import pg, { type Client } from 'pg'
import { ConfigurationError } from '../../../errors.ts'
import { begin } from '../feed.ts'
import { MIGRATIONS, type Migration } from '../migrations/list.ts'
import { APPLIED, APPLY, type Applied, missing, valuesOf } from '../migrations/missing.ts'
import { openingFault } from './errors.ts'
import { greeting, type Settings } from './settings.ts'
import { statement } from './statement.ts'

/** Of all the processes that begin at once one changes the schema, and the others wait for it. Milliseconds: as long as that may take. */
const PATIENCE = 300_000
const ALONE = `SET LOCAL statement_timeout TO ${PATIENCE}; SET LOCAL lock_timeout TO ${PATIENCE};
  SELECT pg_advisory_xact_lock(hashtextextended('sallyport migrations', 0))`

const STANDING = `SELECT to_regnamespace(?) IS NOT NULL AS exists, to_regclass(?) IS NOT NULL AS ours,
  (SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace(?)) AS relations`
const REGISTER = `CREATE TABLE migrations (number BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL)`

/** Whether the schema is there and whose it is. @throws ConfigurationError when it holds what this program did not make. */
async function standing(client: Client, { schema, where }: Settings): Promise<'ours' | 'empty' | 'missing'> {
  const { rows } = await client.query(statement(STANDING, [`"${schema}"`, `"${schema}".migrations`, `"${schema}"`]))
  const { exists, ours, relations } = rows[0] as { exists: boolean; ours: boolean; relations: number }
  if (ours) return 'ours'
  if (!exists) return 'missing'
  if (relations === 0) return 'empty'
  throw new ConfigurationError(
    `the schema ${schema} at ${where} is another program's: name one of its own for this one`,
  )
}

/** Runs what needs a connection for itself. @throws what `openingFault` says. */
export async function connected<T>(settings: Settings, run: (client: Client) => Promise<T>): Promise<T> {
  let client: Client | null = null
  try {
    client = new pg.Client({ ...settings.client, query_timeout: PATIENCE })
    // It is told by the statement that failed.
    client.on('error', () => {})
    await client.connect()
    await client.query(greeting(settings))
    return await run(client)
  } catch (error) {
    throw openingFault(error, settings.where, settings.schema)
  } finally {
    await client?.end().catch(() => {})
  }
}

/** What has not been applied yet; null when nothing has. */
export async function pending(
  client: Client,
  settings: Settings,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<readonly Migration[] | null> {
  if ((await standing(client, settings)) !== 'ours') return null
  const { rows } = await client.query(APPLIED)
  return missing(rows as Applied[], 'postgres', settings.where, migrations)
}

/**
 * Brings the schema up to date in one transaction.
 * @throws ConfigurationError when the schema is another program's, or of a newer version of this one, or when a migration was
 * changed after it had been applied, or when this user may not.
 */
export async function migrate(settings: Settings, migrations: readonly Migration[] = MIGRATIONS): Promise<void> {
  await connected(settings, async (client) => {
    if ((await pending(client, settings, migrations))?.length === 0) return
    await client.query(`BEGIN; ${ALONE}`)
    const found = await standing(client, settings)
    if (found === 'missing') await client.query(`CREATE SCHEMA "${settings.schema}"`)
    if (found !== 'ours') await client.query(REGISTER)
    for (const migration of (await pending(client, settings, migrations)) ?? []) {
      await client.query(migration.postgres)
      await client.query(statement(APPLY, valuesOf(migration, 'postgres')))
    }
    const [sql, epoch] = begin()
    await client.query(statement(sql, [epoch]))
    await client.query('COMMIT')
  })
}
