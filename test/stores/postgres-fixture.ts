import pg from 'pg'
import { type PostgresOptions, postgres } from '../../src/postgres.ts'
import type { Store } from '../../src/store.ts'
import type { PostgresServer } from '../support/postgres-server.ts'
import { sourceOf } from './source-of.ts'

const TABLES = `SELECT string_agg(format('DELETE FROM %I.%I', schemaname, tablename), '; ') AS sql
  FROM pg_tables WHERE schemaname = 'sallyport' AND tablename NOT IN ('migrations', 'installation')`

/**
 * Stores without data, one at a time: making the tables anew for each takes longer than the cases themselves. The first opens
 * the schema; those after it find it emptied.
 */
export function emptyStores(server: PostgresServer, given: PostgresOptions) {
  // How long a busy machine takes is not what they are asked about.
  const options = { patience: '30s', ...given } as const
  const client = new pg.Client(server.url())
  let connecting: Promise<unknown> | null = null

  return {
    async make(): Promise<{ readonly store: Store; close(): Promise<void> }> {
      connecting ??= client.connect()
      await connecting
      const store = postgres(server.url(), options)
      await sourceOf(store).open()
      const { rows } = await client.query(TABLES)
      await client.query(`BEGIN; ${rows[0].sql}; UPDATE sallyport.installation SET everyone = 0; COMMIT`)
      return { store, close: () => sourceOf(store).close() }
    },
    another: () => postgres(server.url(), options),
    close: () => client.end(),
  }
}
