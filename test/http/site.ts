import { expect } from 'vitest'
import type { z } from 'zod'
import type { Connection } from '../../src/auth.ts'
import type { Code } from '../../src/errors.ts'
import type { SignedIn } from '../../src/flows/issue.ts'
import { matcher } from '../../src/http/match.ts'
import { refusalsOf } from '../../src/http/refusals.ts'
import { ROUTES } from '../../src/http/routes.ts'
import { problemShape } from '../../src/http/shapes.ts'
import { type House, house, must, PASSWORD } from '../support/house.ts'

export { PASSWORD } from '../support/house.ts'

type Json = Record<string, unknown>

/** What a client sends. Without `from`, an unsafe request says it comes from a page of the application. */
export type Sending = {
  readonly body?: unknown
  readonly cookie?: string | undefined
  readonly bearer?: string | undefined
  /** `Origin`; null for a client that sends none of the three headers. */
  readonly from?: string | null
  readonly headers?: Record<string, string>
  readonly connection?: Connection
  /** Body and content type as they are, instead of JSON. */
  readonly raw?: { readonly content: string | Uint8Array<ArrayBuffer>; readonly type?: string }
}

export type Reply = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Empty without a body. */
  readonly body: Json
  readonly code: unknown
  readonly cookies: readonly string[]
  /** `name=value` of the first cookie that was set. */
  readonly cookie: string
}

export type Site = House & {
  send(method: string, path: string, sending?: Sending): Promise<Response>
  call(method: string, path: string, sending?: Sending): Promise<Reply>
  get(path: string, sending?: Sending): Promise<Reply>
  post(path: string, body?: unknown, sending?: Sending): Promise<Reply>
  del(path: string, sending?: Sending): Promise<Reply>
  /** Lets time pass without walking through every timer of it, but for the last seconds: leases are renewed in them. */
  later(ms: number): Promise<void>
  /** A user with these roles, signed in: what a browser of theirs holds. */
  member(label: string, roles?: readonly string[]): Promise<Member>
}

export type Member = {
  readonly id: string
  readonly email: string
  readonly sid: string
  readonly cookie: string
  readonly signedIn: SignedIn
}

/** Longer than a lease. */
const RENEWAL_MS = 4000

const find = matcher(ROUTES, '/auth')

/** An installation seen through its handler only. Every answer is held to the shapes of the table on the way. */
export async function site(options: Parameters<typeof house>[0] = {}): Promise<Site> {
  const base = await house(options)
  const origin = base.auth.setting.baseUrl.origin

  async function send(method: string, path: string, sending: Sending = {}): Promise<Response> {
    const { body, cookie, bearer, from = origin, connection = {}, raw } = sending
    const headers = new Headers(sending.headers)
    const unsafe = !['GET', 'HEAD', 'OPTIONS'].includes(method)
    if (cookie !== undefined) headers.set('cookie', cookie)
    if (bearer !== undefined) headers.set('authorization', `Bearer ${bearer}`)
    if (unsafe && from !== null) headers.set('origin', from)
    if (body !== undefined) headers.set('content-type', 'application/json')
    const content = raw ? bytes(raw.content) : body === undefined ? null : bytes(JSON.stringify(body))
    if (raw?.type !== undefined) headers.set('content-type', raw.type)
    const url = /^https?:/.test(path) ? path : origin + path
    return base.auth.handler(new Request(url, { method, headers, body: content }), connection)
  }

  async function call(method: string, path: string, sending: Sending = {}): Promise<Reply> {
    const response = await send(method, path, sending)
    const text = await response.text()
    const body = text === '' ? {} : JSON.parse(text)
    hold(method, new URL(path, origin).pathname, response, text === '' ? null : body)
    const cookies = response.headers.getSetCookie()
    const cookie = cookies[0]?.split(';')[0] ?? ''
    return { status: response.status, headers: response.headers, text, body, code: body.code, cookies, cookie }
  }

  return {
    ...base,
    send,
    call,
    get: (path, sending) => call('GET', path, sending),
    post: (path, body, sending) => call('POST', path, { ...(body !== undefined && { body }), ...sending }),
    del: (path, sending) => call('DELETE', path, sending),
    async later(ms) {
      base.clock.step(ms - RENEWAL_MS)
      await base.clock.advance(RENEWAL_MS)
    },
    async member(label, roles) {
      const email = `${label}@example.com`
      const made = must(
        await base.auth.users.create({ email, password: PASSWORD, name: label, ...(roles && { roles }) }),
      )
      const signedIn = await signedInAs(base, email)
      const cookie = signedIn.carried.cookies[0]?.split(';')[0] as string
      return { id: made.id, email, sid: signedIn.session.id, cookie, signedIn }
    },
  }
}

/** One more session of a user, opened without HTTP. */
export async function signedInAs({ auth, clock }: Pick<House, 'auth' | 'clock'>, email: string): Promise<SignedIn> {
  await clock.advance(1)
  const outcome = must(await auth.signIn({ email, password: PASSWORD }))
  if (outcome.status !== 'signed_in') throw new Error(outcome.status)
  return outcome
}

export function cookieFrom(signedIn: SignedIn): string {
  return signedIn.carried.cookies[0]?.split(';')[0] as string
}

/** Exactly what the table and RFC 9457 promise, nothing besides. */
function hold(method: string, path: string, response: Response, body: unknown): void {
  const { status } = response
  if (response.headers.get('content-type')?.startsWith('application/problem+json')) {
    if (method === 'HEAD') return
    fits(problemShape, body)
    expect(body).toMatchObject({ status, requestId: response.headers.get('x-request-id') })
    const { code } = body as { readonly code: Code }
    // Where no row is: not_found, method_not_allowed.
    const row = find(path)?.routes.get(method)
    if (row) expect(refusalsOf(row), `${method} ${path} refused with ${code}`).toContain(code)
    return
  }
  const row = find(path)?.routes.get(method)
  if (!row) return
  expect(Object.keys(row.responses), `${method} ${path} answered ${status}`).toContain(String(status))
  const shape = row.responses[status]
  if (shape === null) expect(body).toBeNull()
  else if (typeof shape === 'object') fits(shape, body)
}

function fits(shape: z.ZodType, body: unknown): void {
  const result = shape.safeParse(body)
  if (!result.success) throw new Error(`the answer has not the shape it promises: ${result.error.message}`)
}

function bytes(content: string | Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return typeof content === 'string' ? new TextEncoder().encode(content) : content
}
