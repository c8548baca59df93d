import fc from 'fast-check'
import { anything, MARK, made, spoilt, words } from './texts.ts'

/** `broken` is sent in pieces and breaks off behind them. */
export type Content =
  | { readonly kind: 'none' }
  | { readonly kind: 'text' | 'broken'; readonly text: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer> }

type Body = Readonly<Record<string, unknown>>

const RIGHT = 'a long enough passphrase'
const NEXT = 'another long passphrase'

/** By path: bodies that are granted, or nearly. */
const FITTING: Readonly<Record<string, readonly Body[]>> = {
  '/auth/sign-up': [
    { email: 'new@example.com', password: RIGHT, name: MARK, transport: 'bearer' },
    { email: `n${MARK}@example.com`, password: RIGHT },
    { email: '{email}', password: RIGHT, fields: { a: 1 } },
    { email: 'ada.{uid}@example.com', password: RIGHT },
    { email: 'bob.{uid}@example.com', password: 'short' },
  ],
  '/auth/sign-in': [
    { email: '{email}', password: RIGHT, transport: 'bearer' },
    { email: '{email}', password: 'wrong', remember: true },
    { email: MARK, password: MARK },
  ],
  '/auth/reauthenticate': [{ password: RIGHT }, { password: 'wrong' }],
  '/auth/password': [{ currentPassword: RIGHT, newPassword: NEXT }],
  '/auth/password/reset': [{ token: '{unknown}', newPassword: NEXT }],
  '/auth/refresh': [{ refreshToken: '{member}' }],
  '/auth/user': [{ name: MARK }, { name: 'Ada', fields: { a: 1 } }],
  '/auth/admin/users': [{ email: 'made.{uid}@example.com', password: RIGHT, name: MARK, roles: ['member'] }],
  '/auth/admin/users/{id}': [{ name: MARK, roles: ['admin', 'member'], status: 'locked' }, { roles: [MARK] }],
}

/** What the row wants, if it wants anything. `which` chooses among several. */
export function fitting(method: string, row: string, which: number): Content {
  const bodies = method === 'DELETE' ? undefined : FITTING[row]
  return bodies ? { kind: 'text', text: JSON.stringify(bodies[which % bodies.length]) } : { kind: 'none' }
}

const SIMPLE: unknown[] = [null, true, false, 0, -1, 1e308, '', [], {}, [[]], { $gt: '' }, MARK]
const STRANGE: unknown[] = ['x'.repeat(300), 'e\u0301', '\ud800', '\u202e', '\u0000', 'admin']
const value = fc.oneof(fc.constantFrom(...SIMPLE, ...STRANGE), fc.jsonValue({ maxDepth: 3 }))
const NAMES = words('email password name roles status transport token fields id __proto__ constructor')
const member = fc.oneof(fc.constantFrom(...NAMES, MARK), anything)
const good = fc.constantFrom<Body>(...Object.values(FITTING).flat(), {})

/** Members of other types, too many, too few. */
const altered = fc
  .tuple(good, fc.dictionary(member, value, { maxKeys: 3 }), fc.option(fc.constantFrom('email', 'password')))
  .map(([body, more, without]) => {
    const { [without ?? '']: _, ...left } = { ...body, ...more } as Body
    return JSON.stringify(left)
  })

const PIECES = [...words('" { } , : \\ \\u0000 \\ud800 1e999 "email":1, // [ ]'), ' ', '\u0000', '\ufeff']

const doubled = fc.tuple(good, member, value, value).map(([body, name, one, two]) => {
  const members = [one, two].map((given) => `${JSON.stringify(name)}:${JSON.stringify(given)}`)
  return `{${[JSON.stringify(body).slice(1, -1), ...members].filter(Boolean).join(',')}}`
})

const deep = fc
  .tuple(fc.integer({ min: 1, max: 3000 }), fc.constantFrom(words('[ ]'), words('{"a": }')))
  .map(([n, [open = '', close = '']]) => `{"email":${open.repeat(n)}1${close.repeat(n)}}`)

const large = fc
  .tuple(fc.integer({ min: 60_000, max: 70_000 }), fc.constantFrom('a', ' ', '\\u0041', '[', '"a":1,'))
  .map(([n, piece]) => `{"email":"${piece.repeat(n / piece.length)}"}`)

const FIELDS = words('email= password= & %40 + = csrf={csrf} do= sign-out % %ff token={unknown} session={sid}')
const FORMS = [
  'email={email}&password=a+long+enough+passphrase',
  `email={email}&password=${encodeURIComponent(MARK)}`,
  `email=${encodeURIComponent(`"'${MARK}`)}&password=x&name=${encodeURIComponent(MARK)}`,
  'email=cyd.{uid}@example.com&password=a+long+enough+passphrase&name=Cyd',
  'csrf={csrf}&do=sign-out',
  'csrf={csrf}&do=end&session={sid}',
  'csrf={csrf}&do=end-others',
  'token={unknown}&newPassword=another+long+passphrase',
]

/** What an HTML form sends, or nearly. */
export const form: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...FORMS),
  spoilt(fc.constantFrom(...FORMS), made(words('& = %zz %00 %ff + email=x csrf=x do=end'), 3), 60),
  made(FIELDS),
)

const text = (arbitrary: fc.Arbitrary<string>) => arbitrary.map((content): Content => ({ kind: 'text', text: content }))

export const body: fc.Arbitrary<Content> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Content>({ kind: 'none' }) },
  { weight: 6, arbitrary: text(good.map((content) => JSON.stringify(content))) },
  { weight: 6, arbitrary: text(altered) },
  { weight: 3, arbitrary: text(spoilt(altered, fc.constantFrom(...PIECES), 200)) },
  { weight: 3, arbitrary: text(doubled) },
  { weight: 2, arbitrary: text(fc.oneof(deep, large, form, fc.json())) },
  {
    weight: 1,
    arbitrary: fc
      .uint8Array({ maxLength: 200 })
      .map((bytes): Content => ({ kind: 'bytes', bytes: new Uint8Array(bytes) })),
  },
  { weight: 1, arbitrary: altered.map((content): Content => ({ kind: 'broken', text: content })) },
)
