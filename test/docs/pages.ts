import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../../tools/read-tree.ts'

/** A fenced block of a page. */
export type Block = {
  /** Path from the root of the repository. */
  readonly page: string
  /** Of the fence. */
  readonly line: number
  readonly kind: string
  readonly text: string
}

const SKIPPED = new Set(['node_modules', 'dist', '.git', '.next', '.data'])

/** Every page of Markdown in the repository, by its path from the root. */
export function everyPage(folder = ''): readonly string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((one) => {
    const path = folder === '' ? one.name : `${folder}/${one.name}`
    if (one.isDirectory()) return SKIPPED.has(one.name) ? [] : everyPage(path)
    return one.name.endsWith('.md') ? [path] : []
  })
}

/**
 * Those that are for whoever uses it. The reference is made from the sources and compared with them (`npm run reference`), and so is the
 * table of the security rows.
 */
export function guides(): readonly string[] {
  return everyPage().filter(
    (path) =>
      path === 'README.md' ||
      /^examples\/[^/]+\/README\.md$/.test(path) ||
      (path.startsWith('docs/') && !path.startsWith('docs/reference/') && path !== 'docs/security.md'),
  )
}

export function pageText(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8')
}

/** Fences may be indented, as inside a list; so is what is in them then. */
export function blocksOf(page: string, text = pageText(page)): readonly Block[] {
  const blocks: Block[] = []
  const lines = text.split('\n')
  for (let i = 0; i < lines.length; i += 1) {
    const [, indent = '', fence, kind = ''] = /^( *)(`{3,})(.*)$/.exec(lines[i] ?? '') ?? []
    if (fence === undefined) continue
    const end = lines.findIndex((line, j) => j > i && line === `${indent}${fence}`)
    if (end < 0) throw new Error(`${page}:${i + 1} opens a block that nothing closes`)
    const inner = lines.slice(i + 1, end).map((line) => line.slice(indent.length))
    blocks.push({ page, line: i + 1, kind: kind.trim(), text: `${inner.join('\n')}\n` })
    i = end
  }
  return blocks
}

/** The page without its blocks, so that nothing in them is taken for text. Lines stay where they were. */
export function prose(page: string): string {
  const lines = pageText(page).split('\n')
  for (const { line, text } of blocksOf(page)) {
    for (let i = line - 1; i <= line - 1 + text.split('\n').length; i += 1) lines[i] = ''
  }
  return lines.join('\n')
}

export function allBlocks(): readonly Block[] {
  return guides().flatMap((page) => blocksOf(page))
}
