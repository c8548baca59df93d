import type { ImportedUser } from '../../index.ts'
import { FailureError } from '../failure.ts'
import { delimiterOf, fieldsOf } from './csv.ts'
import { personOf, type Reading } from './person.ts'
import { type FileRecord, textOf } from './records.ts'
import { parsed } from './values.ts'

/** A record as an account, or why it is none. Null for an empty line. */
export type Row =
  | { readonly line: number; readonly person: ImportedUser }
  | { readonly line: number; readonly why: string }

export type Rows = (record: FileRecord) => Row | null

/**
 * Reads records of CSV, by the first line of the file.
 * @throws FailureError when that names no column for the address
 */
export function csvRows(header: string, reading: Reading): Rows {
  const delimiter = delimiterOf(header)
  const names = fieldsOf(header, delimiter)?.map((name) => name.trim()) ?? []
  const email = reading.columns.email ?? 'email'
  if (!names.includes(email)) {
    const what = `the first line names no column ${email}`
    throw new FailureError(
      `${what}: write the names of the columns there, or say which one it is with --column email=…`,
    )
  }
  return rows(reading, (text) => {
    const fields = fieldsOf(text, delimiter)
    if (!fields) return 'has a quote where none can be: put the field in quotes, and double those inside'
    if (fields.length !== names.length) return `has ${fields.length} fields, and the first line ${names.length}`
    return Object.fromEntries(names.map((name, i) => [name, fields[i]]))
  })
}

/** Reads records of JSON, an object in each line. @throws FailureError when the file is one object or list over many lines. */
export function jsonRows(reading: Reading): Rows {
  return rows(reading, (text, line) => {
    const value = parsed(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
    if (line === 1 && /^\s*[[{]/.test(text)) {
      const what = 'the file is one JSON document, and not one object in each line'
      throw new FailureError(`${what}: write it so with jq -c '.[]' or jq -c '.users[]'`)
    }
    return 'is no JSON object'
  })
}

function rows(reading: Reading, read: (text: string, line: number) => Record<string, unknown> | string): Rows {
  return ({ bytes, line }) => {
    const text = textOf(bytes)
    if (text === null) return { line, why: 'is not UTF-8' }
    if (text.trim() === '') return null
    const record = read(text, line)
    if (typeof record === 'string') return { line, why: record }
    const person = personOf(record, reading)
    return 'why' in person ? { line, why: person.why } : { line, person }
  }
}
