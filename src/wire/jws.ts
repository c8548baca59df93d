import { parseJsonStrict } from './json.ts'

/** No token of this kind is longer, and nothing of a longer one is decoded (JW-17). Characters. */
export const MAX_TOKEN = 8192

/** A signature of RSA with 4096 bits, and something to spare. Characters. */
const MAX_SIGNATURE = 1024

const HEADER_LIMITS = { length: 1024, depth: 3, members: 16 } as const
const PAYLOAD_LIMITS = { length: MAX_TOKEN, depth: 6, members: 200 } as const

const KID = /^[A-Za-z0-9_-]{1,64}$/
const BASE64URL = /^[A-Za-z0-9_-]+$/

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
  /** Canonical base64url. */
  readonly signature: string
  /** What it says: a JSON object, or null. To be asked for once the signature has verified, and not before. */
  payload(): Readonly<Record<string, unknown>> | null
}

/** A JWS in compact serialization (RFC 7515 section 3.1). @param sign makes the base64url signature of a text. */
export function compact(header: object, payload: object, sign: (input: string) => string): string {
  const input = `${encoded(header)}.${encoded(payload)}`
  return `${input}.${sign(input)}`
}

/**
 * Every check of a compact JWS that needs no key; null for whatever is wrong. Exactly three parts of unpadded canonical
 * base64url and nothing around them (JW-06), a header that is one strict JSON object (JW-08, JW-18), the `typ` that is
 * expected (JW-14), and a `kid` that is a bounded opaque name (JW-05).
 */
export function parseCompact(token: string, typ: string): Parsed | null {
  if (token.length > MAX_TOKEN) return null
  const first = token.indexOf('.')
  const second = token.indexOf('.', first + 1)
  if (first < 1 || second === -1 || token.indexOf('.', second + 1) !== -1) return null
  const header = headerOf(token.slice(0, first))
  if (header === null || !isType(header.typ, typ)) return null
  const { kid, alg } = header
  const signature = token.slice(second + 1)
  if (signature.length > MAX_SIGNATURE || decoded(signature) === null) return null
  const body = token.slice(first + 1, second)
  if (!isCanonical(body)) return null
  return { kid, alg, input: token.slice(0, second), signature, payload: () => objectIn(body, PAYLOAD_LIMITS) }
}

type Header = { readonly kid: string; readonly alg: string; readonly typ: string }

/** Our own tokens of one key have one header, so the last few that were good are kept by their text. */
const MAX_HEADERS = 16
const headers = new Map<string, Header>()

function headerOf(text: string): Header | null {
  const known = headers.get(text)
  if (known) return known
  const members = objectIn(text, HEADER_LIMITS)
  if (members === null || REFUSED.some((name) => Object.hasOwn(members, name))) return null
  const { kid, alg, typ } = members
  if (typeof kid !== 'string' || !KID.test(kid) || typeof alg !== 'string' || typeof typ !== 'string') return null
  const header = { kid, alg, typ }
  if (headers.size >= MAX_HEADERS) headers.delete(headers.keys().next().value as string)
  headers.set(Buffer.from(text, 'latin1').toString('latin1'), header)
  return header
}

/** Media types, compared without case; a subtype of `application` may leave that out (RFC 7515 section 4.1.9). */
function isType(given: string, expected: string): boolean {
  const lower = given.toLowerCase()
  return lower === expected || lower === `application/${expected}`
}

/** The strict JSON object that the text encodes. */
function objectIn(
  text: string,
  limits: { readonly length: number; readonly depth: number; readonly members: number },
): Readonly<Record<string, unknown>> | null {
  const bytes = decoded(text)
  const json = bytes && utf8(bytes)
  if (json === null) return null
  const parsed = parseJsonStrict(json, limits)
  return parsed.ok ? parsed.value : null
}

/** A byte order mark stays, and is then no JSON. */
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function utf8(bytes: Buffer): string | null {
  try {
    return UTF8.decode(bytes)
  } catch {
    return null
  }
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function decoded(text: string): Buffer | null {
  return isCanonical(text) ? Buffer.from(text, 'base64url') : null
}

/** By character code: the last bits of a sextet that a short last group must leave zero. */
const VALUES = new Uint8Array(128)
for (const [value, character] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'].entries()) {
  VALUES[character.charCodeAt(0)] = value
}

/** Unpadded base64url of which there is only one spelling (RFC 4648 section 3.5): a second one would be a second token. */
function isCanonical(text: string): boolean {
  if (!BASE64URL.test(text)) return false
  const rest = text.length % 4
  if (rest === 0) return true
  const last = VALUES[text.charCodeAt(text.length - 1)] as number
  return rest === 1 ? false : (last & (rest === 2 ? 0x0f : 0x03)) === 0
}
