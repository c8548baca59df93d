import { ok, type Result, refused } from '../result.ts'

/** The fields of a form, each once. */
export type Form = ReadonlyMap<string, string>

const MAX_FIELDS = 40

const MALFORMED = refused({ code: 'invalid_request' })

/** Whether the body is what an HTML form sends. */
export function isForm(contentType: string | null): boolean {
  return (
    contentType !== null &&
    /^application\/x-www-form-urlencoded(?:[ \t]*;[ \t]*charset=(?:utf-8|"utf-8"))?$/i.test(contentType.trim())
  )
}

/**
 * The pairs of `application/x-www-form-urlencoded` text (URL standard, section 5.1), or a refusal: each name at most once
 * (a second `password` would be read differently by the next reader, ER-05), and only what decodes to valid Unicode (PW-04).
 */
export function parseForm(text: string): Result<Form> {
  const form = new Map<string, string>()
  for (const pair of text === '' ? [] : text.split('&', MAX_FIELDS + 1)) {
    const equals = pair.indexOf('=')
    const name = formText(equals === -1 ? pair : pair.slice(0, equals))
    const value = formText(equals === -1 ? '' : pair.slice(equals + 1))
    if (name === null || value === null || form.has(name) || form.size === MAX_FIELDS) return MALFORMED
    form.set(name, value)
  }
  return ok(form)
}

/** What one name or value of a form says. Null when it is no UTF-8, or an escape is none. */
export function formText(text: string): string | null {
  try {
    const value = decodeURIComponent(text.replaceAll('+', ' '))
    return value.isWellFormed() ? value : null
  } catch {
    return null
  }
}
