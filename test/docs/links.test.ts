import { existsSync, statSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path/posix'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../../tools/read-tree.ts'
import { everyPage, pageText, prose } from './pages.ts'

/** Links of a text, without those in code. */
function links(text: string): readonly string[] {
  const plain = text.replace(/(`+)[^`].*?\1/gs, (code) => code.replace(/[[\]]/g, ' '))
  return [...plain.matchAll(/\]\(([^)\s]+)(?: "[^"]*")?\)/g)].map(([, to = '']) => to)
}

/** The anchors GitHub gives to headings: letters, digits, `-` and `_` stay, spaces become `-`, what is there already is counted. */
function anchors(text: string): ReadonlySet<string> {
  const found = new Map<string, number>()
  const names = [...text.matchAll(/^#{1,6} +(.*?) *#*$/gm)].map(([, heading = '']) => {
    const name = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\s-]/gu, '')
      .replaceAll(' ', '-')
    const times = found.get(name) ?? 0
    found.set(name, times + 1)
    return times === 0 ? name : `${name}-${times}`
  })
  return new Set(names)
}

/** What is wrong with a link: null when it leads somewhere. */
function flaw(page: string, link: string): string | null {
  if (/^[a-z]+:/.test(link)) return null
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? page : normalize(join(dirname(page), decodeURI(path)))
  if (target.startsWith('..') || !existsSync(join(ROOT, target))) return `${page}: ${link} leads nowhere`
  if (anchor === undefined) return null
  if (statSync(join(ROOT, target)).isDirectory() || !target.endsWith('.md')) return `${page}: ${link} has no anchors`
  return anchors(prose(target)).has(anchor) ? null : `${page}: ${target} has no heading for #${anchor}`
}

describe('links of the Markdown', () => {
  const pages = everyPage()

  it('lead to files and headings that there are', () => {
    // The map for language models is Markdown too (llmstxt.org).
    const all = [...pages, 'llms.txt'].flatMap((page) => links(prose(page)).map((link) => ({ page, link })))
    expect(all.length).toBeGreaterThan(300)
    expect(all.map(({ page, link }) => flaw(page, link)).filter((one) => one !== null)).toEqual([])
  })

  it('are looked at as a browser would', () => {
    expect(links('[a](b.md#c) `[no](no.md)` [d](<e> "f") ![g](h.png)')).toEqual(['b.md#c', '<e>', 'h.png'])
    expect(anchors('# A `b` (c), d!\n## Who’s [there](x.md)\n## A b c d\n### x_y – z')).toEqual(
      new Set(['a-b-c-d', 'whos-there', 'a-b-c-d-1', 'x_y--z']),
    )
    expect(flaw('README.md', 'nowhere.md')).toBe('README.md: nowhere.md leads nowhere')
    expect(flaw('README.md', '#nothing')).toBe('README.md: README.md has no heading for #nothing')
  })

  it('lead to every page of the documentation, from its index or from one that the index leads to', () => {
    const seen = new Set<string>(['docs/README.md'])
    for (const page of seen) {
      for (const link of links(prose(page))) {
        const [path = ''] = link.split('#')
        const target = normalize(join(dirname(page), path))
        if (target.startsWith('docs/') && target.endsWith('.md') && existsSync(join(ROOT, target))) seen.add(target)
      }
    }
    expect(pages.filter((page) => page.startsWith('docs/') && !seen.has(page))).toEqual([])
  })

  it('hold nothing that is not text', () => {
    for (const page of pages) expect(pageText(page), page).not.toMatch(/[\0\uFFFD]|<<<<<<<|>>>>>>>/)
  })
})
