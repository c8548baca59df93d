import fc from 'fast-check'
import { BASE } from '../../support/house.ts'
import { body, type Content, fitting, form } from './bodies.ts'
import { type Header, header } from './headers.ts'
import { asked, given, query } from './paths.ts'
import { PROXY } from './target.ts'
import { words } from './texts.ts'

/** A request as generated; texts may hold the names that a target fills in. */
export type Generated = {
  readonly method: string
  /** Path and query. */
  readonly path: string
  readonly headers: readonly Header[]
  readonly body: Content
  readonly remote: string | undefined
}

const remote = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(PROXY, '192.0.2.1', '::1', undefined) },
  { weight: 2, arbitrary: fc.oneof(fc.ipV4(), fc.ipV6()) },
  { weight: 1, arbitrary: fc.constantFrom('', ...words('nonsense fe80::1%eth0 999.1.1.1')) },
)

const JSON_TYPE: Header = ['content-type', 'application/json']
const ORIGIN: Header = ['origin', BASE]
const FORM_TYPE: Header = ['content-type', 'application/x-www-form-urlencoded']

const credential = fc
  .tuple(fc.constantFrom(...words('{member} {admin} {admin}')), fc.boolean())
  .map(([who, byCookie]): Header => (byCookie ? ['cookie', `__Host-sid=${who}`] : ['authorization', `Bearer ${who}`]))

/** Anything at all. */
export const anyRequest: fc.Arbitrary<Generated> = fc
  .tuple(asked, query, fc.array(header, { maxLength: 6 }), fc.subarray([JSON_TYPE, ORIGIN]), body, remote)
  .map(([{ method, path }, search, headers, usual, content, from]) => {
    return { method, path: path + search, headers: [...usual, ...headers], body: content, remote: from }
  })

/** One row of the table, by somebody who may ask for it, with something odd about it. */
export const likelyRequest: fc.Arbitrary<Generated> = fc
  .tuple(given, credential, query, fc.array(header, { maxLength: 2 }), fc.oneof(fc.nat(4), body), remote)
  .map(([{ method, row, path }, held, search, headers, content, from]) => ({
    method,
    path: path + search,
    headers: [ORIGIN, ...(method === 'GET' ? [] : [JSON_TYPE]), held, ...headers],
    body: typeof content === 'number' ? fitting(method, row, content) : content,
    remote: from,
  }))

const PAGES = words('/ /sign-in /sign-up /auth/ /auth/sign-in /auth/sign-up')
const BROWSER: readonly Header[] = [
  ['sec-fetch-site', 'same-origin'],
  ['accept', 'text/html'],
]

/** A page or one of its forms, by a browser. */
export const pageRequest: fc.Arbitrary<Generated> = fc
  .tuple(
    fc.constantFrom(...PAGES),
    fc.constantFrom(...words('GET POST POST')),
    query,
    fc.array(header, { maxLength: 3 }),
    fc.oneof(
      form.map((text): Content => ({ kind: 'text', text })),
      body,
    ),
    fc.constantFrom(...words('{member} {ended} {unknown}')),
  )
  .map(([path, method, search, headers, content, who]) => ({
    method,
    path: path + search,
    headers: [...BROWSER, FORM_TYPE, ['cookie', `__Host-sid=${who}`], ...headers],
    body: content,
    remote: undefined,
  }))
