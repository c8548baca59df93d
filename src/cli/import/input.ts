import { createReadStream, fstatSync, openSync } from 'node:fs'
import { FailureError } from '../failure.ts'
import { type Fingerprint, fingerprint } from './fingerprint.ts'

/** What is read: a file, or the standard input. */
export type Input = {
  /** For people. */
  readonly name: string
  /** Bytes; null when nobody knows. */
  readonly size: number | null
  readonly chunks: AsyncIterable<Uint8Array>
}

/** At a time, bytes. */
const CHUNK = 262_144

/** @throws FailureError when there is no such file */
export function openInput(path: string): Input {
  if (path === '-') return { name: 'the standard input', size: null, chunks: process.stdin }
  try {
    const fd = openSync(path, 'r')
    const stat = fstatSync(fd)
    if (stat.isDirectory()) throw new FailureError(`${path} is a folder: name a file in it`)
    return {
      name: path,
      size: stat.isFile() ? stat.size : null,
      chunks: createReadStream(path, { fd, highWaterMark: CHUNK }),
    }
  } catch (cause) {
    if (cause instanceof FailureError) throw cause
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown fault'
    throw new FailureError(
      `${path} cannot be read (${code}): name a file that this user may read, or - for the standard input`,
    )
  }
}

/**
 * What follows after so many bytes, and the fingerprint of those, to go on with.
 * @throws FailureError when these are not the bytes they were
 */
export async function after(
  { name, chunks }: Input,
  done: { readonly offset: number; readonly fingerprint: string; readonly line: number } | null,
): Promise<{ readonly rest: AsyncIterable<Uint8Array>; readonly read: Fingerprint }> {
  const read = fingerprint()
  const source = chunks[Symbol.asyncIterator]()
  let left = done?.offset ?? 0
  let first: Uint8Array | null = null
  while (left > 0) {
    const next = await source.next()
    if (next.done) break
    await read.add(next.value.subarray(0, left))
    if (next.value.length > left) first = next.value.subarray(left)
    left -= Math.min(left, next.value.length)
  }
  if (done && (left > 0 || (await read.value()) !== done.fingerprint)) {
    const what = `${name} has changed before line ${done.line}, where the last import stopped`
    throw new FailureError(
      `${what}: put it back as it was, or add --restart to begin anew (who was made already stays)`,
    )
  }
  async function* rest(): AsyncGenerator<Uint8Array> {
    if (first) yield first
    for (let next = await source.next(); !next.done; next = await source.next()) yield next.value
  }
  return { rest: rest(), read }
}
