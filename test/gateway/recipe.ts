import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const PAGE = fileURLToPath(new URL('../../docs/gateway.md', import.meta.url))

/**
 * What the page says to write, with the places that differ replaced, wherever they stand.
 * @throws when the page has no such block, or the block not one of the places.
 */
export function recipe(language: string, places: Readonly<Record<string, string>>): string {
  const [, block] = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'ms').exec(readFileSync(PAGE, 'utf8')) ?? []
  if (block === undefined) throw new Error(`docs/gateway.md has no block of ${language}`)
  return Object.entries(places).reduce((text, [place, instead]) => {
    if (!text.includes(place)) throw new Error(`the block of ${language} has no '${place}'`)
    return text.replaceAll(place, instead)
  }, block)
}
