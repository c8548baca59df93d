import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { createAuth, memory, session } from '../../src/index.ts'
import { serverMetrics } from '../../src/server/metrics.ts'
import { allBlocks, blocksOf } from './pages.ts'

/** Every kind of block, and what looks at it. */
const KINDS: Readonly<Record<string, string>> = {
  ts: 'test/docs/compiles.test.ts',
  sh: 'test/docs/commands.test.ts',
  sql: 'test/docs/sql.test.ts',
  nginx: 'test/gateway/nginx.test.ts',
  caddyfile: 'test/gateway/caddy.test.ts',
  redis: 'test/tools/compose.test.ts',
  json: 'below',
  yaml: 'below',
  text: 'what is printed: nobody writes it',
}

/** Kinds whose test reads one page, and no other. */
const ONLY_ON: Readonly<Record<string, string>> = {
  nginx: 'docs/gateway.md',
  caddyfile: 'docs/gateway.md',
  sql: 'docs/operations.md',
  redis: 'docs/operations.md',
}

const where = ({ page, line }: { readonly page: string; readonly line: number }) => `${page}:${line}`
const of = (kind: string) => allBlocks().filter((block) => block.kind === kind)

describe('blocks of the pages', () => {
  it('are of a kind that some test looks at', () => {
    const strange = allBlocks().filter(
      ({ kind, page }) => KINDS[kind] === undefined || (ONLY_ON[kind] ?? page) !== page,
    )
    expect(strange.map((block) => `${where(block)} ${block.kind || 'no kind'}`)).toEqual([])
  })

  it('are found whole, wherever they stand', () => {
    const text = 'a\n\n```ts\none\n```\n\n1. b\n\n   ```sh\n   two\n     three\n   ```\n'
    expect(blocksOf('a page', text)).toEqual([
      { page: 'a page', line: 3, kind: 'ts', text: 'one\n' },
      { page: 'a page', line: 9, kind: 'sh', text: 'two\n  three\n' },
    ])
    expect(() => blocksOf('a page', '```ts\nnever\n')).toThrow('a page:1 opens a block that nothing closes')
  })

  it.each(of('json').map((block) => [where(block), block.text]))('%s is JSON', (_, text) => {
    expect(JSON.parse(text)).toBeInstanceOf(Object)
  })

  it.each(of('yaml').map((block) => [where(block), block.text]))('%s is YAML', (_, text) => {
    expect(parse(text, { strict: true })).toBeInstanceOf(Object)
  })

  it('name metrics that there are', async () => {
    const auth = createAuth({
      store: memory(),
      strategy: session(),
      baseUrl: 'https://app.example',
      secret: 'of a test: 0123456789 abcdefghijkl',
    })
    const { body } = await serverMetrics(auth).text()
    await auth.close()
    const known = new Set(
      [...body.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', type]) => [
        name,
        ...(type === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : []),
      ]),
    )
    const named = of('yaml').flatMap(({ text }) => text.match(/\bsallyport_\w+/g) ?? [])
    expect(named.length).toBeGreaterThan(5)
    expect(named.filter((name) => !known.has(name))).toEqual([])
  })
})
