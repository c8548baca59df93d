import { expect } from 'vitest'
import { CODES } from '../../../src/errors.ts'
import { problemShape } from '../../../src/http/shapes.ts'
import { BASE } from '../../support/house.ts'
import type { Content } from './bodies.ts'
import type { Generated } from './requests.ts'
import { PARTNER, type Target } from './target.ts'

/** What came of a request: what tests count. */
export type Judged = { readonly status: number; readonly code: string | null }

/** What a request that changes nothing may ask of the store. Uses and what happened are written behind it. */
const HARMLESS =
  /\.(?:find|findAll|findByEmail|findPolicy|holders|count|list|ofUser|check|rows|tail|read|register|acknowledge|ping|touch|append)$/

const ALWAYS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
}

/** What is for everybody and about nobody, and may be kept. */
const OPEN_PATHS: ReadonlySet<string> = new Set([
  '/.well-known/jwks.json',
  '/auth/.well-known/jwks.json',
  '/.well-known/oauth-authorization-server',
])
const OPEN = {
  'cache-control': expect.stringMatching(/^public, max-age=\d+$/),
  'cross-origin-resource-policy': 'cross-origin',
}

/** The mark however it may be written; within an answer it is never in its own letters. */
const MARKED = /zqmarkqz/i

/** Null when it is no request at all: the platform itself refuses to make one of it. */
export function requestOf({ fill }: Pick<Target, 'fill'>, { method, path, headers, body }: Generated): Request | null {
  try {
    const filled = new Headers(headers.map(([name, value]): [string, string] => [name, fill(value)]))
    const bare = ['GET', 'HEAD'].includes(method.toUpperCase())
    const content = bare ? null : contentOf(body, fill)
    const duplex = content instanceof ReadableStream ? { duplex: 'half' } : {}
    return new Request(BASE + fill(path), { method, headers: filled, body: content, ...duplex } as RequestInit)
  } catch {
    return null
  }
}

function contentOf(body: Content, fill: (text: string) => string): BodyInit | null {
  const bytes = (text: string) => new TextEncoder().encode(fill(text))
  switch (body.kind) {
    case 'none':
      return null
    case 'text':
      return bytes(body.text)
    case 'bytes':
      return body.bytes
    case 'broken':
      return new ReadableStream({
        start: (controller) => controller.enqueue(bytes(body.text)),
        pull: (controller) => controller.error(new Error('the client is gone')),
      })
  }
}

/** Sends it to the API, and holds the answer to everything that is promised of any answer. */
export async function judged(target: Target, generated: Generated): Promise<Judged | null> {
  const request = requestOf(target, generated)
  if (!request) return null
  const { method } = request
  const connection = generated.remote === undefined ? {} : { remote: generated.remote }
  const { result, calls } = target.store.noting(() => target.auth.handler(request, connection))
  const response = await result
  const { status, headers } = response
  const isStream = headers.get('content-type')?.startsWith('text/event-stream') ?? false
  if (isStream) await response.body?.cancel()
  const text = isStream ? '' : await response.text()

  expect(status).toBeGreaterThanOrEqual(200)
  expect(status).toBeLessThan(500)
  const isOpen = status < 400 && OPEN_PATHS.has(new URL(request.url).pathname) && method !== 'OPTIONS'
  expect(Object.fromEntries(headers)).toMatchObject(isOpen ? { ...ALWAYS, ...OPEN } : ALWAYS)
  expect(headers.get('x-request-id')).toMatch(/^[A-Za-z0-9._-]{1,64}$/)
  if (['GET', 'HEAD', 'OPTIONS'].includes(method)) {
    expect([...calls.verbs].filter((verb) => !HARMLESS.test(verb))).toEqual([])
    expect(headers.getSetCookie()).toEqual([])
  }
  const code = status >= 400 ? problemOf(response, text, method) : null
  if (status < 400) {
    if (text !== '') expect(headers.get('content-type')).toMatch(asTable(request) ? ANY_TABLE : JSON_ONLY)
    if (!['GET', 'HEAD', 'OPTIONS'].includes(method)) await target.renew()
  }
  return { status, code }
}

const JSON_ONLY = /^application\/json; charset=utf-8$/
/** Lists of administrators are tables for who asks for them, and what ends many tells how far it is. */
const ANY_TABLE =
  /^(?:application\/json; charset=utf-8|text\/csv; charset=utf-8; header=present|application\/x-ndjson; charset=utf-8)$/

function asTable({ url }: Request): boolean {
  return new URL(url).pathname.startsWith('/auth/admin/')
}

/** A refusal: of the catalogue, in its form, with no cookie and nothing of the request in it. */
function problemOf({ status, headers }: Response, text: string, method: string): string | null {
  expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
  expect(headers.getSetCookie()).toEqual([])
  const echoed = [...headers].filter(([name]) => name !== 'x-request-id')
  expect(text + JSON.stringify(echoed)).not.toMatch(MARKED)
  if (status === 401) expect(headers.get('www-authenticate')).toMatch(/^(?:Bearer|Basic) realm="auth"/)
  if (method === 'HEAD') {
    expect(text).toBe('')
    return null
  }
  const problem = problemShape.parse(JSON.parse(text))
  expect(CODES[problem.code as keyof typeof CODES][0]).toBe(status)
  expect(problem).toMatchObject({ status, requestId: headers.get('x-request-id') })
  return problem.code
}

/** Sends it to the pages; null when none of them takes it. Whatever they repeat is text and nothing else. */
export async function judgedPage(target: Target, generated: Generated): Promise<Judged | null> {
  const request = requestOf(target, generated)
  if (!request) return null
  const { method } = request
  const connection = generated.remote === undefined ? {} : { remote: generated.remote }
  const { result, calls } = target.store.noting(() => target.pages(request, connection))
  const response = await result
  if (response === null) return null
  const { status, headers } = response
  const text = await response.text()
  expect(status).toBeLessThan(500)
  expect(headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; style-src 'sha256-[^;]*; .*frame-ancestors 'none'$/,
  )
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('cache-control')).toBe('no-store')
  if (status === 303) expect(new URL(headers.get('location') ?? '', BASE).origin).toBeOneOf([BASE, PARTNER])
  else expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(text).not.toContain('<zqmark')
  if (['GET', 'HEAD'].includes(method)) {
    expect([...calls.verbs].filter((verb) => !HARMLESS.test(verb))).toEqual([])
  } else if (status < 400) await target.renew()
  return { status, code: null }
}
