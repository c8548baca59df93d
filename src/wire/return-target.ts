/** Longer targets are not followed, characters. */
const MAX_TARGET = 2048

/** Printable ASCII without space and backslash: what `URL` would drop or turn around is not there to begin with. */
const PLAIN = /^[\x21-\x5b\x5d-\x7e]+$/
/** Scheme and slashes in full, then a host without user information. */
const ABSOLUTE = /^https?:\/\/[a-z0-9._[\]:-]+(?:[/?#]|$)/i
/** Control characters that a second decoding would bring out. */
const HIDDEN_CONTROL = /%(?:[01][0-9a-f]|7f)/i
/** Whatever someone may read as `//host` after decoding once more. */
const SECOND_SLASH = /^\/(?:\/|%2f|%5c)/i

/**
 * Where to send someone afterwards: a path of the own origin, or a URL of one of `origins`, written as `URL` writes it so
 * that whoever reads it next cannot read it otherwise. Null when there is none, or it is anything else: then go to the
 * default (CS-10). An absolute URL of the own origin is accepted when `origins` holds that too.
 */
export function returnTarget(raw: string | null | undefined, origins: ReadonlySet<string>): string | null {
  if (!raw || raw.length > MAX_TARGET || !PLAIN.test(raw) || HIDDEN_CONTROL.test(raw)) return null
  const absolute = ABSOLUTE.test(raw)
  if (!absolute && (!raw.startsWith('/') || SECOND_SLASH.test(raw))) return null
  const url = URL.parse(raw, 'https://own.invalid')
  if (!url || SECOND_SLASH.test(url.pathname)) return null
  if (absolute) return origins.has(url.origin) ? url.href : null
  return url.origin === 'https://own.invalid' ? `${url.pathname}${url.search}${url.hash}` : null
}
