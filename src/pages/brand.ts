import type { BrandOptions } from '../brand.ts'
import { sha256 } from '../crypto.ts'
import { ConfigurationError } from '../errors.ts'
import { type Language, languages } from './languages.ts'
import { palettes } from './palette.ts'
import { styleOf } from './style.ts'

/** What every page of an installation has of it. */
export type Brand = {
  readonly name: string
  /** The address of an image, or null. */
  readonly logo: string | null
  /** Style sheets inside the page, in order. */
  readonly styles: readonly string[]
  /** The path of one beside it, or null. */
  readonly sheet: string | null
  /** For `style-src` and `img-src`: nothing else is a style or an image here (CSP level 3, section 6.7.3.3). */
  readonly styleSources: string
  readonly imageSources: string
  readonly languages: readonly [Language, ...Language[]]
}

/** A path of the own origin. */
const PATH = /^\/(?!\/)[\x21\x23-\x5b\x5d-\x7e]*$/
/** Whatever a style sheet would load, but for what it brings along. */
const LOADING = /@import|url\(\s*(?!["']?\s*(?:data:|#))/i

/** @throws ConfigurationError naming what cannot be and what to write */
export function brand(options: BrandOptions & { readonly name: string }, baseUrl: URL): Brand {
  const { name, logo, css, colors } = options
  const own = css === undefined ? null : PATH.test(css) ? { sheet: css } : { text: checkedCss(css) }
  const styles = [styleOf(palettes(colors)), ...(own?.text === undefined ? [] : [own.text])]
  const sheet = own?.sheet ?? null
  return {
    name,
    logo: logo === undefined ? null : checkedLogo(logo),
    styles,
    sheet,
    styleSources: [...styles.map(hashOf), ...(sheet === null ? [] : [at(sheet, baseUrl)])].join(' '),
    imageSources: logo !== undefined && PATH.test(logo) ? `data: ${at(logo, baseUrl)}` : 'data:',
    languages: languages(options),
  }
}

function hashOf(text: string): string {
  return `'sha256-${Buffer.from(sha256(text), 'hex').toString('base64')}'`
}

/** A source of the policy has no query, and neither comma nor semicolon. */
function at(path: string, { origin }: URL): string {
  const { pathname } = new URL(path, origin)
  return `${origin}${pathname.replaceAll(';', '%3B').replaceAll(',', '%2C')}`
}

function checkedLogo(logo: string): string {
  if (PATH.test(logo) || /^data:image\/(svg\+xml|png|webp|jpeg|gif)[;,]/.test(logo)) return logo
  throw new ConfigurationError(
    `brand.logo is '${logo.slice(0, 80)}': write a path of your own origin, such as '/logo.svg', or an image as data: – pages load nothing from elsewhere`,
  )
}

function checkedCss(css: string): string {
  if (/<\/style/i.test(css)) throw new ConfigurationError(`brand.css has '</style': write the style sheet alone`)
  if (LOADING.test(css)) {
    throw new ConfigurationError(
      `brand.css loads something, which pages do not do: put images into it as data:, or give the path of a style sheet of your own origin`,
    )
  }
  if (css.includes('{') || css.trim() === '') return css
  throw new ConfigurationError(
    `brand.css is '${css.slice(0, 80)}': write the text of a style sheet, or its path on your own origin, such as '/brand.css'`,
  )
}
