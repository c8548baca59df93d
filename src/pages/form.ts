import { type Result, refused } from '../result.ts'
import { type Form, parseForm } from '../wire/form.ts'

/** No form of ours comes near, bytes. */
const MAX_BYTES = 16_384

const MALFORMED = refused({ code: 'invalid_request' })
const TOO_LARGE = refused({ code: 'payload_too_large' })

/** Reads a form strictly: bounded before it is taken in, and judged by `parseForm`. */
export async function readForm(request: Request): Promise<Result<Form>> {
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BYTES) return TOO_LARGE
  const bytes = await bounded(request.body).catch(() => undefined)
  if (bytes === null) return TOO_LARGE
  const text = bytes === undefined ? null : utf8(bytes)
  return text === null ? MALFORMED : parseForm(text)
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
