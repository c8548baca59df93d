import { StoreUnavailable } from '../errors.ts'
import { LEASE_MS } from '../view/lease.ts'
import type { Setting } from './options.ts'

/** No answer is larger, bytes, where nothing else is said: a key set, or what is said of a token. */
const MOST_BYTES = 256 * 1024

export type Asking = {
  readonly method?: 'GET' | 'POST'
  /** Sent as JSON, or as a form. */
  readonly json?: object
  readonly form?: Readonly<Record<string, string>>
  /** Milliseconds; one lease by default. */
  readonly patience?: number
  /** The answer has at most so many bytes. */
  readonly most?: number
  readonly signal?: AbortSignal
  /** Nobody has to know who asks. */
  readonly anonymous?: boolean
}

export type Reply = { readonly status: number; readonly body: unknown }

/** Sends one request to the server, and none elsewhere: redirects are not followed (KM-06). */
export type Server = (url: string, asking?: Asking) => Promise<Reply>

/** `body` is null where the answer has none, or none that is JSON. @throws StoreUnavailable when there is no answer in time, or one too large. */
export function server({ authorization, fetch }: Setting): Server {
  return async (
    url,
    { method = 'GET', json, form, patience = LEASE_MS, most = MOST_BYTES, signal, anonymous } = {},
  ) => {
    const late = AbortSignal.timeout(patience)
    try {
      const response = await fetch(url, {
        method,
        redirect: 'error',
        signal: signal ? AbortSignal.any([signal, late]) : late,
        headers: {
          accept: 'application/json',
          ...(anonymous ? {} : { authorization }),
          ...(json && { 'content-type': 'application/json' }),
        },
        ...(json && { body: JSON.stringify(json) }),
        ...(form && { body: new URLSearchParams(form) }),
      })
      return { status: response.status, body: parsed(await text(response, most)) }
    } catch (fault) {
      throw new StoreUnavailable('the server does not answer', { cause: fault })
    }
  }
}

async function text(response: Response, most: number): Promise<string> {
  if (response.body === null) return ''
  const decoder = new TextDecoder()
  let whole = ''
  let size = 0
  for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
    size += part.byteLength
    if (size > most) throw new Error('the answer is too large')
    whole += decoder.decode(part, { stream: true })
  }
  return whole + decoder.decode()
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}
