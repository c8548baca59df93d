import { closeSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { ConfigurationError } from '../../../errors.ts'

/**
 * Makes the file, readable and writable by its owner alone, unless it is there; SQLite gives the files beside it the
 * same rights. One that is there is not touched: closing it again would drop the locks this process holds on it
 * (https://sqlite.org/howtocorrupt.html, section 2.2).
 * @throws ConfigurationError when the folder is missing, or is not one to write in.
 */
export function createFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : null
    if (code === 'EEXIST') return
    const remedy =
      code === 'ENOENT' || code === 'ENOTDIR'
        ? `make the folder ${dirname(path)} first`
        : `give this process the right to write the folder ${dirname(path)}`
    throw new ConfigurationError(`${path} cannot be made (${String(code)}): ${remedy}`, { cause })
  }
}

/**
 * Tells whether the path still leads to the file it leads to now; not, when that cannot be told. A process that went on
 * with one that somebody has moved or replaced would not see what others end in the new one.
 */
export function identity(path: string): () => boolean {
  const before = statSync(path)
  return () => {
    try {
      const now = statSync(path)
      return now.ino === before.ino && now.dev === before.dev
    } catch {
      return false
    }
  }
}
