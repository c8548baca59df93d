import { FORBIDDEN, parseJsonStrict } from './json.ts'

/** No token of this kind is longer, and nothing of a longer one is decoded (JW-17). Characters. */
export const MAX_TOKEN = 8192

const HEADER_LIMITS = { length: 1024, depth: 3, members: 16 } as const
const PAYLOAD_LIMITS = { length: MAX_TOKEN, depth: 6, members: 200 } as const

const KID = /^[A-Za-z0-9_-]{1,64}$/

/**
 * Header members whose presence alone refuses a token. Key material and where to find it is never taken from a token
 * (JW-04); none of the extensions that `crit` could name is understood, `b64` among them (JW-07); `enc` and `zip` belong to
 * another kind of token (JW-14).
 */
const REFUSED = ['jwk', 'jku', 'x5u', 'x5c', 'x5t', 'x5t#S256', 'crit', 'b64', 'enc', 'zip'] as const

/** A token in good form. Nothing of it is true before its signature was verified (JW-01). */
export type Parsed = {
  readonly kid: string
  readonly alg: string
  /** What was signed. */
  readonly input: string
  readonly signature: Buffer
  /** For `payloadOf`, once the signature has verified, and for nothing before. */
  readonly body: Buffer
}

/** A JWS in compact serialization (RFC 7515 section 3.1). @param header encoded, because one serves many tokens. @param sign makes the base64url signature of a text. */
export function compact(header: string, payload: object, sign: (input: string) => string): string {
  const input = `${header}.${encoded(payload)}`
  return `${input}.${sign(input)}`
}

/**
 * Every check of a compact JWS that needs no key; null for whatever is wrong. Exactly three parts of unpadded canonical
 * base64url and nothing around them (JW-06), a header that is one strict JSON object (JW-08, JW-18), the `typ` that is
 * expected (JW-14), and a `kid` that is a bounded opaque name (JW-05).
 */
export function parseCompact(token: string, typ: string): Parsed | null {
  // ASCII only: decoding, and what is signed, would take a letter of another script for the one its last byte is.
  if (token.length > MAX_TOKEN || Buffer.byteLength(token) !== token.length) return null
  // Decoding takes the two letters of plain base64 for the two of base64url.
  if (token.includes('+') || token.includes('/')) return null
  const first = token.indexOf('.')
  const second = token.indexOf('.', first + 1)
  if (first < 1 || second === -1 || token.indexOf('.', second + 1) !== -1) return null
  const header = headerOf(token.slice(0, first))
  if (header === null || header.typ !== typ) return null
  const { kid, alg } = header
  const signature = decoded(token.slice(second + 1))
  const body = decoded(token.slice(first + 1, second))
  if (signature === null || body === null) return null
  return { kid, alg, input: token.slice(0, second), signature, body }
}

/** What a token says whose signature has verified: a JSON object, or null. */
export function payloadOf({ body }: Parsed): Readonly<Record<string, unknown>> | null {
  return objectIn(body, PAYLOAD_LIMITS)
}

/** `typ` as `typeOf` has it. */
type Header = { readonly kid: string; readonly alg: string; readonly typ: string }

/** Our own tokens of one key have one header, so the last few that were good are kept by their text. */
const MAX_HEADERS = 16
const headers = new Map<string, Header>()

function headerOf(text: string): Header | null {
  const known = headers.get(text)
  if (known) return known
  const bytes = text.length > HEADER_LIMITS.length * 2 ? null : decoded(text)
  const members = bytes && objectIn(bytes, HEADER_LIMITS)
  if (members === null || REFUSED.some((name) => Object.hasOwn(members, name))) return null
  const { kid, alg, typ } = members
  if (typeof kid !== 'string' || !KID.test(kid) || typeof alg !== 'string' || typeof typ !== 'string') return null
  const header = { kid, alg, typ: typeOf(typ) }
  if (headers.size >= MAX_HEADERS) headers.delete(headers.keys().next().value as string)
  headers.set(Buffer.from(text, 'latin1').toString('latin1'), header)
  return header
}

