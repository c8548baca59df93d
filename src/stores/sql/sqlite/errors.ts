import { ConfigurationError, StoreUnavailable } from '../../../errors.ts'

/** Primary result codes of SQLite (https://sqlite.org/rescode.html). */
const [BUSY, LOCKED, READONLY, CANTOPEN, NOTADB] = [5, 6, 8, 14, 26]

/** Somebody else has the lock: trying again makes sense. */
export function isBusy(error: unknown): boolean {
  const code = codeOf(error)
  return code === BUSY || code === LOCKED
}

/** What a caller of the store is told. Anything that does not come from SQLite is a fault of ours and stays as it is. */
export function faultOf(error: unknown): unknown {
  if (codeOf(error) === null) return error
  const said = isBusy(error) ? 'another process holds the SQLite database' : 'the SQLite database failed'
  return new StoreUnavailable(said, { cause: error })
}

/** What whoever starts the program is told, when the file is not one that can be used. */
export function openingFault(error: unknown, file: string): unknown {
  const code = codeOf(error)
  const because = { cause: error }
  if (code === NOTADB) {
    return new ConfigurationError(
      `${file} is not an SQLite database: name another file, or move this one away`,
      because,
    )
  }
  if (code === READONLY || code === CANTOPEN) {
    const remedy = 'give this process the right to write the file and its folder'
    return new ConfigurationError(`${file} cannot be opened for writing: ${remedy}`, because)
  }
  return faultOf(error)
}

/** SQLite's primary result code; 0 when the connection is closed; null when the error is not SQLite's. */
function codeOf(error: unknown): number | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  if (error.code === 'ERR_INVALID_STATE') return 0
  if (error.code !== 'ERR_SQLITE_ERROR') return null
  return 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : 0
}
