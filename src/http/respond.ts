import type { Setting } from '../auth.ts'
import type { Refusal } from '../errors.ts'
import { problem } from '../wire/problem.ts'
import { wholeResponse } from '../wire/whole.ts'
import type { Answer } from './route.ts'

/** Seconds: one year (ASVS 3.4.1). Subdomains are not this application's to speak for. */
const HSTS = 'max-age=31536000'

/** On everything that leaves: nothing here is a page, and everything is about a person or holds a credential. */
const ALWAYS = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const

/** On what is for everybody: no credential plays a part in it. */
const OPEN = { 'Access-Control-Allow-Origin': '*', 'Cross-Origin-Resource-Policy': 'cross-origin' } as const

/** How a refusal is answered. */
export function refusalAnswer(refusal: Refusal, requestId: string): Answer {
  const { status, headers, body } = problem(refusal, requestId)
  return { status, headers, body }
}

/** The response of an answer, with the headers every response has. `head` leaves the body out. */
export function respond(
  setting: Setting,
  answer: Answer,
  requestId: string,
  cors: Readonly<Record<string, string>>,
  head: boolean,
): Response {
  const content = answer.stream ?? (answer.body === undefined ? null : JSON.stringify(answer.body))
  const type: Record<string, string> =
    answer.body === undefined ? {} : { 'Content-Type': 'application/json; charset=utf-8' }
  const own = { ...type, ...answer.headers }
  const safe = answer.open ? { ...ALWAYS, ...OPEN, ...own } : { ...own, ...ALWAYS, ...cors }
  const headers = new Headers({ ...safe, 'X-Request-Id': requestId })
  if (setting.baseUrl.protocol === 'https:') headers.set('Strict-Transport-Security', HSTS)
  for (const cookie of oncePerName(answer.cookies ?? [])) headers.append('Set-Cookie', cookie)
  if (head) void answer.stream?.cancel()
  const init = { status: answer.status, headers }
  return typeof content === 'string' && !head ? wholeResponse(content, init) : new Response(head ? null : content, init)
}

/** The last one of each name (CK-11): strategies that are accepted side by side may share one. */
function oncePerName(cookies: readonly string[]): Iterable<string> {
  return new Map(cookies.map((cookie) => [cookie.slice(0, cookie.indexOf('=')), cookie])).values()
}
