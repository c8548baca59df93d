import { resolve } from 'node:path'
import { type Duration, milliseconds } from '../../duration.ts'
import type { Store } from '../../store.ts'
import { inBackground } from './sqlite/background.ts'
import { sqliteStore } from './sqlite/store.ts'
import { sqliteThread } from './sqlite/thread.ts'

/** What `sqlite()` may be told besides the file. */
export type SqliteOptions = {
  /**
   * How long a verb tries again while another process has the lock, before it throws `StoreUnavailable`; a minute at least when opening.
   * @default '5s'
   */
  readonly patience?: Duration
}

const DEFAULTS = { patience: '5s' } as const satisfies SqliteOptions

/**
 * A store in one SQLite file on a local disk. Several processes of one machine may use it; each sees within 25 ms what
 * the others end. What a verb answered survives the end of the process and a loss of power.
 *
 * `open()` makes the file, for its owner's eyes only, and brings its schema up to date. It throws `ConfigurationError`
 * when the file is none of ours, is of a newer version, or cannot be written. Before it, and after `close()`, every verb
 * throws `StoreUnavailable`.
 * @param file path of the file; its folder has to exist.
 */
export function sqlite(file: string, options: SqliteOptions = {}): Store {
  const patience = milliseconds(options.patience ?? DEFAULTS.patience, 'sqlite() patience')
  return inBackground(sqliteStore(file, patience), sqliteThread(file, patience), resolve(file))
}
