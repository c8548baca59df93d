import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { FailureError } from '../failure.ts'
import type { Tally } from './tally.ts'

/** How far an import has come: what a later run needs to go on from there. Nothing of any person is in it. */
export type Checkpoint = {
  readonly form: 1
  /** What was asked for, and where to: another import has another. */
  readonly task: string
  /** Bytes that are done with, what they were, and the number of the next line. */
  readonly offset: number
  readonly fingerprint: string
  readonly line: number
  /** The first line of a file of CSV. */
  readonly header: string
  /** What ids are drawn from, so that an account which was made just before the end is known again. */
  readonly seed: string
  readonly tally: Tally
  /** How much of the report belongs to it, bytes. */
  readonly reported: number
}

/** The one there is; null for none. @throws FailureError when it is none of ours. */
export function readCheckpoint(path: string): Checkpoint | null {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (fault) {
    if (fault instanceof Error && 'code' in fault && fault.code === 'ENOENT') return null
    throw new FailureError(`${path} cannot be read: name another with --progress`)
  }
  try {
    const found = JSON.parse(text)
    if (found.form === 1) return found
  } catch {}
  throw new FailureError(`${path} is not the progress of an import: name another with --progress, or add --restart`)
}

/** Written whole beside it first, and on the disk when it returns: what is there is one that was true. */
export function writeCheckpoint(path: string, checkpoint: Checkpoint): void {
  const draft = `${path}.${process.pid}`
  try {
    const file = openSync(draft, 'w', 0o600)
    try {
      writeSync(file, `${JSON.stringify(checkpoint)}\n`)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(draft, path)
  } catch (cause) {
    rmSync(draft, { force: true })
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown fault'
    throw new FailureError(`${path} cannot be written (${code}): name a place that can be with --progress`)
  }
}

export function removeCheckpoint(path: string): void {
  rmSync(path, { force: true })
}
