import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ts from 'typescript'
import { expect, it } from 'vitest'
import { ROOT } from '../../tools/read-tree.ts'
import { FILES, GLOBALS, STUBS } from './given.ts'
import { type Block, blocksOf, guides } from './pages.ts'

const NEXT = join(ROOT, 'examples/next/node_modules')

/** Where the blocks of a page are, for the compiler: a folder of its own that is nowhere else. */
function placeOf({ page, line }: Block): string {
  return join(ROOT, 'docs/.blocks', page, `${line}.ts`)
}

/** A block that begins with `// some/file.ts` is that file, to the other blocks of its page. */
function named(block: Block): string | null {
  const [, name] = /^\/\/ ([\w./[\]-]+\.ts)(?::.*)?\n/.exec(block.text) ?? []
  return name === undefined ? null : join(dirname(placeOf(block)), name)
}

/** Path → text of everything the compiler is to see that is no file. */
function virtual(blocks: readonly Block[], stubs: boolean): ReadonlyMap<string, string> {
  const files = new Map<string, string>()
  for (const page of new Set(blocks.map(({ page }) => page))) {
    for (const [name, text] of Object.entries(FILES)) {
      files.set(join(ROOT, 'docs/.blocks', page, name), text)
      files.set(join(ROOT, 'docs/.blocks', page, 'lib', name), text)
    }
  }
  for (const block of blocks) {
    const file = named(block)
    if (file !== null) files.set(file, block.text)
    files.set(placeOf(block), block.text)
  }
  files.set(join(ROOT, 'docs/.blocks/globals.d.ts'), GLOBALS)
  if (stubs) {
    const modules = Object.entries(STUBS).map(([name, text]) => `declare module '${name}' {\n${text}\n}`)
    files.set(join(ROOT, 'docs/.blocks/stubs.d.ts'), modules.join('\n'))
  }
  return files
}

/** What the compiler has against the blocks, by page and line of the page. */
function problems(blocks: readonly Block[]): readonly string[] {
  const installed = existsSync(join(NEXT, 'next'))
  const files = virtual(blocks, !installed)
  const folders = new Set([...files.keys()].flatMap((path) => above(path)))
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
  const roots = [...blocks.map(placeOf), ...[...files.keys()].filter((path) => path.endsWith('.d.ts'))]
  const { readFile, fileExists, getSourceFile } = host
  const program = ts.createProgram(
    roots,
    { ...options, paths, allowImportingTsExtensions: true, noEmit: true },
    {
      ...host,
      readFile: (path) => files.get(path) ?? readFile(path),
      fileExists: (path) => files.has(path) || fileExists(path),
      directoryExists: (path) => folders.has(path) || ts.sys.directoryExists(path),
      getSourceFile(path, version) {
        const text = files.get(path)
        return text === undefined ? getSourceFile(path, version) : ts.createSourceFile(path, text, version)
      },
    },
  )
  return blocks.flatMap((block) => {
    const file = program.getSourceFile(placeOf(block))
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map((one) => {
      const within = file ? file.getLineAndCharacterOfPosition(one.start ?? 0).line : 0
      return `${block.page}:${block.line + 1 + within} ${ts.flattenDiagnosticMessageText(one.messageText, ' ')}`
    })
  })
}

function above(path: string): readonly string[] {
  const folder = dirname(path)
  return folder.length <= ROOT.length ? [] : [folder, ...above(folder)]
}

it('every example compiles', { timeout: 120_000 }, () => {
  const blocks = guides()
    .flatMap((page) => blocksOf(page))
    .filter(({ kind }) => kind === 'ts')
  expect(blocks.length).toBeGreaterThan(40)
  expect(problems(blocks)).toEqual([])
})

it('one that does not is found, on its line', { timeout: 120_000 }, () => {
  const text = "import { role } from 'sallyport'\n\nexport const guard = role(1)\n"
  expect(problems([{ page: 'a.md', line: 10, kind: 'ts', text }])).toEqual([
    "a.md:13 Argument of type 'number' is not assignable to parameter of type 'string'.",
  ])
})
