import { existsSync } from 'node:fs'
import ts from 'typescript'
import { LAYERS } from './check-layers.ts'
import { ROOT, readTree } from './read-tree.ts'

/** What is known of the package, as text; `checkExports` compares these with each other. */
export type Package = {
  readonly manifest: string
  /** Paths of the files directly under `src/`, without the folder. */
  readonly sources: ReadonlySet<string>
  /** Path → text of every page of documentation. */
  readonly pages: ReadonlyMap<string, string>
}

type Target = { readonly types: string; readonly default: string }

/** Files at the top of `src/` that users import; what is here and exists has to be exported. */
const PUBLIC = LAYERS.filter((layer) => layer.name === 'entries' || layer.name === 'client')
  .flatMap((layer) => layer.paths)
  .filter((path) => path.endsWith('.ts'))

/** Where `exports` of package.json, the entry files and the documentation contradict each other, one line each. */
export function checkExports(given: Package): readonly string[] {
  const problems: string[] = []
  const listed = exportsOf(given.manifest)
  const entries = new Set<string>()
  for (const [subpath, target] of listed) {
    const name = subpath === '.' ? 'index' : subpath.slice(2)
    const wanted: Target = { types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` }
    if (JSON.stringify(target) !== JSON.stringify(wanted)) {
      problems.push(`package.json exports "${subpath}": write ${JSON.stringify(wanted)}`)
    }
    if (!given.sources.has(`${name}.ts`))
      problems.push(`package.json exports "${subpath}", but there is no src/${name}.ts`)
    entries.add(`${name}.ts`)
  }
  for (const source of PUBLIC) {
    if (given.sources.has(source) && !entries.has(source)) {
      problems.push(`src/${source} is a public entry, but package.json does not export it`)
    }
  }
  return [...problems, ...documented(listed, given.pages)]
}

/** Every subpath is shown in the documentation, and no page shows one that there is not. */
function documented(listed: ReadonlyMap<string, unknown>, pages: ReadonlyMap<string, string>): readonly string[] {
  const names = [...listed.keys()].map((subpath) => (subpath === '.' ? 'sallyport' : `sallyport${subpath.slice(1)}`))
  const shown = new Map<string, string>()
  for (const [page, text] of pages) {
    for (const match of text.matchAll(/(?:from|import|import\()\s*['"](sallyport(?:\/[\w-]+)*)['"]/g)) {
      if (match[1]) shown.set(match[1], page)
    }
  }
  const missing = names
    .filter((name) => !shown.has(name))
    .map((name) => `no page of the documentation imports '${name}'`)
  const invented = [...shown].filter(([name]) => !names.includes(name))
  return [
    ...missing,
    ...invented.map(([name, page]) => `${page} imports '${name}', which package.json does not export`),
  ]
}

/**
 * Exported names of the entry files that have no doc comment, one line each.
 * @param entries absolute paths
 */
export function undocumented(entries: readonly string[], options: ts.CompilerOptions, root: string): readonly string[] {
  const program = ts.createProgram(entries, options)
  const checker = program.getTypeChecker()
  const problems = new Set<string>()
  for (const entry of entries) {
    const file = program.getSourceFile(entry)
    const module = file && checker.getSymbolAtLocation(file)
    for (const symbol of module ? checker.getExportsOfModule(module) : []) {
      const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
      const place = target.declarations?.[0]?.getSourceFile().fileName
      const foreign = !place || place.includes('/node_modules/')
      if (foreign || target.getDocumentationComment(checker).length > 0) continue
      problems.add(`${place.slice(root.length)} exports ${target.name} to users: it has no doc comment`)
    }
  }
  return [...problems].sort()
}

/** Subpath → target, without `./package.json`, which is a file and no module. */
function exportsOf(manifest: string): ReadonlyMap<string, Target> {
  const all = Object.entries((JSON.parse(manifest).exports ?? {}) as Record<string, Target>)
  return new Map(all.filter(([subpath]) => subpath !== './package.json'))
}

/** After `npm run build`: every target is there and loads. */
async function checkBuilt(manifest: string): Promise<readonly string[]> {
  const problems: string[] = []
  for (const target of exportsOf(manifest).values()) {
    for (const path of [target.types, target.default]) {
      if (!existsSync(`${ROOT}/${path}`)) problems.push(`${path} is missing: run npm run build`)
    }
    if (!existsSync(`${ROOT}/${target.default}`)) continue
    await import(`${ROOT}/${target.default}`).catch((fault: unknown) => {
      problems.push(`${target.default} does not load: ${fault}`)
    })
  }
  return problems
}

async function main(): Promise<void> {
  const files = readTree(['src', 'docs', 'README.md', 'package.json'])
  const manifest = files.get('package.json') ?? '{}'
  const sources = new Set(
    [...files.keys()].filter((path) => /^src\/[^/]+\.ts$/.test(path)).map((path) => path.slice(4)),
  )
  const pages = new Map([...files].filter(([path]) => path.endsWith('.md')))
  const entries = [...exportsOf(manifest).values()]
    .map((target) => `${ROOT}src/${target.default.slice('./dist/'.length, -'.js'.length)}.ts`)
    .filter(existsSync)
  const config = ts.getParsedCommandLineOfConfigFile(
    `${ROOT}tsconfig.json`,
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} },
  )
  const problems = process.argv.includes('--built')
    ? await checkBuilt(manifest)
    : [...checkExports({ manifest, sources, pages }), ...undocumented(entries, config?.options ?? {}, ROOT)]
  for (const problem of problems) console.error(problem)
  console.log(problems.length === 0 ? 'exports: in order' : `exports: ${problems.length} to mend`)
  process.exitCode = problems.length === 0 ? 0 : 1
}

if (import.meta.main) await main()
