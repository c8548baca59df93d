import { resolve } from 'node:path'
import { ConfigurationError, StoreUnavailable } from '../../../errors.ts'
import { type Channel, type Dialect, type Driver, one, run, type Value } from '../driver.ts'
import { faultOf, isBusy, openingFault } from './errors.ts'
import { createFile } from './file.ts'
import { connect, disconnect, type Open } from './open.ts'
import { patiently } from './patience.ts'
import { sqliteWatch } from './watch.ts'

export type SqliteDriver = Driver & {
  /** To be called once, and again after `close`. */
  open(): Promise<void>
  /** Resolves when the file answered. */
  ping(): Promise<void>
  close(): Promise<void>
}

/** While another process brings the schema up to date nobody can begin, and with many rows that takes its time. Milliseconds. */
const OPENING = 60_000

const DIALECT: Dialect = {
  greatest: 'max',
  least: 'min',
  among: (column) => `${column} IN (SELECT value FROM json_each(?))`,
  without: (column, member) => `json_remove(${column}, '$.${member}')`,
  elements: 'json_each(?)',
  ofEach: (table, key, query) => `json_each(?) AS each JOIN ${table} AS own ON own.${key} IN (SELECT ${key} ${query})`,
  found: (column, query) => `${column} IN (${query})`,
  locking: '',
  waiting: '',
  skipping: '',
  identity: `''`,
}

/**
 * SQLite as a driver. It answers synchronously, so that a verb is never in the middle of another; what it waits for is
 * the disk, and other processes.
 * @param patience milliseconds for which a verb tries again while another process has the lock.
 */
export function sqliteDriver(file: string, patience: number): SqliteDriver {
  if (file === '' || file === ':memory:') {
    throw new ConfigurationError(
      `sqlite(${JSON.stringify(file)}) names no file: write sqlite('auth.db'), or use memory()`,
    )
  }
  const path = resolve(file)
  let open: Open | null = null
  let moved: StoreUnavailable | null = null

  function current(): Open {
    if (moved) throw moved
    if (!open) throw new StoreUnavailable(`${path} is not open: call open() on the source of the store first`)
    return open
  }

  /** @throws StoreUnavailable when the file is not the one it was, now and at every later call. */
  function same(): Open {
    const now = current()
    if (now.isSame()) return now
    moved = new StoreUnavailable(`${path} was moved or replaced while in use: restart every process that uses it`)
    throw moved
  }

  function version(): number | null {
    const { following, feed } = same()
    try {
      const row = following.one('PRAGMA data_version', []) as { readonly data_version: number }
      return row.data_version + feed.commits()
    } catch (error) {
      if (isBusy(error)) return null
      throw faultOf(error)
    }
  }

  const watch = sqliteWatch(version, (sql) => current().following.one(sql, []))

  async function begin(): Promise<void> {
    createFile(path)
    const committed = (announced: boolean) => {
      if (announced) watch.look()
    }
    open = await patiently(
      Math.max(patience, OPENING),
      () => connect(path, patience, committed),
      (error) => openingFault(error, path),
    )
    moved = null
    watch.start()
  }

  const write: Driver['write'] = async (work) => await current().main.write(work)

  const feed: Channel = {
    all: <R>(sql: string, ...values: Value[]) =>
      patiently(patience, () => current().following.all(sql, values) as readonly R[]),
    run: async (sql, ...values) => await current().feed.write(() => run(sql, ...values)),
    change: async <R>(sql: string, ...values: Value[]) => await current().feed.write(() => one<R>(sql, ...values)),
    version,
    watch: watch.watch,
  }

  return {
    dialect: DIALECT,
    one: <R>(sql: string, ...values: Value[]) =>
      patiently(patience, () => current().reading.one(sql, values) as R | undefined),
    all: <R>(sql: string, ...values: Value[]) =>
      patiently(patience, () => current().reading.all(sql, values) as readonly R[]),
    write,
    lightly: async (work) => await current().feed.write(work),
    run: (sql, ...values) => write(() => run(sql, ...values)),
    change: <R>(sql: string, ...values: Value[]) => write(() => one<R>(sql, ...values)),
    feed,
    open: begin,
    async ping() {
      await patiently(patience, () => same().reading.one('SELECT everyone FROM installation', []))
    },
    async close() {
      const was = open
      if (!was) return
      watch.stop()
      open = null
      await Promise.all([was.main.idle(), was.feed.idle()])
      disconnect(was)
    },
  }
}
