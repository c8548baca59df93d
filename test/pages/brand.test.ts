import { describe, expect, it } from 'vitest'
import type { BrandOptions } from '../../src/brand.ts'
import { sha256 } from '../../src/crypto.ts'
import { ConfigurationError } from '../../src/errors.ts'
import { brand } from '../../src/pages/brand.ts'
import { type Color, contrast, mended, mixed } from '../../src/pages/colors.ts'
import { DARK, LIGHT, palettes } from '../../src/pages/palette.ts'
import { STYLE } from '../../src/pages/style.ts'
import { site } from './visitor.ts'

const BASE = new URL('https://app.example')

/** What is said of options that cannot be. */
function fault(options: BrandOptions): string {
  try {
    brand({ name: 'Harbour', ...options }, BASE)
    return ''
  } catch (error) {
    return error instanceof ConfigurationError ? error.message : String(error)
  }
}

describe('colours', () => {
  it('are measured as WCAG does', () => {
    expect(contrast('#000000', '#ffffff')).toBe(21)
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
    expect(contrast('#0000ff', '#ffffff')).toBeCloseTo(8.59, 2)
    expect(mixed('#000000', '#ffffff', 0.5)).toBe('#808080')
    const near = mended('#ffee00', ['#ffffff'], 4.5) as Color
    expect(contrast(near, '#ffffff')).toBeGreaterThanOrEqual(4.5)
    expect(mended('#777777', ['#000000', '#ffffff'], 15)).toBeNull()
  })

  it('as they come can be read in both schemes', () => {
    expect(palettes()).toEqual({ light: LIGHT, dark: DARK })
    for (const { text, soft, card, page, accent, onAccent, edge } of [LIGHT, DARK]) {
      for (const behind of [card, page]) {
        for (const mark of [text, soft, accent]) expect(contrast(mark, behind)).toBeGreaterThanOrEqual(4.5)
        expect(contrast(edge, behind)).toBeGreaterThanOrEqual(3)
      }
      expect(contrast(onAccent, accent)).toBeGreaterThanOrEqual(4.5)
    }
  })

  it('of a brand make the dark ones too, and what is written on a button', () => {
    const { light, dark } = palettes({ accent: '#8a1c1c' })
    expect([light.accent, light.onAccent]).toEqual(['#8a1c1c', '#ffffff'])
    expect(contrast(dark.accent, dark.card)).toBeGreaterThanOrEqual(7)
    expect(contrast(dark.onAccent, dark.accent)).toBeGreaterThanOrEqual(4.5)
    expect(palettes({ accent: '#8a1c1c', dark: { accent: '#ffaaaa' } }).dark.accent).toBe('#ffaaaa')
  })

  it.each([
    [
      { accent: '#ffee00' },
      /^brand\.colors\.accent is #ffee00, which has a contrast of 1\.\d:1 to page .* write one such as #/,
    ],
    [{ text: '#999999' }, /^brand\.colors\.text is #999999/],
    [{ card: '#222222' }, /^brand\.colors\.card is #222222/],
    [{ accent: '#123456', onAccent: '#123457' }, /^brand\.colors\.onAccent/],
    [{ dark: { accent: '#101010' } }, /^brand\.colors\.dark\.accent is #101010/],
    [{ accent: 'red' }, /^brand\.colors\.accent is 'red': write it as #rrggbb/],
    [{ accent: '#fff' }, /write it as #rrggbb/],
    [{ colour: '#000000' } as never, /^brand\.colors has 'colour': write accent/],
  ])('that cannot be seen do not start: %j', (colors, message) => {
    expect(fault({ colors })).toMatch(message)
  })

  it('that are suggested can be seen', () => {
    const suggested = /such as (#\w{6})$/.exec(fault({ colors: { accent: '#ffee00' } }))?.[1] as Color
    expect(fault({ colors: { accent: suggested } })).toBe('')
  })
})

describe('a brand', () => {
  it('CS-09: loads nothing but what is named, each by its hash or address', () => {
    const css = '.brand { text-transform: uppercase; }'
    const hash = (text: string) => `'sha256-${Buffer.from(sha256(text), 'hex').toString('base64')}'`
    const of = (options: BrandOptions) => brand({ name: 'Harbour', ...options }, BASE)
    expect(of({})).toMatchObject({
      ...{ name: 'Harbour', logo: null, sheet: null },
      ...{ styleSources: hash(STYLE), imageSources: 'data:' },
    })
    expect(of({ css }).styleSources).toBe(`${hash(STYLE)} ${hash(css)}`)
    const named = of({ css: '/own.css?v=2', logo: '/logo;a,b.svg' })
    expect(named.styleSources).toBe(`${hash(STYLE)} https://app.example/own.css`)
    expect(named.imageSources).toBe('data: https://app.example/logo%3Ba%2Cb.svg')
  })

  it.each([
    [{ logo: 'https://cdn.example/logo.svg' }, 'brand.logo'],
    [{ logo: '//cdn.example/logo.svg' }, 'brand.logo'],
    [{ logo: 'data:text/html,<b>' }, 'brand.logo'],
    [{ logo: 'javascript:alert(1)' }, 'brand.logo'],
    [{ css: '</STYLE><script>' }, 'brand.css'],
    [{ css: '@import "https://cdn.example/a.css"; a {}' }, 'brand.css loads something'],
    [{ css: 'a { background: url(https://cdn.example/a.png) }' }, 'brand.css loads something'],
    [{ css: 'https://cdn.example/a.css' }, 'brand.css'],
    [{ languages: [] }, 'brand.languages is empty'],
    [{ languages: ['fr'] }, "brand has the language 'fr', which does not come with its texts"],
    [{ languages: ['EN_us'] }, 'write it as in en'],
  ] satisfies [BrandOptions, string][])('%j is refused in words', (options, words) => {
    expect(fault(options)).toContain(words)
  })

  it('takes images and style sheets that bring along what they show', () => {
    expect(
      fault({
        logo: 'data:image/svg+xml,<svg/>',
        css: 'a { background: url("data:image/png;base64,") } b { fill: url(#c) }',
      }),
    ).toBe('')
  })

  it('shows name, logo and sheet on every page', async () => {
    const open = await site({ brand: { name: 'Harbour & Sons', logo: '/logo.svg', css: '/own.css' } })
    try {
      const { text } = await open.visitor().get('/sign-in')
      expect(text).toContain('<title>Sign in – Harbour &amp; Sons</title>')
      expect(text).toContain('<img src="/logo.svg" alt="Harbour &amp; Sons">')
      expect(text).toContain('<link rel="stylesheet" href="/own.css">')
    } finally {
      await open.close()
    }
  })
})
