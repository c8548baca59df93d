import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

/** The text of axe, for pages to run. */
export function axeSource(): Promise<string> {
  return readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
}

/** What WCAG 2.2 AA and good practice say against the page as it is. */
export async function complaintsOf(page: Page, axe: string): Promise<readonly string[]> {
  await page.evaluate(axe)
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
  const { violations } = await page.evaluate<AxeResults>(`axe.run(document, { runOnly: ${JSON.stringify(tags)} })`)
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}

/** What sticks out sideways, or is cut off. */
export function sticking(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth
    const wide = document.documentElement.scrollWidth > width ? ['the page scrolls'] : []
    const out = [...document.querySelectorAll<HTMLElement>('body *')].filter((element) => {
      const { left, right, width: own } = element.getBoundingClientRect()
      const cut = element.tagName !== 'INPUT' && own > 1 && element.scrollWidth > Math.ceil(own)
      return own > 0 && (left < -0.5 || right > width + 0.5 || cut)
    })
    return [...wide, ...out.map((element) => element.outerHTML.slice(0, 120))]
  })
}
