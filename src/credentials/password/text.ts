import type { Code, Refusal } from '../../errors.ts'
import { ok, type Result, refused } from '../../result.ts'

/**
 * A password in the one form that is hashed and compared: NFC (never NFKC: a ligature is not its letters), complete,
 * otherwise as typed. `passwordText` alone makes one (NIST SP 800-63B-4 section 3.1.1.2, PW-03, PW-04).
 */
export type PasswordText = string & { readonly __text: 'password' }

/** The longest password, bytes of UTF-8 after NFC (PW-02). */
export const MAX_BYTES = 1024

/** No four UTF-16 units become fewer than one byte by NFC, so whatever is longer than this is too long in any form. */
const MAX_UNITS = 4 * MAX_BYTES

/**
 * Reads a password as it came in. Work is bounded by the limit, not by the input. `path` names the field in the
 * refusal.
 *
 * Refusals: `password_too_long`; `invalid_request` when it is no Unicode text (a lone surrogate), because every such
 * text has the same UTF-8 and would open the same door.
 */
export function passwordText(password: string, path = 'password'): Result<PasswordText> {
  if (password.length > MAX_UNITS) return refused(tooLong(path))
  if (!password.isWellFormed()) return refused(fieldRefusal('invalid_request', path, 'is not well-formed Unicode text'))
  const text = password.normalize('NFC')
  return new TextEncoder().encode(text).length > MAX_BYTES ? refused(tooLong(path)) : ok(text as PasswordText)
}

/** A refusal about one field, with the same code on the field. `detail` continues a sentence that begins with the field's name. */
export function fieldRefusal(code: Code, path: string, detail: string): Refusal {
  return { code, errors: [{ path, code, detail }] }
}

function tooLong(path: string): Refusal {
  return fieldRefusal('password_too_long', path, `is longer than ${MAX_BYTES} bytes`)
}
