import { StoreUnavailable } from '../../errors.ts'

/** What a column of JSON text holds. A text that is none is a fault of the store, and nobody is let in on it (ER-02). */
export function parse<T>(text: string): T {
  try {
    return JSON.parse(text) as T
  } catch {
    // Without the cause: the parser's message quotes what it could not read.
    throw new StoreUnavailable('a stored value is not readable JSON')
  }
}

/** As JSON that every database takes: one that knows no NUL, or nothing but Unicode, has another character there, which finds nothing. */
export function text(value: unknown): string {
  return JSON.stringify(value, (_, part) =>
    typeof part === 'string' ? part.replaceAll('\0', '\ufffd').toWellFormed() : part,
  )
}
