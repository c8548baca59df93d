import { ConfigurationError } from '../errors.ts'

export type CookieFound =
  | { readonly found: 'none' }
  | { readonly found: 'one'; readonly value: string }
  /** The name stands there more than once. Whose value is whose cannot be told, so none is used (CK-07). */
  | { readonly found: 'many' }

const NONE: CookieFound = { found: 'none' }
const MANY: CookieFound = { found: 'many' }

const TAB = 0x09
const SPACE = 0x20
const COMMA = 0x2c
const SEMICOLON = 0x3b
const EQUALS = 0x3d

/**
 * The cookie called `name` in a `Cookie` header, literally: names match byte for byte, only SP and HTAB around a name
 * or a value are trimmed, and nothing is decoded, unquoted or given a meaning, `$Version` least of all (CK-08 to CK-10).
 *
 * Header lines belong together with `; ` (RFC 9113 section 8.2.3). Some runtimes join them with a comma, which is also a
 * character that browsers let into values, so what follows a comma is never believed: a subdomain could have planted
 * it in a cookie of another name. It does count as a second occurrence, however the lines were joined.
 *
 * `name` must be a token (what `serializeCookie` accepts). The value may share memory with the header: do not keep it.
 */
export function readCookie(header: string | null | undefined, name: string): CookieFound {
  if (!header || name === '') return NONE
  let start = -1
  let seen = false
  for (let at = header.indexOf(name); at !== -1; at = header.indexOf(name, at + name.length)) {
    const equals = afterBlank(header, at + name.length)
    if (header.charCodeAt(equals) !== EQUALS) continue
    const before = beforeBlank(header, at - 1)
    const separator = before === -1 ? SEMICOLON : header.charCodeAt(before)
    if (separator !== SEMICOLON && separator !== COMMA) continue
    if (seen) return MANY
    seen = true
    if (separator === SEMICOLON) start = equals + 1
  }
  if (start === -1) return NONE
  const semicolon = header.indexOf(';', start)
  const from = afterBlank(header, start)
  const last = beforeBlank(header, (semicolon === -1 ? header.length : semicolon) - 1)
  return { found: 'one', value: last < from ? '' : header.slice(from, last + 1) }
}

function afterBlank(text: string, from: number): number {
  let at = from
  for (let code = text.charCodeAt(at); code === SPACE || code === TAB; code = text.charCodeAt(at)) at += 1
  return at
}

function beforeBlank(text: string, from: number): number {
  let at = from
  for (let code = text.charCodeAt(at); code === SPACE || code === TAB; code = text.charCodeAt(at)) at -= 1
  return at
}

export type SameSite = 'lax' | 'strict' | 'none'

type Reach<Name extends string> =
  Lowercase<Name> extends `__host-${string}`
    ? { readonly path: '/'; readonly domain?: undefined; readonly secure: true }
    : Lowercase<Name> extends `__secure-${string}`
      ? { readonly path: string; readonly domain?: string | undefined; readonly secure: true }
      : { readonly path: string; readonly domain?: string | undefined; readonly secure: boolean }

/** Everything of a cookie but its value. A name with a prefix, known when compiling, admits only what it allows. */
export type CookieAttributes<Name extends string = string> = Reach<Name> & {
  readonly name: Name
  /** Whole seconds. Without it the cookie ends with the browser session (CK-04). */
  readonly maxAge?: number | undefined
  readonly httpOnly: boolean
  readonly sameSite: SameSite
}

export type Cookie<Name extends string = string> = CookieAttributes<Name> & { readonly value: string }

/** Browsers drop a cookie whose name and value together are longer, octets (RFC 6265bis section 5.6). */
export const MAX_COOKIE = 4096

const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const VALUE = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/
const PATH = /^\/[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]{0,1023}$/
const DOMAIN = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i
const SAME_SITE = { lax: 'Lax', strict: 'Strict', none: 'None' } as const satisfies Record<SameSite, string>

