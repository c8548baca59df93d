import fc from 'fast-check'
import { BASE } from '../../support/house.ts'
import { PARTNER } from './target.ts'
import { anything, MARK, made, words } from './texts.ts'

export type Header = readonly [name: string, value: string]

const TOKENS = words('{member} {admin} {ended} {locked} {unknown}')
const token = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...TOKENS) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...TOKENS), fc.constantFrom('A', '=', ' ', '.', '"', '%00', MARK))
      .map((parts) => parts.join('')),
  },
  { weight: 1, arbitrary: fc.base64String({ minLength: 60, maxLength: 68 }) },
  { weight: 1, arbitrary: anything },
)

const authorization = fc.oneof(
  { weight: 4, arbitrary: token.map((text) => `Bearer ${text}`) },
  { weight: 1, arbitrary: made([...words('Bearer bearer {member} , = " Basic realm='), ' ', '\t']) },
  { weight: 1, arbitrary: anything },
)
const COOKIES = words('__Host-sid __Host-sid={member} sid={member} ; = , " $Path=/ a=b __host-sid={admin} %5F')
const cookie = fc.oneof(
  { weight: 4, arbitrary: token.map((text) => `__Host-sid=${text}`) },
  { weight: 2, arbitrary: made([...COOKIES, '; ', ' ']) },
  { weight: 1, arbitrary: anything },
)

const HOSTS = [
  BASE,
  PARTNER,
  ...words('https://app.example.evil.example http://app.example null https://app.example:444'),
]
const origin = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...HOSTS) },
  { weight: 1, arbitrary: made(words('https :// app.example . @ :443 / null ,')) },
  { weight: 1, arbitrary: anything },
)
const FORWARDED = [...words('10.0.0.1 192.0.2.1 , [::1] :80 for= unknown % ::ffff:1.2.3.4'), ', ']
const forwarded = fc.oneof(fc.ipV4(), fc.ipV6(), made(FORWARDED), anything)

const TYPES = [
  ...['application/json', 'application/json; charset=utf-8', 'application/json, application/json', 'text/plain'],
  ...['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'],
]
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0'

/** What the type of a header value allows: one line of bytes. */
function line(text: string): string {
  const allowed = [...text].filter((one) => /[\t\x20-\x7e\x80-\xff]/.test(one))
  return allowed.join('').trim()
}

function sent(name: string, ...values: fc.Arbitrary<string>[]): fc.Arbitrary<Header> {
  return fc.oneof(...values, anything).map((value) => [name, line(value)])
}

const oneOf = (...values: string[]) => fc.constantFrom(...values)

/** Every header that anything here reads, and some that nothing may read. */
export const header: fc.Arbitrary<Header> = fc.oneof(
  sent('authorization', authorization),
  sent('cookie', cookie),
  sent('origin', origin),
  sent(
    'referer',
    origin.map((text) => `${text}/page`),
  ),
  sent('sec-fetch-site', oneOf(...words('same-origin same-site cross-site none'))),
  sent('x-csrf-token', oneOf('{csrf}', '{csrf}x', '{member}')),
  sent('content-type', oneOf(...TYPES), made([...words('application/ json ; charset = "utf-8" utf-16 ,'), ' '])),
  sent('content-encoding', oneOf(...words('identity gzip br Identity'))),
  sent('content-length', oneOf(...words('0 10 99999999 -1 NaN 1e3'))),
  sent('accept', oneOf(...words('application/json text/html */* text/csv text/event-stream'))),
  sent('user-agent', oneOf(FIREFOX, 'curl/8')),
  sent('x-forwarded-for', forwarded),
  sent('x-forwarded-proto', oneOf('https', 'http', 'https, http', 'HTTPS')),
  sent('x-forwarded-host', forwarded),
  sent('x-real-ip', forwarded),
  sent('forwarded', forwarded),
  sent('x-request-id', oneOf('edge-1', 'a'.repeat(64), 'a'.repeat(65))),
  sent('x-http-method-override', oneOf('DELETE', 'POST')),
  sent('access-control-request-method', oneOf('POST', 'DELETE')),
  sent('last-event-id', oneOf('1')),
)
