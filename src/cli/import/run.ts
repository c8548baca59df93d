import type { Auth, Imported, ImportedUser } from '../../index.ts'
import { FailureError, failure } from '../failure.ts'
import { BY_CLI } from '../with-auth.ts'
import { readCheckpoint, removeCheckpoint, writeCheckpoint } from './checkpoint.ts'
import { after, type Input } from './input.ts'
import type { Reading } from './person.ts'
import { type FileRecord, recordsOf, textOf } from './records.ts'
import { type Report, reportFile } from './report.ts'
import { csvRows, jsonRows, type Row, type Rows } from './rows.ts'
import { NOTHING, sumOf, type Tally, withMade } from './tally.ts'

export type Task = {
  readonly input: Input
  readonly format: 'csv' | 'jsonl'
  readonly reading: Reading
  readonly dryRun: boolean
  readonly onDuplicate: 'skip' | 'fail'
  readonly maxErrors: number
  /** Where it is kept how far this has come; null for nowhere. */
  readonly checkpoint: string | null
  readonly restart: boolean
  /** What the checkpoint has to have been made for. */
  readonly name: string
  /** The file of what is refused, or what takes its place. */
  readonly report: string | Report
  /** Called after each batch. */
  at(bytes: number, records: number): void
  /** Whether to stop after the batch that is under way. */
  isStopping(): boolean
}

export type Done = {
  readonly tally: Tally
  /** Whether an earlier run was gone on with. */
  readonly resumed: boolean
  /** Null when everything was read; else the number of the line to go on with. */
  readonly stoppedAt: number | null
}

/** Accounts in one transaction: a fraction of a second also where another process waits for the lock meanwhile. */
const BATCH = 500

/** Reads the input to its end, and makes the accounts in it. What is done is done: it can be ended at any time, and gone on with. */
export async function importAll(auth: Auth, task: Task): Promise<Done> {
  const { checkpoint: path, input, format, reading } = task
  const before = path === null || task.restart ? null : readCheckpoint(path)
  if (before && before.task !== task.name) {
    const what = `${path} is of an import with other options, or into another database`
    throw new FailureError(
      `${what}: give it the same ones, or add --restart to begin anew (who was made already stays)`,
    )
  }
  const { rest, read } = await after(input, before)
  const seed = before?.seed ?? randomSeed()
  const report = typeof task.report === 'string' ? reportFile(task.report, before?.reported ?? 0) : task.report
  const records = recordsOf(rest, format, before?.line ?? 1)
  let [tally, offset, line] = [before?.tally ?? NOTHING, before?.offset ?? 0, before?.line ?? 1]
  let header = before?.header ?? ''
  let rowsOf: Rows | null = format === 'jsonl' ? jsonRows(reading) : header === '' ? null : csvRows(header, reading)
  let isRepeated = before !== null
  try {
    for (let more = true; more && !task.isStopping(); ) {
      const batch = await take(records, BATCH)
      more = batch.length === BATCH
      const [first] = batch
      if (!rowsOf && first) {
        header = textOf(first.bytes) ?? ''
        rowsOf = csvRows(header, reading)
      }
      const rows = batch.slice(header !== '' && line === 1 ? 1 : 0).flatMap((record) => rowsOf?.(record) ?? [])
      tally = await carryOut(auth, task, { rows, seed, isRepeated, report }, tally)
      isRepeated = false
      for (const { bytes } of batch) offset += bytes.length
      await read.add(Buffer.concat(batch.map(({ bytes }) => bytes)))
      line = nextLine(batch, line)
      const standing = { task: task.name, offset, line, seed, tally, header, reported: report.length() }
      if (path !== null) writeCheckpoint(path, { form: 1, ...standing, fingerprint: await read.value() })
      task.at(offset, sumOf(tally))
      if (tally.refused >= task.maxErrors) throw tooMany(tally.refused, line, task.report)
      if (!more && path !== null) removeCheckpoint(path)
      if (!more) return { tally, resumed: before !== null, stoppedAt: null }
    }
    return { tally, resumed: before !== null, stoppedAt: line }
  } finally {
    report.close()
  }
}

type Batch = {
  readonly rows: readonly Row[]
  readonly seed: string
  readonly isRepeated: boolean
  readonly report: Report
}

async function carryOut(
  auth: Auth,
  task: Task,
  { rows, seed, isRepeated, report }: Batch,
  before: Tally,
): Promise<Tally> {
  const people = rows.flatMap((row) => ('person' in row ? [row] : []))
  const named = await Promise.all(
    people.map(async ({ line, person }) => ({ ...person, id: person.id ?? (await idOf(seed, line, person)) })),
  )
  const outcomes = await auth.users.import(named, { dryRun: task.dryRun, context: BY_CLI })
  const answers = outcomes.values()
  let tally = before
  for (const row of rows) {
    if ('why' in row) {
      report.add(row.line, row.why)
      tally = { ...tally, refused: tally.refused + 1 }
      continue
    }
    const outcome = answers.next().value as Imported
    // Made by this import, just before it was cut short.
    const isOwn = outcome.outcome === 'present' && (isRepeated || row.person.id === undefined)
    if (outcome.outcome === 'made' || (outcome.outcome === 'present' && isOwn)) tally = withMade(tally, outcome.kind)
    else if (outcome.outcome === 'refused') {
      report.add(row.line, failure(outcome.refusal).message)
      tally = { ...tally, refused: tally.refused + 1 }
    } else {
      if (task.onDuplicate === 'fail') throw inUse(row.line)
      tally = { ...tally, present: tally.present + 1 }
    }
  }
  return tally
}

async function take(records: AsyncGenerator<FileRecord>, most: number): Promise<readonly FileRecord[]> {
  const taken: FileRecord[] = []
  while (taken.length < most) {
    const next = await records.next()
    if (next.done) break
    taken.push(next.value)
  }
  return taken
}

/** As many lines further as the last record has line ends. */
function nextLine(batch: readonly FileRecord[], line: number): number {
  const last = batch.at(-1)
  return last ? last.line + last.bytes.reduce((lines, byte) => lines + (byte === 0x0a ? 1 : 0), 0) : line
}

/** 16 bytes that nobody can foresee who has not the seed, for one address in one line always the same. */
async function idOf(seed: string, line: number, { email }: ImportedUser): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${seed}\n${line}\n${email}`))
  return Buffer.from(digest, 0, 16).toString('base64url')
}

function randomSeed(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url')
}

function tooMany(refused: number, line: number, report: Task['report']): FailureError {
  const where = typeof report === 'string' ? `, as ${report} says` : ''
  const what = `stopped before line ${line}: ${refused === 1 ? 'a record was' : `${refused} records were`} refused${where}`
  return new FailureError(`${what}: correct them and add --restart, or go on with a higher --max-errors`)
}

function inUse(line: number): FailureError {
  return new FailureError(
    `line ${line}: the address is in use already: take the line out, or write --on-duplicate skip`,
  )
}
