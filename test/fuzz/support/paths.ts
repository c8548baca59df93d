import fc from 'fast-check'
import { ROUTES } from '../../../src/http/routes.ts'
import { anything, MARK, made, spoilt, words } from './texts.ts'

/** `row` is the path as the table has it. */
export type Asked = { readonly method: string; readonly row: string; readonly path: string }

const ROWS = ROUTES.map(({ method, path, root }) => ({ method, row: `${root ? '' : '/auth'}${path}` }))
const PAGES = words('/ /sign-in /sign-up /auth/ /auth/sign-in /openapi.json /auth').flatMap((row) =>
  words('GET POST').map((method) => ({ method, row })),
)
const IDS = words('{sid} {uid} {sid} {uid} .. . %2e%2e %00 {member} constructor __proto__ %2F')
const id = fc.oneof(fc.constantFrom(...IDS, '', MARK), fc.string({ maxLength: 70 }).map(encode))

/** A row of the table, or a page. */
export const given: fc.Arbitrary<Asked> = fc
  .tuple(fc.constantFrom(...ROWS, ...ROWS, ...PAGES), id)
  .map(([{ method, row }, one]) => ({ method, row, path: row.replace('{id}', one) }))

const ODD = [...words('/ // /./ /../ %2e %2F \\ ; %00 ? # % A'), ' ']
const METHODS = words('GET POST PATCH DELETE HEAD OPTIONS PUT get BREW M-SEARCH PROPFIND X')
const twisted = given.chain((asked) =>
  spoilt(fc.constant(asked.path), made(ODD, 4), 40).map((path) => ({ ...asked, path })),
)
const long = fc.tuple(given, fc.nat(4500)).map(([asked, n]) => ({ ...asked, path: asked.path + '/a'.repeat(n) }))
const elsewhere = fc.tuple(given, fc.constantFrom(...METHODS)).map(([asked, method]) => ({ ...asked, method }))
const nowhere = fc.webPath().map((path) => ({ method: 'POST', row: '', path }))

/** What is asked for: mostly what there is. */
export const asked: fc.Arbitrary<Asked> = fc.oneof(
  { weight: 12, arbitrary: given },
  { weight: 3, arbitrary: elsewhere },
  { weight: 2, arbitrary: twisted },
  { weight: 1, arbitrary: fc.oneof(long, nowhere) },
)

const NAMES = words('ended scope state limit cursor query role status user ip device from to session type')
const ODD_NAMES = words('__proto__ constructor ended[] x return do done _method')
const VALUES = words('true others all active ended 1 50 0 -1 1e9 {uid} {sid} {email} admin //evil.example /next')
const pair = fc
  .tuple(fc.constantFrom(...NAMES, ...ODD_NAMES, '', MARK), fc.oneof(fc.constantFrom(...VALUES), anything))
  .map(([name, value]) => `${encode(name)}=${/^\{\w+\}$/.test(value) ? value : encode(value)}`)

/** With its question mark, or empty. */
export const query: fc.Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: fc.constant('') },
  { weight: 2, arbitrary: fc.array(pair, { maxLength: 4 }).map((pairs) => `?${pairs.join('&')}`) },
  { weight: 1, arbitrary: made(words('? & = ended true % %zz + [] scope all')).map((text) => `?${text}`) },
)

function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}
