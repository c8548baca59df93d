import { FailureError } from '../failure.ts'

/** One record of a file: a line, or several where a quoted field of CSV has line ends in it. */
export type FileRecord = {
  /** With the line end. */
  readonly bytes: Uint8Array
  /** Number of its first line, from 1. */
  readonly line: number
}

/** A record that is longer is none: a quote was left open, or it is another kind of file. */
const LONGEST = 1_048_576

const [LINE_FEED, QUOTE] = [0x0a, 0x22]

/** Cuts a stream of bytes into records, holding no more than one and what came with its end. `line` is the number of the first. */
export async function* recordsOf(
  chunks: AsyncIterable<Uint8Array>,
  format: 'csv' | 'jsonl',
  line = 1,
): AsyncGenerator<FileRecord> {
  let kept: Uint8Array = new Uint8Array()
  let isQuoted = false
  let [first, lines] = [line, 0]
  for await (const chunk of chunks) {
    const bytes = kept.length === 0 ? chunk : Buffer.concat([kept, chunk])
    let start = 0
    for (let at = kept.length; at < bytes.length; at += 1) {
      const byte = bytes[at]
      if (byte === QUOTE && format === 'csv') isQuoted = !isQuoted
      if (byte !== LINE_FEED) continue
      lines += 1
      if (isQuoted) continue
      yield { bytes: bytes.subarray(start, at + 1), line: first }
      first += lines
      lines = 0
      start = at + 1
    }
    kept = bytes.subarray(start)
    if (kept.length > LONGEST) throw tooLong(first, isQuoted)
  }
  if (isQuoted) throw tooLong(first, true)
  if (kept.length > 0) yield { bytes: kept, line: first }
}

function tooLong(line: number, isQuoted: boolean): FailureError {
  if (isQuoted)
    return new FailureError(`line ${line}: a quote is opened and never closed: close it, or double it inside a field`)
  return new FailureError(`line ${line} is longer than 1 MiB: see whether this is a file of CSV or JSON lines`)
}

/** The text of a record without its line end; null when it is not UTF-8. */
export function textOf(bytes: Uint8Array): string | null {
  try {
    // The mark that some programs put at the start of a file is not part of the text.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r?\n$/, '')
  } catch {
    return null
  }
}
