import type { Refusal } from '../index.ts'

/** A command that was understood and refused or failed: one line on the error stream, exit code 1. */
export class FailureError extends Error {
  override readonly name = 'FailureError'
}

/** A command that was not understood: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** A refusal in one line: what was wrong with which input, else the code. */
export function failure(refusal: Refusal): FailureError {
  const fields = (refusal.errors ?? []).map(
    ({ path, detail }) => `${path}${/^\p{Ll}/u.test(detail) ? '' : ':'} ${detail}`,
  )
  const said = fields.length > 0 ? fields.join('; ') : refusal.detail
  return new FailureError(said === undefined ? (WORDS[refusal.code] ?? refusal.code) : `${refusal.code}: ${said}`)
}

const WORDS: Readonly<Record<string, string>> = {
  not_found: 'there is no such thing',
  email_taken: 'email_taken: the e-mail address is already in use',
  unavailable: 'unavailable: the database does not answer',
  overloaded: 'overloaded: too busy right now',
}
