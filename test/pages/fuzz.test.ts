import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fixed } from '../support/property.ts'
import { type Pages, site } from './visitor.ts'

let open: Pages
beforeAll(async () => {
  open = await site()
})
afterAll(() => open.close())

const PATHS = [
  ...['/', '/sign-in', '/sign-up', '/account', '/forgot', '/reset', '/verify', '/object', '/expired', '/setup'],
  ...['/auth', '/auth/', '/auth/sign-in', '/auth/account', '/auth/reset'],
]

/** Printable, control and other Latin-1 characters: what a header can hold at all. */
const header = fc.string({
  unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)),
  maxLength: 120,
})
const name = fc.constantFrom('email', 'password', 'name', 'remember', 'token', 'newPassword', 'do', 'session', 'csrf')
const value = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('end', 'end-others', 'sign-out', '%', '\u0000'))
const body = fc.oneof(
  fc.string(),
  fc.array(fc.tuple(name, value), { maxLength: 6 }).map((pairs) => String(new URLSearchParams(pairs))),
)

it('ER-06 ER-07: no request makes a page fail, and none is echoed as markup', async () => {
  const request = fc.record({
    path: fc.constantFrom(...PATHS),
    query: fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .tuple(fc.constantFrom('return', 'token', 'lang', 'reason', 'done'), value)
        .map(([name, text]) => `${name}=${encodeURIComponent(text.toWellFormed())}`),
    ),
    method: fc.constantFrom('GET', 'POST', 'PUT', 'HEAD'),
    cookie: fc.oneof(
      header,
      header.map((text) => `__Host-sid=${text}`),
    ),
    origin: fc.oneof(fc.constant('https://app.example'), header),
    type: fc.constantFrom(
      'application/x-www-form-urlencoded',
      'text/plain',
      'application/x-www-form-urlencoded; charset=utf-8',
    ),
    body,
  })
  await fc.assert(
    fc.asyncProperty(request, async ({ path, query, method, cookie, origin, type, body }) => {
      const headers = new Headers({ cookie, origin, 'content-type': type, accept: 'text/html', 'user-agent': cookie })
      const content = method === 'POST' ? { body } : {}
      const marked = `${path}?<script>&${query.replaceAll('#', '')}`
      const answer = await open.page(new Request(`https://app.example${marked}`, { method, headers, ...content }), {})
      expect(answer?.status ?? 404).not.toBe(500)
      expect((await answer?.text()) ?? '').not.toContain('<script')
    }),
    fixed(400),
  )
}, 120_000)
