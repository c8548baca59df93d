import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { textOf } from '../wire/whole.ts'
import type { Reply } from './reply.ts'

/** Adds cookies to those that are set already, by whomever: each is a header of its own (RFC 6265bis section 4.1). */
export function addCookies(outgoing: ServerResponse, cookies: readonly string[]): void {
  for (const cookie of cookies) outgoing.appendHeader('Set-Cookie', cookie)
}

/**
 * An answer with a credential is nobody else's, whatever a handler says of it afterwards (CK-12): every head goes out by `writeHead`,
 * also one that nobody has written.
 */
export function neverCached(outgoing: ServerResponse): void {
  const write = outgoing.writeHead as (...given: readonly unknown[]) => ServerResponse
  outgoing.writeHead = (...given: readonly unknown[]) => {
    outgoing.setHeader('Cache-Control', 'no-store')
    return write.apply(outgoing, given.map(withoutCacheControl))
  }
}

/** Of what `writeHead` is given: a list of names and values in turns, or an object of them. */
function withoutCacheControl(given: unknown): unknown {
  const isOther = (name: unknown) => String(name).toLowerCase() !== 'cache-control'
  if (Array.isArray(given)) return given.filter((_, at) => isOther(given[at - (at % 2)]))
  if (typeof given !== 'object' || given === null) return given
  return Object.fromEntries(Object.entries(given).filter(([name]) => isOther(name)))
}

/** Sends what is answered instead of what was asked for. */
export function sendReply(outgoing: ServerResponse, { status, headers, body }: Reply): void {
  outgoing.statusCode = status
  for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, value)
  outgoing.end(body)
}

/** Answers that are there at once. Anything else is sent piece by piece. */
const WHOLE = /^(?:application\/(?:problem\+)?json|text\/html)\b/i

/**
 * Sends a response: its head, cookies each by itself, then its body as fast as the client takes it. A client that leaves ends the
 * stream at its source.
 */
export async function sendResponse(outgoing: ServerResponse, response: Response): Promise<void> {
  const { body } = response
  outgoing.statusCode = response.status
  for (const [name, value] of response.headers) if (name !== 'set-cookie') outgoing.setHeader(name, value)
  for (const cookie of response.headers.getSetCookie()) outgoing.appendHeader('Set-Cookie', cookie)
  const text = textOf(response)
  if (body === null || text !== null) outgoing.end(text ?? undefined)
  else if (WHOLE.test(response.headers.get('content-type') ?? ''))
    outgoing.end(Buffer.from(await response.arrayBuffer()))
  else await sendStream(outgoing, body as ReadableStream<Uint8Array>)
}

/** A body for servers that send it themselves. */
export async function bodyOf(response: Response): Promise<Buffer | Readable | null> {
  if (response.body === null) return null
  const text = textOf(response)
  if (text !== null) return Buffer.from(text)
  if (WHOLE.test(response.headers.get('content-type') ?? '')) return Buffer.from(await response.arrayBuffer())
  return Readable.fromWeb(response.body as ReadableStream)
}

async function sendStream(outgoing: ServerResponse, body: ReadableStream<Uint8Array>): Promise<void> {
  const reader = body.getReader()
  const left = () => void reader.cancel().catch(() => {})
  outgoing.once('close', left)
  if (outgoing.destroyed) left()
  try {
    outgoing.flushHeaders()
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      if (!outgoing.write(next.value)) await drained(outgoing)
    }
    outgoing.end()
  } finally {
    outgoing.off('close', left)
  }
}

function drained(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      outgoing.off('drain', done).off('close', done)
      resolve()
    }
    outgoing.once('drain', done).once('close', done)
    if (outgoing.destroyed) done()
  })
}

/** Fires when the client is gone before it had its answer. */
export function goneSignal(outgoing: ServerResponse): AbortSignal {
  const controller = new AbortController()
  const left = () => {
    if (!outgoing.writableFinished) controller.abort()
  }
  if (outgoing.closed) left()
  else outgoing.once('close', left)
  return controller.signal
}