/**
 * A whole `Set-Cookie` value. Nothing is escaped: a part that could end early or begin another is refused (CK-06).
 * @throws ConfigurationError when name or attributes are not valid or break the rules of the name's prefix.
 * @throws RangeError when the value has a character that no cookie may have, or is too long. It is not in the message.
 */
export function serializeCookie<const Name extends string>(cookie: Cookie<Name>): string {
  const { name, value } = cookie
  const attributes = serializeAttributes(cookie)
  if (!VALUE.test(value)) {
    throw new RangeError(`The value of cookie '${name}' has a character that a cookie may not have`)
  }
  if (name.length + value.length > MAX_COOKIE) {
    throw new RangeError(
      `Cookie '${name}' would take ${name.length + value.length} bytes, browsers keep ${MAX_COOKIE}: put less into it`,
    )
  }
  return `${name}=${value}${attributes}`
}

/** The `Set-Cookie` value that removes the cookie: the attributes it was made with, and an end in the past (TE-04). */
export function clearCookie<const Name extends string>(cookie: CookieAttributes<Name>): string {
  const attributes = serializeAttributes({ ...cookie, maxAge: 0 })
  return `${cookie.name}=; Expires=Thu, 01 Jan 1970 00:00:00 GMT${attributes}`
}

function serializeAttributes(cookie: CookieAttributes): string {
  const { name, path, domain, maxAge, httpOnly, secure, sameSite } = cookie
  if (!NAME.test(name)) {
    throw new ConfigurationError(`Cookie name ${JSON.stringify(name)} is not valid: write letters, digits, '-' and '_'`)
  }
  if (!PATH.test(path)) {
    throw new ConfigurationError(`Path of cookie '${name}' is ${JSON.stringify(path)}: write it as '/' or '/auth'`)
  }
  if (domain !== undefined && !DOMAIN.test(domain)) {
    throw new ConfigurationError(`Domain of cookie '${name}' is ${JSON.stringify(domain)}: write it as 'app.example'`)
  }
  if (maxAge !== undefined && (!Number.isSafeInteger(maxAge) || maxAge < 0)) {
    throw new ConfigurationError(`Max-Age of cookie '${name}' is ${maxAge}: write whole seconds, 0 or more`)
  }
  if (!Object.hasOwn(SAME_SITE, sameSite)) {
    throw new ConfigurationError(
      `SameSite of cookie '${name}' is ${JSON.stringify(sameSite)}: write 'lax', 'strict' or 'none'`,
    )
  }
  if (sameSite === 'none' && !secure) {
    throw new ConfigurationError(
      `Cookie '${name}' has SameSite=None without Secure: browsers drop it; serve it over https`,
    )
  }
  checkPrefix(cookie)
  const parts = [
    maxAge === undefined ? '' : `; Max-Age=${maxAge}`,
    domain === undefined ? '' : `; Domain=${domain}`,
    `; Path=${path}`,
    secure ? '; Secure' : '',
    httpOnly ? '; HttpOnly' : '',
    `; SameSite=${SAME_SITE[sameSite]}`,
  ]
  return parts.join('')
}

/** Prefixes hold in any case (RFC 6265bis section 5.4): a server that did not know would set what browsers drop. */
function checkPrefix({ name, path, domain, secure }: CookieAttributes): void {
  const host = /^__host-/i.test(name)
  if ((host || /^__secure-/i.test(name)) && !secure) {
    throw new ConfigurationError(
      `Cookie '${name}' needs Secure: serve it over https, or leave the prefix out of its name`,
    )
  }
  if (host && path !== '/') {
    throw new ConfigurationError(
      `Cookie '${name}' needs Path=/ and has '${path}': write '/', or use the prefix __Secure-`,
    )
  }
  if (host && domain !== undefined) {
    throw new ConfigurationError(`Cookie '${name}' cannot have a Domain: leave it out, or use the prefix __Secure-`)
  }
}
