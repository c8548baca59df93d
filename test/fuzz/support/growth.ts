import { BASE } from '../../support/house.ts'
import type { Content } from './bodies.ts'
import { requestOf } from './judge.ts'
import type { Generated } from './requests.ts'
import type { Target } from './target.ts'

const ROUNDS = 9

/** Milliseconds, the best of several. */
export type Growth = { readonly small: number; readonly large: number }

/** What the API takes for a request of a size, and for one four times as large, measured in turns. */
export async function growth(target: Target, make: (size: number) => Generated, size: number): Promise<Growth> {
  const best = { small: Number.POSITIVE_INFINITY, large: Number.POSITIVE_INFINITY }
  for (let round = 0; round < ROUNDS; round += 1) {
    best.small = Math.min(best.small, await took(target, make(size)))
    best.large = Math.min(best.large, await took(target, make(size * 4)))
  }
  return best
}

async function took(target: Target, generated: Generated): Promise<number> {
  const request = requestOf(target, generated)
  if (!request) throw new Error('the platform makes no request of this')
  const connection = generated.remote === undefined ? {} : { remote: generated.remote }
  const began = performance.now()
  const response = await target.auth.handler(request, connection)
  await response.text()
  return performance.now() - began
}

const GET = { method: 'GET', path: '/auth/session', body: { kind: 'none' } as Content, remote: '10.0.0.1' }

/** A request with one header of a size: a piece again and again, after what makes it worth reading. */
function header(name: string, piece: string, start = '', end = ''): (size: number) => Generated {
  return (size) => ({ ...GET, headers: [[name, start + piece.repeat(size / piece.length) + end]] })
}

function path(piece: string, start = '/auth/sessions/', end = ''): (size: number) => Generated {
  const headers = [['cookie', '__Host-sid={member}'] as const]
  return (size) => ({ ...GET, headers, path: start + piece.repeat(size / piece.length) + end })
}

function body(piece: string, start: string, end: string, at = '/auth/sign-in'): (size: number) => Generated {
  const headers = [['origin', BASE] as const, ['content-type', 'application/json'] as const]
  const content = (size: number): Content => ({ kind: 'text', text: start + piece.repeat(size / piece.length) + end })
  return (size) => ({ method: 'POST', path: at, headers, body: content(size), remote: '192.0.2.1' })
}

/** Distinct members or parameters: what is looked up by name. */
function numbered(size: number, one: (n: number) => string, joint: string): string {
  return Array.from({ length: Math.floor(size / 12) }, (_, n) => one(n)).join(joint)
}

/** The largest that is let in is four times this: 16 KiB of headers, 8 KiB of address, 64 KiB of body. */
const HEADER = 3900
const ADDRESS = 2000
const BODY = 16_000

/** Everything whose size a stranger chooses, in the forms that are worst for whoever reads it carelessly. */
export const GROWING: readonly (readonly [name: string, size: number, make: (size: number) => Generated])[] = [
  ['cookie: separators', HEADER, header('cookie', ';')],
  ['cookie: spaces', HEADER, header('cookie', ' ', 'a', '=b')],
  ['cookie: names', HEADER, header('cookie', 'a=b; ')],
  ['cookie: ours', HEADER, header('cookie', '__Host-sid=x; ')],
  ['cookie: one value', HEADER, header('cookie', 'a', '__Host-sid=')],
  ['cookie: quotes', HEADER, header('cookie', '"', '__Host-sid=')],
  ['authorization: spaces', HEADER, header('authorization', ' ', 'Bearer', 'x')],
  ['authorization: token', HEADER, header('authorization', 'a=', 'Bearer ')],
  ['authorization: equals', HEADER, header('authorization', '=', 'Bearer a', '!')],
  ['x-forwarded-for: proxies', HEADER, header('x-forwarded-for', '10.0.0.1,')],
  ['x-forwarded-for: spaces', HEADER, header('x-forwarded-for', ' ', '1', ',10.0.0.1')],
  ['x-forwarded-for: commas', HEADER, header('x-forwarded-for', ',')],
  ['x-forwarded-proto: hops', HEADER, header('x-forwarded-proto', 'https,')],
  ['origin: dots', HEADER, header('origin', '.', 'https://app', 'example')],
  ['referer: slashes', HEADER, header('referer', '/', 'https://app.example')],
  ['content-type: spaces', HEADER, header('content-type', ' ', 'application/json', ';')],
  ['x-request-id', HEADER, header('x-request-id', 'a')],
  ['user-agent: brackets', HEADER, header('user-agent', '(', 'Mozilla/5.0 ')],
  ['user-agent: versions', HEADER, header('user-agent', 'Chrome/1.', 'Mozilla/5.0 ')],
  ['accept: lists', HEADER, header('accept', 'text/html,')],
  ['path: slashes', ADDRESS, path('/')],
  ['path: dots', ADDRESS, path('%2e%2e/')],
  ['path: segments', ADDRESS, path('a/')],
  ['path: one segment', ADDRESS, path('a')],
  ['query: doubled', ADDRESS, path('ended=1&', '/auth/sessions?')],
  ['query: escapes', ADDRESS, path('%41', '/auth/sessions?ended=')],
  ['query: names', ADDRESS, (n) => path('', `/auth/sessions?${numbered(n, (i) => `n${1e6 + i}=x`, '&')}`)(0)],
  ['body: one string', BODY, body('a', '{"email":"', '"}')],
  ['body: escapes', BODY, body('\\u0041', '{"email":"', '"}')],
  ['body: backslashes', BODY, body('\\\\', '{"email":"', '"}')],
  ['body: arrays', BODY, body('[', '{"email":', '')],
  ['body: objects', BODY, body('{"a":', '', '')],
  ['body: flat arrays', BODY, body('[],', '{"email":[', '0]}')],
  ['body: a name twice', BODY, body('"a":1,', '{', '"b":2}')],
  ['body: names', BODY, (n) => body('', `{${numbered(n, (i) => `"n${1e6 + i}":1`, ',')}}`, '')(0)],
  ['body: digits', BODY, body('1', '{"email":', '}')],
  ['body: exponents', BODY, body('1e', '{"email":', '}')],
  ['body: white space', BODY, body(' ', '{"email":', '1}')],
  ['body: open strings', BODY, body('"', '{', '')],
  ['body: an address', BODY, body('a.', '{"email":"', '@b","password":"x"}')],
  ['body: an address of signs', BODY, body('@', '{"email":"a', '","password":"x"}')],
  ['body: a password', BODY, body('a', '{"email":"a@b.example","password":"', '"}')],
  ['body: marks to compose', BODY, body('\u0323\u0307', '{"email":"a@b.example","password":"a', '"}')],
  ['body: a new password', BODY, body('ab', '{"email":"a@b.example","password":"', '"}', '/auth/sign-up')],
  [
    'body: a name',
    BODY,
    body('\u0323\u0307', '{"email":"a@b.example","password":"xx","name":"', '"}', '/auth/sign-up'),
  ],
]
