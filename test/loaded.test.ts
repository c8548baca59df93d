import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const SRC = fileURLToPath(new URL('../src/', import.meta.url))

/** Everything a fresh process loads for it: files of ours by their path, packages by their name. */
function loaded(source: string): { readonly ours: readonly string[]; readonly packages: readonly string[] } {
  const watched = `
    import { registerHooks } from 'node:module'
    const seen = []
    registerHooks({ load: (url, context, next) => (seen.push(url), next(url, context)) })
    ${source}
    console.log(JSON.stringify(seen))`
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module-typescript', '-e', watched]
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: SRC, encoding: 'utf8' })
  expect(stderr).toBe('')
  const seen = (JSON.parse(stdout) as string[]).map((url) => decodeURIComponent(url))
  const names = seen.flatMap((url) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? [])
  const ours = seen.filter((url) => url.startsWith(`file://${SRC}`)).map((url) => url.slice(`file://${SRC}`.length))
  return { ours, packages: [...new Set(names)].sort() }
}

const entry = (name: string) => loaded(`await import('${SRC}${name}.ts')`)

it('the library loads what it decides by, and nothing that only some need, or only later', () => {
  const { ours, packages } = entry('index')
  expect(packages).toEqual(['bowser'])
  const later =
    /^(?:http|pages|adapters|server|cli|webhooks|providers|verify|testing|stores\/(?:sql|redis))\/|^mail\/smtp/
  expect(ours.filter((path) => later.test(path))).toEqual([])
  expect(ours).toContain('create-auth.ts')
})

it.each(['sqlite', 'smtp', 'verify', 'webhooks', 'providers', 'config', 'node', 'express', 'fastify', 'hono', 'next'])(
  'sallyport/%s loads no package',
  (name) => {
    expect(entry(name).packages).toEqual([])
  },
)

it('a guard that is ready hashes in threads of its own, and has still nothing of the HTTP API', () => {
  const { ours, packages } = loaded(`
    const { createAuth, memory, session } = await import('${SRC}index.ts')
    const base = { store: memory(), strategy: session(), baseUrl: 'http://localhost', secret: 'test-secret-0123456789-abcdefghijklmnop' }
    const auth = createAuth(base)
    await auth.ready()
    await auth.close()`)
  expect(packages).toEqual(['bowser'])
  expect(ours.some((path) => path.startsWith('http/'))).toBe(false)
})
