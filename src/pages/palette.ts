import type { BrandColors } from '../brand.ts'
import { ConfigurationError } from '../errors.ts'
import { type Color, contrast, isColor, mended, mixed } from './colors.ts'

/** Every colour of a page, by the name of its custom property. */
export type Palette = Readonly<Record<(typeof NAMES)[number], Color>>

const NAMES = [
  ...['page', 'card', 'text', 'soft', 'line', 'edge', 'accent', 'onAccent', 'hover'],
  ...['bad', 'badBack', 'good', 'goodBack'],
] as const

export const LIGHT: Palette = {
  ...{ page: '#f6f7f9', card: '#ffffff', text: '#14171c', soft: '#565d69', line: '#e1e4e9', edge: '#858c98' },
  ...{ accent: '#2747c4', onAccent: '#ffffff', hover: '#1d369b' },
  ...{ bad: '#ab1f2d', badBack: '#fcf0f1', good: '#14633a', goodBack: '#ebf6ef' },
}

export const DARK: Palette = {
  ...{ page: '#0e1014', card: '#16191f', text: '#eceef2', soft: '#a6adb9', line: '#2b303a', edge: '#737b89' },
  ...{ accent: '#a3b5ff', onAccent: '#0d1330', hover: '#c0ccff' },
  ...{ bad: '#ffb4bb', badBack: '#33191d', good: '#9ae0b9', goodBack: '#132a1e' },
}

/** What is read or seen on what, and the contrast it takes (WCAG 2.2, 1.4.3 and 1.4.11). */
const PAIRS: readonly (readonly [mark: keyof Palette, on: readonly (keyof Palette)[], least: number])[] = [
  ['text', ['page', 'card'], 4.5],
  ['soft', ['page', 'card'], 4.5],
  ['accent', ['page', 'card'], 4.5],
  ['hover', ['page', 'card'], 4.5],
  ['onAccent', ['accent', 'hover'], 4.5],
  ['bad', ['page', 'card', 'badBack'], 4.5],
  ['good', ['page', 'card', 'goodBack'], 4.5],
  ['edge', ['page', 'card'], 3],
]

type Scheme = 'colors' | 'colors.dark'

/**
 * The colours of both schemes, with those of a brand.
 * @throws ConfigurationError naming the colour that cannot be read, and one near it that can
 */
export function palettes({ dark = {}, ...light }: BrandColors & { readonly dark?: BrandColors } = {}): {
  readonly light: Palette
  readonly dark: Palette
} {
  const accent = color(light.accent, 'colors', 'accent')
  // Light enough to be read on dark, unless it is said otherwise.
  const derived = accent && !dark.accent ? { accent: mended(accent, [DARK.card, DARK.page], 7) ?? DARK.accent } : {}
  return {
    light: palette(LIGHT, light, 'colors'),
    dark: palette(DARK, { ...derived, ...dark }, 'colors.dark'),
  }
}

function palette(base: Palette, given: BrandColors, scheme: Scheme): Palette {
  const own = Object.fromEntries(
    Object.keys(given).map((name) => [name, color(given[name as keyof BrandColors], scheme, name)]),
  ) as Partial<Palette>
  const accent = own.accent ?? base.accent
  const toward = contrast(accent, '#ffffff') > contrast(accent, '#000000') ? '#000000' : '#ffffff'
  const onAccent = contrast(accent, '#ffffff') >= contrast(accent, '#0c1020') ? '#ffffff' : '#0c1020'
  const made = own.accent ? { onAccent, hover: mixed(accent, toward, 0.2) } : {}
  const whole = { ...base, ...made, ...own } as Palette
  for (const [mark, on, least] of PAIRS) {
    for (const behind of on) judge(whole, own, mark, behind, least, scheme)
  }
  return whole
}

function judge(
  whole: Palette,
  own: Partial<Palette>,
  mark: keyof Palette,
  behind: keyof Palette,
  least: number,
  scheme: Scheme,
): void {
  const ratio = contrast(whole[mark], whole[behind])
  if (ratio >= least) return
  const [wrong, other] = own[mark] ? [mark, behind] : own[behind] ? [behind, mark] : ['accent' as const, behind]
  const near = mended(whole[wrong], [whole[other]], least)
  throw new ConfigurationError(
    `brand.${scheme}.${wrong} is ${whole[wrong]}, which has a contrast of ${ratio.toFixed(1)}:1 to ${other} (${whole[other]}), and ${least}:1 is needed to see it: write one such as ${near ?? '#1a1a1a'}`,
  )
}

function color(value: string | undefined, scheme: Scheme, name: string): Color | undefined {
  if (value === undefined) return undefined
  if (!['accent', 'onAccent', 'page', 'card', 'text'].includes(name)) {
    throw new ConfigurationError(`brand.${scheme} has '${name}': write accent, onAccent, page, card or text`)
  }
  if (isColor(value)) return value.toLowerCase() as Color
  throw new ConfigurationError(`brand.${scheme}.${name} is '${value}': write it as #rrggbb, such as #2747c4`)
}

/** As custom properties. */
export function properties(of: Palette): string {
  const name = (key: string) => `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
  return NAMES.map((key) => `${name(key)}: ${of[key]};`).join(' ')
}