/** Media types are compared without case; a subtype of `application` may leave that out (RFC 7515 section 4.1.9). */
function typeOf(typ: string): string {
  const lower = typ.toLowerCase()
  return /^application\/[^/]+$/.test(lower) ? lower.slice('application/'.length) : lower
}

type Limits = { readonly length: number; readonly depth: number; readonly members: number }

/**
 * The strict JSON object in the bytes. Whatever `plainObject` lets pass would pass the closer look too; every honest token is
 * of that kind, and read in half the time.
 */
function objectIn(bytes: Buffer, limits: Limits): Readonly<Record<string, unknown>> | null {
  return bytes.length > limits.length ? null : (plainObject(bytes, limits) ?? strictObject(bytes, limits))
}

/** More than all the quotes of a token weigh. */
const FOREIGN = 2 ** 14

/** By byte: a quote weighs one; what is not printable ASCII, and a backslash, more than all quotes there can be. */
const WEIGHTS = Uint16Array.from({ length: 256 }, (_, byte) => {
  if (byte === 0x22) return 1
  return byte < 0x20 || byte > 0x7e || byte === 0x5c ? FOREIGN : 0
})

/**
 * Where every string is plain ASCII without escapes, two quotes stand around each, so a name that occurs twice shows in
 * their number. Null says only that a closer look is needed.
 */
function plainObject(bytes: Buffer, limits: Limits): Readonly<Record<string, unknown>> | null {
  let quotes = 0
  for (let at = 0; at < bytes.length; at += 1) quotes = (quotes + (WEIGHTS[bytes[at] as number] as number)) | 0
  // Foreign bytes, or so many strings that there could be too many names among them.
  if (quotes > limits.members * 2) return null
  try {
    const value: unknown = JSON.parse(bytes.toString('latin1'))
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
    return stringsIn(value, limits.depth) * 2 === quotes ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

const NOTHING = {}

/** How many strings are in it, names among them; not a number when it needs the closer look. */
function stringsIn(value: unknown, depth: number): number {
  if (typeof value === 'string') return 1
  if (typeof value === 'number') return Number.isFinite(value) ? 0 : Number.NaN
  if (typeof value !== 'object' || value === null) return 0
  if (depth === 0) return Number.NaN
  let strings = 0
  if (Array.isArray(value)) for (const item of value) strings += stringsIn(item, depth - 1)
  else {
    for (const name in value) {
      if (FORBIDDEN.has(name)) return Number.NaN
      strings += 1 + stringsIn((value as Record<string, unknown>)[name], depth - 1)
    }
    // Names that every object inherits would make up for ones that are missing.
    for (const _ in NOTHING) return Number.NaN
  }
  return strings
}

/** A byte order mark stays, and is then no JSON. */
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function strictObject(bytes: Buffer, limits: Limits): Readonly<Record<string, unknown>> | null {
  try {
    const parsed = parseJsonStrict(UTF8.decode(bytes), limits)
    return parsed.ok ? parsed.value : null
  } catch {
    return null
  }
}

/** A part of a token: base64url of JSON. */
export function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** By length modulo 4: the characters that a text may end in, those whose spare bits are zero. None ends after one. */
const ENDS: readonly string[] = [
  ALPHABET,
  '',
  ...[16, 4].map((step) => [...ALPHABET].filter((_, value) => value % step === 0).join('')),
]

/**
 * The bytes of unpadded base64url in its one spelling (RFC 4648 section 3.5): a second one would be a second token. What is
 * not of its alphabet is passed over in decoding, which shows in the length; the two letters of plain base64, which do not show,
 * were looked for before.
 */
function decoded(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64url')
  const whole = text !== '' && bytes.length === (text.length * 3) >> 2
  return whole && ENDS[text.length & 3]?.includes(text.charAt(text.length - 1)) ? bytes : null
}
