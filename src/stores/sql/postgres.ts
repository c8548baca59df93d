import { type Duration, milliseconds } from '../../duration.ts'
import { entrance } from '../../entrance.ts'
import type { Source, Store } from '../../store.ts'
import { sqlFeed } from './feed.ts'
import { postgresDriver } from './postgres/driver.ts'
import { settingsOf } from './postgres/settings.ts'
import { sqlStore } from './store.ts'
import { turns } from './turns.ts'

/** What `postgres()` may be told besides the address. */
export type PostgresOptions = {
  /**
   * Where the tables are: a schema of their own, made at the first start.
   * @default 'sallyport'
   */
  readonly schema?: string
  /**
   * How many connections this process has at most, besides the one of the feed.
   * @default 10
   */
  readonly connections?: number
  /**
   * How long a connection, a lock or an answer is waited for before a verb throws `StoreUnavailable`.
   * @default '5s'
   */
  readonly patience?: Duration
}

export const DEFAULTS = { schema: 'sallyport', connections: 10, patience: '5s' } as const satisfies PostgresOptions

/** A few milliseconds on the server each. */
const BATCH = 200

/**
 * A store in a PostgreSQL database (version 14 or newer), for any number of nodes. What a verb answered survives the end of the
 * server as its settings say; an ending is never answered before it is on the server's disk.
 *
 * `open()` brings the schema up to date. It throws `ConfigurationError` when it is none of ours, or of a newer version, or when the
 * user may not. Before it, and after `close()`, every verb throws `StoreUnavailable`. Not through a pooler that shares connections between
 * transactions: the feed listens on its own.
 * @param url `postgres://user:password@host:5432/database`, with `sslmode` and what else `pg` knows
 */
export function postgres(url: string, options: PostgresOptions = {}): Store {
  const { schema, connections } = { ...DEFAULTS, ...options }
  const patience = milliseconds(options.patience ?? DEFAULTS.patience, 'postgres() patience')
  const settings = settingsOf(url, { schema, connections, patience })
  const driver = postgresDriver(settings)
  const { into, ports, open, close } = entrance(settings.where)
  const feed = sqlFeed(driver)
  const source: Source = {
    name: 'postgres',
    feed: { ...into(feed), onAppend: feed.onAppend },
    batch: BATCH,
    connections: driver.connections,
    ...into({ ping: driver.ping, turn: turns(driver) }),
    open: () => open(driver.open),
    close: () => close(driver.close),
  }
  return ports(sqlStore(driver, source))
}
