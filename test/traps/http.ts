import type { Auth } from '../../src/auth.ts'
import type { Client } from '../../src/testing/strategy/client.ts'

export type Asked = {
  readonly method: string
  /** Below the origin: `/auth/session`. */
  readonly path: string
  readonly body?: unknown
  /** A body as RFC 7662 has it. */
  readonly form?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
}

export type Reply = {
  readonly status: number
  /** Of a problem (RFC 9457); null of any other answer. */
  readonly code: string | null
  readonly location: string | null
  readonly body: Readonly<Record<string, unknown>>
  /** What a browser puts into its jar: name and value. What removes a cookie is left out. */
  readonly cookies: ReadonlyMap<string, string>
}

const ORIGIN = 'https://app.example'

/** A page of the application sends it, by a browser that holds these cookies. */
export async function send(node: Auth, { cookies }: Pick<Client, 'cookies'>, asked: Asked): Promise<Reply> {
  const { method, path, body, form } = asked
  const headers = new Headers({ origin: ORIGIN, ...asked.headers })
  if (cookies.size > 0) headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
  if (body !== undefined) headers.set('content-type', 'application/json')
  if (form !== undefined) headers.set('content-type', 'application/x-www-form-urlencoded')
  const content = form ? new URLSearchParams(form).toString() : body === undefined ? null : JSON.stringify(body)
  const response = await node.handler(new Request(ORIGIN + path, { method, headers, body: content }))
  const type = response.headers.get('content-type') ?? ''
  if (type.startsWith('text/event-stream')) await response.body?.cancel()
  const given = /json/.test(type) ? ((await response.json()) as Record<string, unknown>) : {}
  return {
    status: response.status,
    code: type.startsWith('application/problem') ? String(given.code) : null,
    location: response.headers.get('location'),
    body: given,
    cookies: new Map(response.headers.getSetCookie().flatMap(kept)),
  }
}

function kept(cookie: string): [string, string][] {
  const [, name = '', value = '', attributes = ''] = /^([^=]+)=([^;]*)(.*)$/.exec(cookie) ?? []
  return /Max-Age=0(;|$)/.test(attributes) ? [] : [[name, value]]
}

/** What the browser holds after the answer. */
export function after<C extends Pick<Client, 'cookies'>>(client: C, { cookies }: Pick<Reply, 'cookies'>): C {
  return { ...client, cookies: new Map([...client.cookies, ...cookies]) }
}
