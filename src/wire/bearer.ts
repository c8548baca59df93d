export type BearerFound =
  /** There is no `Authorization` header. */
  | { readonly found: 'none' }
  | { readonly found: 'one'; readonly token: string }
  /** There is one, and it holds anything but exactly one bearer token. */
  | { readonly found: 'bad' }

const NONE: BearerFound = { found: 'none' }
const BAD: BearerFound = { found: 'bad' }

const SCHEME = 'bearer'
const SPACE = 0x20
const TOKEN68 = /^[A-Za-z0-9\-._~+/]+=*$/

/**
 * What follows the scheme `Bearer` in an `Authorization` header: the scheme in any case, then one or more SP. Null where there is
 * anything else. For whoever checks the form of what follows by itself: long tokens are gone through once.
 */
export function bearerCredentials(header: string): string | null {
  for (let at = 0; at < SCHEME.length; at += 1) {
    if ((header.charCodeAt(at) | 0x20) !== SCHEME.charCodeAt(at)) return null
  }
  let start = SCHEME.length
  while (header.charCodeAt(start) === SPACE) start += 1
  return start === SCHEME.length ? null : header.slice(start)
}

export function isToken68(text: string): boolean {
  return TOKEN68.test(text)
}

/**
 * The token of an `Authorization` header: the scheme in any case, one or more SP, one token68 and nothing else
 * (RFC 6750 section 2.1, RFC 9110 section 11.4). Other schemes, an empty header and two headers joined by a comma are `bad`:
 * a header that is there alone counts, and never gives way to a cookie (CS-11, JW-23).
 */
export function readBearer(header: string | null | undefined): BearerFound {
  if (header === null || header === undefined) return NONE
  const token = bearerCredentials(header)
  return token !== null && isToken68(token) ? { found: 'one', token } : BAD
}
