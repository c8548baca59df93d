import { ConfigurationError } from '../../../errors.ts'
import { type Connection, connection } from './connection.ts'
import { identity } from './file.ts'
import { isNew, migrate } from './migrate.ts'
import { type Writer, writer } from './writer.ts'

/** The connections to a file that is open, each for one purpose. */
export type Open = {
  readonly writing: Connection
  readonly reading: Connection
  /** The feed's own. */
  readonly following: Connection
  readonly main: Writer
  readonly feed: Writer
  /** Whether the path still leads to the file that was opened. */
  readonly isSame: () => boolean
}

/**
 * A commit is answered when the disk has it, on macOS the disk's own cache too: an ending survives a loss of power
 * (https://sqlite.org/pragma.html#pragma_synchronous).
 */
const DURABLE = ['synchronous = FULL', 'fullfsync = ON', 'checkpoint_fullfsync = ON']
/** What is acknowledged in the feed may be lost with the machine: every node is lost with it. */
const QUICK = ['synchronous = NORMAL']
const READ_ONLY = ['query_only = ON', 'cache_size = -16384']
/** The log beside the file is cut to this after it was large. Bytes. */
const EVERY = ['trusted_schema = OFF', 'journal_size_limit = 16777216']

/** @throws ConfigurationError when the file cannot serve; what SQLite throws otherwise. Leaves nothing open then. */
export function connect(path: string, patience: number, committed: (announced: boolean) => void): Open {
  const opened: Connection[] = []
  const another = (...pragmas: readonly string[]) => {
    const made = connection(path, ...EVERY, ...pragmas)
    opened.push(made)
    return made
  }
  try {
    const writing = another(...DURABLE)
    isNew(writing, path)
    const { journal_mode } = writing.one('PRAGMA journal_mode = WAL', []) as { readonly journal_mode: string }
    if (journal_mode !== 'wal') {
      throw new ConfigurationError(`${path} is on a file system that cannot share a log: put it on a local disk`)
    }
    migrate(writing, path)
    const reading = another(...READ_ONLY)
    const following = another(...QUICK)
    return {
      writing,
      reading,
      following,
      main: writer(writing, patience, committed),
      feed: writer(following, patience, committed),
      isSame: identity(path),
    }
  } catch (error) {
    for (const made of opened) made.close()
    throw error
  }
}

/** To be called once nothing is under way. Brings the log back into the file, unless another process still reads it. */
export function disconnect({ writing, reading, following }: Open): void {
  reading.close()
  following.close()
  try {
    writing.script('PRAGMA wal_checkpoint(TRUNCATE)')
  } catch {
    // Whoever opens the file next does it.
  }
  writing.close()
}
