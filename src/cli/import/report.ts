import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { FailureError } from '../failure.ts'

/** Where it is said of each record that was refused which line it is and why: a line of JSON each. */
export type Report = {
  add(line: number, why: string): void
  /** Bytes so far. */
  length(): number
  close(): void
}

/**
 * A file that begins with the first `length` bytes of what it was: what came behind belongs to what is done anew. It is made with the first line.
 * @throws FailureError when it cannot be written
 */
export function reportFile(path: string, length: number): Report {
  let file: number | null = length > 0 ? opened(path, length) : null
  let written = length
  return {
    add(line, why) {
      file ??= opened(path, 0)
      written += writeSync(file, `${JSON.stringify({ line, why })}\n`, written)
    },
    length: () => written,
    close() {
      if (file !== null) closeSync(file)
    },
  }
}

/** For an import from a pipe: on the error stream. */
export function reportTo(write: (line: string) => void): Report {
  return { add: (line, why) => write(`line ${line}: ${why}`), length: () => 0, close() {} }
}

function opened(path: string, length: number): number {
  try {
    const file = openSync(path, length > 0 ? 'r+' : 'w', 0o600)
    ftruncateSync(file, length)
    return file
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown fault'
    throw new FailureError(`${path} cannot be written (${code}): name another place for what is refused with --report`)
  }
}
