import type { z } from 'zod'
import type { FieldError } from '../errors.ts'
import { ok, type Result, refused } from '../result.ts'

type Issue = z.core.$ZodIssue

/** Names that can be told back: nothing in them means anything anywhere. */
const PLAIN_NAME = /^[A-Za-z][A-Za-z0-9_]{0,39}$/

/** Judges input by its schema. What is wrong is said in words of ours; no value is repeated (ER-07). */
export function judged<T>(schema: z.ZodType<T>, value: unknown): Result<T> {
  const result = schema.safeParse(value)
  if (result.success) return ok(result.data)
  return refused({ code: 'invalid_request', errors: result.error.issues.flatMap((issue) => errorsOf(issue, value)) })
}

/** The query as an object of strings. A name that stands twice is refused: readers differ in which one they believe (ER-05). */
export function readQuery(params: URLSearchParams): Result<Readonly<Record<string, string>>> {
  const query: Record<string, string> = Object.create(null)
  for (const [name, value] of params) {
    if (Object.hasOwn(query, name)) return refused({ code: 'invalid_request', errors: [fieldError(name, 'duplicate')] })
    query[name] = value
  }
  return ok({ ...query })
}

const DETAILS = {
  required: 'Is missing',
  type: 'Has another type than asked for',
  unknown: 'There is no such field',
  duplicate: 'Stands there more than once',
  too_long: 'Is too long or too large',
  too_short: 'Is too short or too small',
  invalid: 'Is not one of the values allowed',
} as const

function errorsOf(issue: Issue, input: unknown): readonly FieldError[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => fieldError([...issue.path, key], 'unknown'))
  return [fieldError(issue.path, codeOf(issue, input))]
}

function codeOf(issue: Issue, input: unknown): keyof typeof DETAILS {
  const missing = valueAt(input, issue.path) === undefined
  if (missing) return 'required'
  if (issue.code === 'invalid_type') return 'type'
  if (issue.code === 'too_big') return 'too_long'
  return issue.code === 'too_small' ? 'too_short' : 'invalid'
}

function fieldError(path: string | readonly PropertyKey[], code: keyof typeof DETAILS): FieldError {
  const names = typeof path === 'string' ? [path] : path.map(String)
  const told = names.every((name) => PLAIN_NAME.test(name) || /^\d{1,4}$/.test(name))
  return { path: told ? names.join('.') : '', code, detail: DETAILS[code] }
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Record<PropertyKey, unknown>)[key]
  }
  return value
}
