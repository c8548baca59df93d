import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import type { Setting } from '../auth.ts'
import { ConfigurationError } from '../errors.ts'
import { isForm } from '../wire/form.ts'

/** A request of `node:http`, and what frameworks on it add. */
export type Incoming = IncomingMessage & {
  /** Whether it is to become another protocol. */
  readonly upgrade?: boolean
  /** What a parser made of the body. */
  readonly body?: unknown
  /** The target as it was asked for, where a router has cut something off `url`. */
  readonly originalUrl?: string
}

/** Path and query of a request target; of the absolute form too (RFC 9112 section 3.2.2), whose host says nothing here. Null for any other. */
export function pathOf(target: string): string | null {
  if (target.startsWith('/')) return target
  const url = /^https?:\/\//i.test(target) ? URL.parse(target) : null
  return url === null ? null : url.pathname + url.search
}

/** Of no use to anybody but whoever wants to see a header that is not theirs, and nothing Fetch has a request for. */
const NEVER = new Set(['CONNECT', 'TRACE', 'TRACK'])

/**
 * The same request for `auth.handler`. The host is that of `baseUrl`: what a client says of it has no meaning (RC-05). Null when it is not
 * well formed.
 * @throws ConfigurationError when somebody has read the body and left nothing of it
 */
export function requestOf(
  incoming: Incoming,
  { baseUrl }: Pick<Setting, 'baseUrl'>,
  secure: boolean,
  gone: () => AbortSignal,
): Request | null {
  const { method = 'GET', url: shown = '', originalUrl: target = shown } = incoming
  // What is no sign of an address is read as a slash by some and not by others (RFC 3986 section 2).
  const path = NEVER.has(method) || target.includes('\\') ? null : pathOf(target)
  const url = path === null ? null : URL.parse(`${secure ? 'https' : 'http'}://${baseUrl.host}${path}`)
  if (url === null) return null
  const headers = new Headers()
  const { rawHeaders } = incoming
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string
    // Of HTTP/2, not of Fetch.
    if (!name.startsWith(':')) headers.append(name, rawHeaders[i + 1] as string)
  }
  const bodyless = method === 'GET' || method === 'HEAD'
  const request: Served = new Request(url, { method, headers, ...(!bodyless && bodyOf(incoming, headers)) })
  request[GONE] = gone
  return Object.defineProperty(request, 'signal', SIGNAL)
}

const GONE = Symbol('gone')
const MADE = Symbol('made')
type Served = Request & { [GONE]?: () => AbortSignal; [MADE]?: AbortSignal | undefined }

/** Made for who asks for it: few do, and it costs as much as all the rest. One getter for all requests, so that they stay of one shape. */
const SIGNAL = {
  get(this: Served): AbortSignal | undefined {
    this[MADE] ??= this[GONE]?.()
    return this[MADE]
  },
}

type Body = { readonly body: BodyInit; readonly duplex?: 'half' }

function bodyOf(incoming: Incoming, headers: Headers): Body | undefined {
  const { body } = incoming
  if (!incoming.readableDidRead) return { body: streamOf(incoming), duplex: 'half' }
  if (body === undefined || body === null) {
    // Nothing came, and somebody has looked.
    if (Number(headers.get('content-length') ?? 0) === 0 && !headers.has('transfer-encoding')) return undefined
    throw new ConfigurationError(
      'The body of a request was read before and left nowhere: let what reads it put it into request.body, or mount the handler first',
    )
  }
  headers.delete('content-length')
  if (body instanceof Readable) return { body: streamOf(body), duplex: 'half' }
  if (typeof body === 'string' || body instanceof Uint8Array) return { body: body as BodyInit }
  return { body: isForm(headers.get('content-type')) ? formOf(body as Fields) : JSON.stringify(body) }
}

/**
 * A body that is touched when somebody reads it, and no sooner. What nobody wants is let go of, by Node behind the answer, or here when
 * whoever reads has had enough: a connection on which something is left never gets to its next request.
 */
function streamOf(source: Readable): ReadableStream<Uint8Array> {
  const parts = source.iterator({ destroyOnReturn: false })
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await parts.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
      async cancel() {
        await parts.return?.()
        source.resume()
      },
    },
    { highWaterMark: 0 },
  )
}

type Fields = Readonly<Record<string, unknown>>

/** What was sent twice stands there twice again, and is refused (ER-05); what a parser has nested, under no name that is known. */
export function formOf(body: Fields): string {
  const fields = new URLSearchParams()
  for (const [name, value] of Object.entries(body)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      fields.append(name, typeof one === 'string' ? one : JSON.stringify(one))
    }
  }
  return fields.toString()
}
