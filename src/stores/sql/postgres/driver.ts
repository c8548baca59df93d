import { StoreUnavailable } from '../../../errors.ts'
import type { ConnectionUse } from '../../../source.ts'
import type { Channel, Dialect, Driver, Value } from '../driver.ts'
import { feedChannel, IDENTITY } from './channel.ts'
import { migrate } from './migrate.ts'
import { type Connections, connections } from './pool.ts'
import type { Settings } from './settings.ts'

export type PostgresDriver = Driver & {
  /** To be called once, and again after `close`. */
  open(): Promise<void>
  /** Resolves when the server answered. */
  ping(): Promise<void>
  connections(): ConnectionUse
  close(): Promise<void>
}

const DIALECT: Dialect = {
  greatest: 'greatest',
  least: 'least',
  among: (column) => `${column} IN (SELECT jsonb_array_elements_text(CAST(? AS jsonb)))`,
  // Only where it has to be: what is kept is a text, and not every one is a jsonb.
  without: (column, member) =>
    `CASE WHEN ${column} LIKE '%"${member}":%' THEN CAST(CAST(${column} AS jsonb) - '${member}' AS text) ELSE ${column} END`,
  elements: 'jsonb_array_elements(CAST(? AS jsonb)) AS elements(value)',
  ofEach: (_, __, query) =>
    `jsonb_array_elements_text(CAST(? AS jsonb)) AS each(value) CROSS JOIN LATERAL (SELECT * ${query}) AS own`,
  // A query with IN may be carried out for every row anew, and then it finds more than its limit.
  found: (column, query) => `${column} = ANY (ARRAY(${query}))`,
  locking: 'ORDER BY id FOR UPDATE',
  waiting: 'FOR UPDATE',
  skipping: 'FOR UPDATE SKIP LOCKED',
  identity: IDENTITY,
}

type Open = { readonly pool: Connections; readonly feed: ReturnType<typeof feedChannel> }

/** PostgreSQL as a driver: connections that verbs share, and one more for the feed. */
export function postgresDriver(settings: Settings): PostgresDriver {
  let open: Open | null = null

  function current(): Open {
    if (open) return open
    throw new StoreUnavailable(`${settings.where} is not open: call open() on the source of the store first`)
  }

  const query = async <R>(sql: string, values: readonly Value[]) => await current().pool.query<R>(sql, values)

  const write: Driver['write'] = async (work) => await current().pool.write(work)

  const feed: Channel = {
    all: async <R>(sql: string, ...values: Value[]) => await current().feed.all<R>(sql, ...values),
    run: async (sql, ...values) => await current().feed.run(sql, ...values),
    change: async <R>(sql: string, ...values: Value[]) => await current().feed.change<R>(sql, ...values),
    version: () => null,
    watch: (sql, wake) => current().feed.watch(sql, wake),
  }

  return {
    dialect: DIALECT,
    one: async <R>(sql: string, ...values: Value[]) => (await query<R>(sql, values)).rows[0],
    all: async <R>(sql: string, ...values: Value[]) => (await query<R>(sql, values)).rows,
    write,
    lightly: write,
    run: async (sql, ...values) => (await query(sql, values)).touched,
    change: async <R>(sql: string, ...values: Value[]) => (await query<R>(sql, values)).rows[0],
    feed,
    async open() {
      await migrate(settings)
      open = { pool: connections(settings), feed: feedChannel(settings) }
    },
    async ping() {
      await query('SELECT everyone FROM installation', [])
    },
    connections: () => open?.pool.use() ?? { most: settings.connections, open: 0, idle: 0, waiting: 0 },
    async close() {
      const was = open
      open = null
      await Promise.all([was?.feed.close(), was?.pool.close()])
    },
  }
}
