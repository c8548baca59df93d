import { formText } from './form.ts'

export type BasicFound =
  | { readonly found: 'one'; readonly id: string; readonly secret: string }
  /** Anything but exactly one pair. */
  | { readonly found: 'bad' }

const BAD: BasicFound = { found: 'bad' }

/** Longer headers are not decoded. Characters. */
const MAX_HEADER = 1024

const BASIC = /^basic +([A-Za-z0-9+/]+={0,2})$/i

/**
 * Id and secret of an `Authorization: Basic` header. Both are form-encoded before they are joined by a colon and written in
 * base64 (RFC 6749 section 2.3.1), which is judged strictly: one spelling for one pair, and valid UTF-8 inside.
 */
export function readBasic(header: string): BasicFound {
  if (header.length > MAX_HEADER) return BAD
  const encoded = BASIC.exec(header)?.[1]
  if (encoded === undefined) return BAD
  const bytes = Buffer.from(encoded, 'base64')
  if (bytes.toString('base64') !== encoded) return BAD
  const pair = utf8(bytes)
  const colon = pair?.indexOf(':') ?? -1
  if (pair === null || colon === -1) return BAD
  const [id, secret] = [formText(pair.slice(0, colon)), formText(pair.slice(colon + 1))]
  return id === null || secret === null ? BAD : { found: 'one', id, secret }
}

/** Whether the header is of this scheme at all. */
export function isBasic(header: string): boolean {
  return /^basic(?: |$)/i.test(header)
}

function utf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}
