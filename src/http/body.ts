import { ok, type Result, refused } from '../result.ts'
import { isForm, parseForm } from '../wire/form.ts'
import { JSON_LIMITS, type JsonLimits, parseJsonStrict } from '../wire/json.ts'

/** Two headers come joined by a comma and do not fit. */
const JSON_TYPE = /^application\/json(?:[ \t]*;[ \t]*charset=(?:utf-8|"utf-8"))?$/i

export const FORM_TYPE = 'application/x-www-form-urlencoded'

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

type Body = Readonly<Record<string, unknown>>

/**
 * The JSON object in a request's body; `{}` when there is none. Whatever a page can send to another origin without being
 * asked first is refused by its content type (CS-05), but where a `form` is what is asked for.
 */
export async function readBody(
  request: Request,
  form: boolean,
  limits: JsonLimits = JSON_LIMITS,
): Promise<Result<Body>> {
  // Text of that many bytes is never longer than the parser takes.
  const most = limits.length
  const declared = Number(request.headers.get('content-length') ?? 0)
  const bytes = declared > most ? 'too large' : await collect(request, most)
  if (bytes === 'broken') return refused({ code: 'invalid_request', detail: 'The body could not be read' })
  if (bytes !== 'too large' && bytes.length === 0) return ok({})
  const encoding = request.headers.get('content-encoding') ?? 'identity'
  const type = request.headers.get('content-type') ?? ''
  if (!(form ? isForm(type) : JSON_TYPE.test(type)) || encoding.toLowerCase() !== 'identity') {
    return refused({ code: 'unsupported_media_type', detail: `Send ${form ? FORM_TYPE : 'application/json'}` })
  }
  if (bytes === 'too large') return refused({ code: 'payload_too_large', detail: `At most ${most} bytes` })
  const text = decode(bytes)
  if (text === null) return refused({ code: 'invalid_request', detail: 'The body is not valid UTF-8' })
  if (form) return fieldsOf(text)
  const parsed = parseJsonStrict(text, limits)
  return parsed.ok ? ok(parsed.value) : refused({ code: 'invalid_request', detail: parsed.detail })
}

function fieldsOf(text: string): Result<Body> {
  const fields = parseForm(text)
  if (fields.ok) return ok(Object.fromEntries(fields.value))
  return refused({ code: 'invalid_request', detail: 'The form is not well formed, or names a field twice' })
}

/** No more than that many bytes are ever held, whatever `Content-Length` said. */
async function collect(request: Request, most: number): Promise<Uint8Array | 'too large' | 'broken'> {
  if (request.body === null) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of request.body) {
      length += chunk.length
      if (length > most) return 'too large'
      chunks.push(chunk)
    }
  } catch {
    return 'broken'
  }
  return Buffer.concat(chunks)
}

function decode(bytes: Uint8Array): string | null {
  try {
    return UTF8.decode(bytes)
  } catch {
    return null
  }
}
