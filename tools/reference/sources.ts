import ts from 'typescript'
import { ROOT, readTree } from '../read-tree.ts'

/** What everything in the reference is read from: the public entries, and what they mean to the compiler. */
export type Sources = {
  /** How it is imported (`sallyport/pages`) → its file. */
  readonly entries: ReadonlyMap<string, ts.SourceFile>
  readonly checker: ts.TypeChecker
  /** @param path from the root of the repository */
  file(path: string): ts.SourceFile
}

export function sources(): Sources {
  const { exports } = JSON.parse(readTree(['package.json']).get('package.json') ?? '{}') as {
    readonly exports: Readonly<Record<string, { readonly default: string }>>
  }
  const names = Object.entries(exports)
    .filter(([subpath]) => subpath !== './package.json')
    .map(([subpath, target]) => {
      const path = `${ROOT}src/${target.default.slice('./dist/'.length, -'.js'.length)}.ts`
      return [subpath === '.' ? 'sallyport' : `sallyport${subpath.slice(1)}`, path] as const
    })
  const config = ts.getParsedCommandLineOfConfigFile(
    `${ROOT}tsconfig.json`,
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} },
  )
  const program = ts.createProgram(
    names.map(([, path]) => path),
    config?.options ?? {},
  )
  const file = (path: string) => {
    const found = program.getSourceFile(path)
    if (!found) throw new Error(`${path} is in no entry`)
    return found
  }
  return {
    entries: new Map(names.map(([name, path]) => [name, file(path)])),
    checker: program.getTypeChecker(),
    file: (path) => file(`${ROOT}${path}`),
  }
}

/** Whether it is declared in `src/`. */
export function isOurs(node: ts.Node): boolean {
  return node.getSourceFile().fileName.startsWith(`${ROOT}src/`)
}

/** What an exported name stands for, wherever it was exported from before. */
export function meant(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
}
