import { ConfigurationError } from '../errors.ts'

/** The headers that tell where a request comes from, as they came; absent is null or undefined. */
export type OriginHeaders = {
  readonly secFetchSite?: string | null | undefined
  readonly origin?: string | null | undefined
  readonly referer?: string | null | undefined
}

/** `none`: no header says anything. No browser of today sends a request like that from a page. */
export type OriginProof = 'own' | 'foreign' | 'none'

/**
 * Whether a request comes from one of the `own` origins (CS-01 to CS-03). Headers are judged in this order, the first
 * that is there decides; pages cannot set any of them.
 *
 * | Sec-Fetch-Site            | Origin         | Referer           | proof   |
 * |---------------------------|----------------|-------------------|---------|
 * | `same-origin`             | any            | any               | own     |
 * | `none`                    | absent, or own | any               | own     |
 * | `none`                    | other          | any               | foreign |
 * | any other, or an unknown  | own            | any               | own     |
 * | any other, or an unknown  | absent, other  | any               | foreign |
 * | absent                    | own            | any               | own     |
 * | absent                    | other          | any               | foreign |
 * | absent                    | absent         | of an own origin  | own     |
 * | absent                    | absent         | other             | foreign |
 * | absent                    | absent         | absent            | none    |
 *
 * - `same-origin` with `Origin: null` is what a form sends from a page with `Referrer-Policy: no-referrer`.
 * - `none` is a person's own doing (address bar, bookmark), which no page can bring about; with a foreign `Origin` it
 *   is a browser extension's.
 * - `same-site` is no proof: a sibling subdomain may be someone else's.
 * - `other` includes `null`, the empty header, and anything that is not one origin.
 *
 * Origins are equal when scheme, host and port are, after what `URL` does to case and default ports. A host with a final
 * dot is another host.
 */
export function proofOfOrigin(headers: OriginHeaders, own: ReadonlySet<string>): OriginProof {
  const { secFetchSite, origin, referer } = headers
  if (secFetchSite === 'same-origin') return 'own'
  if (present(origin)) return isOwn(origin, own) ? 'own' : 'foreign'
  if (present(secFetchSite)) return secFetchSite === 'none' ? 'own' : 'foreign'
  if (!present(referer)) return 'none'
  return refersTo(referer, own) ? 'own' : 'foreign'
}

/**
 * A set of origins in the form in which they are compared.
 * @throws ConfigurationError naming `option` and the entry that is not an origin such as `https://app.example`.
 */
export function origins(list: readonly string[], option: string): ReadonlySet<string> {
  return new Set(
    list.map((entry) => {
      const origin = parseOrigin(entry)
      if (origin === null) {
        throw new ConfigurationError(
          `${option} has ${JSON.stringify(entry)}: write scheme, host and port only, as in 'https://app.example'`,
        )
      }
      return origin
    }),
  )
}

const ORIGIN = /^https?:\/\/[a-z0-9._[\]:-]{1,300}$/i
const REFERER = /^https?:\/\/[\x21-\x5b\x5d-\x7e]{1,8192}$/i

function parseOrigin(text: string): string | null {
  return ORIGIN.test(text) ? (URL.parse(text)?.origin ?? null) : null
}

function isOwn(text: string, own: ReadonlySet<string>): boolean {
  if (own.has(text)) return true
  const origin = parseOrigin(text)
  return origin !== null && own.has(origin)
}

function refersTo(text: string, own: ReadonlySet<string>): boolean {
  const url = REFERER.test(text) ? URL.parse(text) : null
  return url !== null && own.has(url.origin)
}

function present(value: string | null | undefined): value is string {
  return value !== null && value !== undefined
}
