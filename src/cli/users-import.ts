import { readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { systemClock } from '../index.ts'
import { FailureError, UsageError } from './failure.ts'
import { type Columns, MEMBERS, type Member, ORIGINS, type Origin } from './import/columns.ts'
import { openInput } from './import/input.ts'
import type { FirebaseConfig } from './import/person.ts'
import { reportTo } from './import/report.ts'
import { type Done, importAll } from './import/run.ts'
import { sumOf } from './import/tally.ts'
import { print } from './output.ts'
import { lasting, number, progress } from './progress.ts'
import { codeOf } from './signals.ts'
import { withAuth } from './with-auth.ts'

export type ImportFlags = {
  readonly format?: 'csv' | 'jsonl'
  readonly from: Origin
  readonly column?: readonly string[]
  readonly role?: readonly string[]
  readonly hashConfig?: string
  readonly onDuplicate: 'skip' | 'fail'
  readonly maxErrors: number
  readonly dryRun?: boolean
  readonly report?: string
  readonly progress?: string
  readonly restart?: boolean
  readonly json?: boolean
}

/** `users import`. */
export async function importUsers(path: string, flags: ImportFlags): Promise<void> {
  const format = flags.format ?? formatOf(path)
  const { from, dryRun = false, json } = flags
  const reading = { columns: columnsOf(flags), firebase: firebaseOf(flags), roles: flags.role ?? null }
  const isPiped = path === '-'
  const input = openInput(path)
  const reportPath = flags.report ?? (isPiped ? null : `${path}.refused.jsonl`)
  let signal: NodeJS.Signals | null = null
  const interrupted = (which: NodeJS.Signals) => {
    signal = which
  }
  await withAuth(
    async (auth, { database }) => {
      const shown = progress('users')
      const began = systemClock.monotonic()
      const done = await importAll(auth, {
        ...{ input, format, reading, dryRun, onDuplicate: flags.onDuplicate, maxErrors: flags.maxErrors },
        checkpoint: dryRun ? null : (flags.progress ?? (isPiped ? null : `${path}.progress`)),
        restart: flags.restart ?? false,
        name: JSON.stringify({ into: database.where, format, from, columns: reading.columns, roles: reading.roles }),
        report: reportPath ?? reportTo((line) => console.error(line)),
        at: (bytes, records) => shown.at(bytes, input.size, records),
        isStopping: () => signal !== null,
      }).finally(() => shown.end())
      const seconds = (systemClock.monotonic() - began) / 1000
      const found = {
        ...done.tally,
        dryRun,
        resumed: done.resumed,
        stoppedAt: done.stoppedAt,
        seconds: Math.round(seconds * 10) / 10,
      }
      const report = done.tally.refused > 0 ? reportPath : null
      print(json, { ...found, report }, () => told(done, seconds, dryRun))
      if (signal && done.stoppedAt !== null) {
        console.error(
          `sallyport: stopped before line ${done.stoppedAt}: ${isPiped && !flags.progress ? 'begin again' : 'the same command goes on from there'}`,
        )
        process.exitCode = codeOf(signal)
      } else if (done.tally.refused > 0) {
        const what =
          done.tally.refused === 1 ? 'a record was refused' : `${number(done.tally.refused)} records were refused`
        console.error(
          `sallyport: ${what}: ${reportPath ? `see ${reportPath}` : 'see above'}, correct them and import them again`,
        )
        process.exitCode = 1
      }
    },
    { interrupted },
  )
}

function told({ tally, resumed }: Done, seconds: number, dryRun: boolean): string {
  const { made, present, refused, withoutPassword, kinds } = tally
  const lines = [
    `${number(made)} ${made === 1 ? 'user' : 'users'} ${dryRun ? 'would be made' : 'made'}, ${number(present)} there already, ${number(refused)} refused`,
  ]
  if (withoutPassword > 0)
    lines.push(`${number(withoutPassword)} of them have no password yet, and cannot sign in before they have`)
  if (!resumed && seconds >= 1) lines.push(`${lasting(seconds)}, ${number(sumOf(tally) / seconds)} users a second`)
  const known = Object.keys(kinds)
  if (known.length > 0 && !dryRun) {
    const list = known.map((kind) => `'${kind}'`).join(', ')
    lines.push(
      `so that the time a check takes does not tell who of them there is, write in the configuration: password: { imported: [${list}] }`,
    )
  }
  return lines.join('\n')
}

function formatOf(path: string): 'csv' | 'jsonl' {
  const ending = extname(path).toLowerCase()
  if (['.csv', '.tsv'].includes(ending)) return 'csv'
  if (['.jsonl', '.ndjson', '.json'].includes(ending)) return 'jsonl'
  throw new UsageError('the name of the file does not say what is in it: add --format csv or --format jsonl')
}

function columnsOf({ from, column = [] }: ImportFlags): Columns {
  const given = column.map((text) => {
    const [, member = '', name = ''] = /^([A-Za-z]+)=(.*)$/s.exec(text) ?? []
    if (!MEMBERS.includes(member as Member)) {
      throw new UsageError(
        `--column ${text}: write what it is and which column, as in email=mail; there are ${MEMBERS.join(', ')}`,
      )
    }
    return [member, name] as const
  })
  const all: Columns = { ...ORIGINS[from], ...Object.fromEntries(given) }
  return Object.fromEntries(Object.entries(all).filter(([, name]) => name !== ''))
}

function firebaseOf({ from, hashConfig }: ImportFlags): FirebaseConfig | null {
  if (hashConfig === undefined) {
    if (from !== 'firebase') return null
    throw new UsageError(
      'the hashes of Firebase need what its console shows as password hash parameters: put that into a file and add --hash-config <file>',
    )
  }
  const text = contents(hashConfig)
  const value = (name: string) => new RegExp(`${name}"?\\s*[:=]\\s*"?([A-Za-z0-9+/_=-]+)`).exec(text)?.[1]
  const [signerKey, saltSeparator = ''] = [value('base64_signer_key'), value('base64_salt_separator')]
  const [rounds, memoryCost] = [Number(value('rounds')), Number(value('mem_cost'))]
  if (signerKey === undefined || !Number.isInteger(rounds) || !Number.isInteger(memoryCost)) {
    throw new FailureError(
      `${hashConfig} lacks base64_signer_key, rounds or mem_cost: copy what the console shows as password hash parameters`,
    )
  }
  return { signerKey, saltSeparator, rounds, memoryCost }
}

function contents(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown fault'
    throw new FailureError(`${path} cannot be read (${code}): name a file that this user may read`)
  }
}
