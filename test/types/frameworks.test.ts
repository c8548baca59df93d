import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const DOCS = join(ROOT, 'docs/frameworks')
const NEXT = join(ROOT, 'examples/next/node_modules')

/** What the examples take for granted. */
const AUTH = `import { createAuth, memory, session } from 'sallyport'
export const auth = createAuth({ store: memory(), strategy: session(), baseUrl: 'https://app.example', secret: '' })`
const GIVEN: Readonly<Record<string, string>> = {
  'auth.ts': AUTH,
  'app.ts': `import { fastify } from 'fastify'\nexport const app = fastify()`,
  'example.ts': `import type { Authenticated } from 'sallyport'
export declare const who: Authenticated
export declare const secretFromYourVault: string
export declare function report(code: string): void`,
}

/** Of Next and React, what is used of them: for machines on which the example is not installed. */
const STUBS: Readonly<Record<string, string>> = {
  'next/headers': `export function headers(): Promise<Pick<Headers, 'get' | 'has'>>
export function cookies(): Promise<{ set(cookie: { name: string; value: string; sameSite?: true | false | 'lax' | 'strict' | 'none' }): unknown }>`,
  'next/navigation': 'export function redirect(url: string, type?: "push" | "replace"): never',
  'next/server': `export class NextResponse extends Response {
  static next(init?: { request?: { headers?: Headers } }): NextResponse
}`,
  react: 'export function cache<F extends Function>(ask: F): F',
}

it('every example of the frameworks compiles', { timeout: 60_000 }, () => {
  const files = new Map(Object.entries(GIVEN).map(([name, text]) => [join(DOCS, name), text]))
  const roots: string[] = []
  for (const page of readdirSync(DOCS).filter((name) => name.endsWith('.md'))) {
    const text = readFileSync(join(DOCS, page), 'utf8')
    const blocks = [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => match[1] as string)
    expect(blocks.length, page).toBeGreaterThan(0)
    for (const [i, block] of blocks.entries()) {
      const path = join(DOCS, `${page}.${i + 1}.ts`)
      if (block.startsWith('// lib/auth.ts')) files.set(join(DOCS, 'lib/auth.ts'), block)
      files.set(path, block)
      roots.push(path)
    }
  }
  files.set(join(DOCS, 'lib/example.ts'), GIVEN['example.ts'] as string)
  const installed = existsSync(join(NEXT, 'next'))
  if (!installed) {
    const stubs = Object.entries(STUBS).map(([name, text]) => `declare module '${name}' {\n${text}\n}`)
    files.set(join(DOCS, 'stubs.d.ts'), stubs.join('\n'))
    roots.push(join(DOCS, 'stubs.d.ts'))
  }

  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile).config,
    ts.sys,
    ROOT,
  )
  const host = ts.createCompilerHost(options)
  const paths = {
    sallyport: [join(ROOT, 'src/index.ts')],
    'sallyport/*': [join(ROOT, 'src/*.ts')],
    ...(installed && { 'next/*': [join(NEXT, 'next/*.d.ts')], react: [join(NEXT, '@types/react/index.d.ts')] }),
  }
  const own = { ...options, paths, allowImportingTsExtensions: true, noEmit: true }
  const { readFile, fileExists, getSourceFile } = host
  const program = ts.createProgram(roots, own, {
    ...host,
    readFile: (path) => files.get(path) ?? readFile(path),
    fileExists: (path) => files.has(path) || fileExists(path),
    directoryExists: (path) => path === join(DOCS, 'lib') || ts.sys.directoryExists(path),
    getSourceFile(path, version) {
      const text = files.get(path)
      return text === undefined ? getSourceFile(path, version) : ts.createSourceFile(path, text, version)
    },
  })
  const problems = roots
    .flatMap((path) => {
      const file = program.getSourceFile(path)
      return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]
    })
    .map(({ file, start, messageText }) => {
      const line = file ? file.getLineAndCharacterOfPosition(start ?? 0).line + 1 : 0
      return `${file?.fileName.slice(dirname(DOCS).length + 1)}:${line} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
    })
  expect(problems).toEqual([])
})
