import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import { FILL_SESSIONS, FILL_WORDS } from '../../src/stores/sql/migrations/0008-listing.ts'
import { progress } from './progress.ts'

type Value = string | number | null

/** Writes a great many rows by a statement of the store, past its verbs, which would take a transaction each. */
export type Bulk = {
  /** @param insert `INSERT INTO table (columns) VALUES (?, …)` */
  fill(insert: string, count: number, rowOf: (i: number) => readonly Value[]): Promise<void>
  /** Runs statements as they are. */
  run(sql: string): Promise<readonly Record<string, unknown>[]>
  close(): Promise<void>
}

const ROWS = { sqlite: 20_000, postgres: 5_000 } as const

/** Into a file that has the schema: in large transactions that wait for no disk, and the indexes of `tables` at the end. */
export function sqliteBulk(file: string): Bulk {
  const database = new DatabaseSync(file)
  database.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -262144; PRAGMA temp_store = MEMORY')
  return {
    async fill(insert, count, rowOf) {
      const table = /INTO (\w+)/.exec(insert)?.[1] ?? ''
      // What a trigger writes for it has indexes too.
      const tables = table === 'sessions' ? ['sessions', 'session_list'] : [table]
      const indexes = database
        .prepare(
          `SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL
            AND tbl_name IN (SELECT value FROM json_each(?))`,
        )
        .all(JSON.stringify(tables)) as { readonly name: string; readonly sql: string }[]
      for (const { name } of indexes) database.exec(`DROP INDEX ${name}`)
      const statement = database.prepare(insert)
      const draw = progress(`${count.toLocaleString('en')} ${table}`, count)
      for (let i = 0; i < count; i += ROWS.sqlite) {
        database.exec('BEGIN')
        for (let j = i; j < Math.min(i + ROWS.sqlite, count); j++) statement.run(...rowOf(j))
        database.exec('COMMIT')
        draw(Math.min(i + ROWS.sqlite, count))
      }
      for (const { sql } of indexes) database.exec(sql)
    },
    run: async (sql) => database.prepare(sql).all(),
    async close() {
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      database.close()
    },
  }
}

/** Into a schema that is there, many rows in a statement, past the triggers, and the indexes at the end. */
export async function postgresBulk(url: string, schema: string): Promise<Bulk> {
  const client = new pg.Client(url)
  // The statement that fails says so.
  client.on('error', () => {})
  await client.connect()
  await client.query(`SET search_path TO ${schema}; SET synchronous_commit TO off`)
  return {
    async fill(insert, count, rowOf) {
      const [, table = '', columns = ''] = /INTO (\w+) \(([^)]*)\)/s.exec(insert) ?? []
      const { rows: described } = await client.query(
        'SELECT column_name AS name, data_type AS type FROM information_schema.columns WHERE table_schema = $1 AND table_name = $2',
        [schema, table],
      )
      const typeOf = new Map(described.map(({ name, type }: { name: string; type: string }) => [name, type]))
      const names = columns.split(',').map((name) => name.trim())
      const given = names.map((name, column) => `$${column + 1}::${typeOf.get(name)}[]`).join(', ')
      const after = { sessions: FILL_SESSIONS, users: FILL_WORDS }[table]
      const tables = [table, ...({ sessions: ['session_list'], users: ['user_words'] }[table] ?? [])]
      const { rows: indexes } = await client.query(
        `SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS sql FROM pg_index
          WHERE NOT indisunique AND indrelid = ANY ($1::regclass[])`,
        [tables],
      )
      for (const { name } of indexes) await client.query(`DROP INDEX ${name}`)
      await client.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`)
      const draw = progress(`${count.toLocaleString('en')} ${table}`, count)
      for (let i = 0; i < count; i += ROWS.postgres) {
        const rows = Array.from({ length: Math.min(ROWS.postgres, count - i) }, (_, j) => rowOf(i + j))
        const lists = names.map((_, column) => rows.map((row) => row[column] ?? null))
        await client.query(`INSERT INTO ${table} (${columns}) SELECT * FROM unnest(${given})`, lists)
        draw(Math.min(i + ROWS.postgres, count))
      }
      if (after !== undefined) await client.query(after)
      await client.query(`ALTER TABLE ${table} ENABLE TRIGGER USER`)
      for (const { sql } of indexes) await client.query(sql)
    },
    run: async (sql) => (await client.query(sql)).rows,
    close: () => client.end(),
  }
}
