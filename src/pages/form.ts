import { ok, type Result, refused } from '../result.ts'

/** The fields of a form, each once. */
export type Form = ReadonlyMap<string, string>

/** No form of ours comes near, bytes. */
const MAX_BYTES = 16_384
const MAX_FIELDS = 40

const MALFORMED = refused({ code: 'invalid_request' })
const TOO_LARGE = refused({ code: 'payload_too_large' })

/** Whether the body is what an HTML form sends. */
export function isForm(contentType: string | null): boolean {
  return (
    contentType !== null &&
    /^application\/x-www-form-urlencoded(?:[ \t]*;[ \t]*charset=(?:utf-8|"utf-8"))?$/i.test(contentType.trim())
  )
}

/**
 * Reads a form strictly: bounded before it is taken in, each name at most once (a second `password` would be read
 * differently by the next reader, ER-05), and only what decodes to valid Unicode (PW-04).
 */
export async function readForm(request: Request): Promise<Result<Form>> {
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BYTES) return TOO_LARGE
  const bytes = await bounded(request.body).catch(() => undefined)
  if (bytes === null) return TOO_LARGE
  const text = bytes === undefined ? null : utf8(bytes)
  return text === null ? MALFORMED : parseForm(text)
}

/** The pairs of `application/x-www-form-urlencoded` text (URL standard, section 5.1), or a refusal. */
export function parseForm(text: string): Result<Form> {
  const form = new Map<string, string>()
  for (const pair of text === '' ? [] : text.split('&', MAX_FIELDS + 1)) {
    const equals = pair.indexOf('=')
    const name = decoded(equals === -1 ? pair : pair.slice(0, equals))
    const value = decoded(equals === -1 ? '' : pair.slice(equals + 1))
    if (name === null || value === null || form.has(name) || form.size === MAX_FIELDS) return MALFORMED
    form.set(name, value)
  }
  return ok(form)
}

/** Null when it is no UTF-8, or an escape is none. */
function decoded(text: string): string | null {
  try {
    const value = decodeURIComponent(text.replaceAll('+', ' '))
    return value.isWellFormed() ? value : null
  } catch {
    return null
  }
}

function utf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

/** The whole body; null as soon as it is too large. Rejects when the client breaks off. */
async function bounded(body: ReadableStream<Uint8Array> | null): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = []
  let length = 0
  if (body) {
    for await (const chunk of body) {
      length += chunk.byteLength
      if (length > MAX_BYTES) return null
      chunks.push(chunk)
    }
  }
  return Buffer.concat(chunks)
}
