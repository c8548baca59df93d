import ts from 'typescript'

/**
 * `type`: `import type` or `import('…').T`, gone at run time. `runtime`: everything that is loaded with the file; with
 * `verbatimModuleSyntax` that includes `import { type A }`. `dynamic`: `import('…')` when it runs.
 */
export type ImportFact = {
  readonly specifier: string
  readonly line: number
  readonly kind: 'type' | 'runtime' | 'dynamic'
}

/** Something in the text that a house rule speaks of. */
export type UseFact = { readonly use: Use; readonly line: number }
export type Use =
  | 'time'
  | 'environment'
  | 'random'
  | 'console'
  | 'any'
  | 'default export'
  | 'class'
  | 'suppression'
  | 'import of an expression'

export type SourceFacts = {
  readonly imports: readonly ImportFact[]
  readonly uses: readonly UseFact[]
  readonly lines: number
}

/** What one source file imports and does, from its syntax tree. Types are not resolved. */
export function sourceFacts(path: string, text: string): SourceFacts {
  const kind = path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind)
  const imports: ImportFact[] = []
  const uses: UseFact[] = suppressions(text, file)

  const visit = (node: ts.Node): void => {
    const line = lineOf(file, node.getStart(file))
    const found = importOf(node)
    if (found) imports.push({ ...found, line })
    const use = useOf(node)
    if (use) uses.push({ use, line })
    ts.forEachChild(node, visit)
  }
  visit(file)
  return { imports, uses, lines: text.trimEnd().split('\n').length }
}

function importOf(node: ts.Node): Omit<ImportFact, 'line'> | null {
  if (ts.isImportDeclaration(node)) {
    return { specifier: literal(node.moduleSpecifier), kind: isTypeOnly(node.importClause) ? 'type' : 'runtime' }
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
    return { specifier: literal(node.moduleSpecifier), kind: node.isTypeOnly ? 'type' : 'runtime' }
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return { specifier: literal(node.argument.literal), kind: 'type' }
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [target] = node.arguments
    return target && ts.isStringLiteralLike(target) ? { specifier: target.text, kind: 'dynamic' } : null
  }
  return null
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  return clause?.phaseModifier === ts.SyntaxKind.TypeKeyword
}

function literal(node: ts.Node): string {
  return ts.isStringLiteralLike(node) ? node.text : ''
}

function useOf(node: ts.Node): Use | null {
  if (node.kind === ts.SyntaxKind.AnyKeyword) return 'any'
  if (ts.isClassLike(node)) return isErrorOrElement(node) ? null : 'class'
  if (ts.isExportAssignment(node)) return 'default export'
  if (ts.isExportSpecifier(node)) return node.name.text === 'default' ? 'default export' : null
  if (ts.canHaveModifiers(node) && ts.getModifiers(node)?.some((m) => m.kind === ts.SyntaxKind.DefaultKeyword)) {
    return 'default export'
  }
  if (ts.isNewExpression(node) || ts.isCallExpression(node)) {
    if (node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      return node.arguments?.[0] && ts.isStringLiteralLike(node.arguments[0]) ? null : 'import of an expression'
    }
    return isGlobal(node.expression, 'Date') ? 'time' : null
  }
  const owner = ownerOf(node)
  if (!owner) return null
  if (isGlobal(owner.of, 'Date') && owner.name === 'now') return 'time'
  if (isGlobal(owner.of, 'performance') && owner.name !== undefined) return 'time'
  if (isGlobal(owner.of, 'process') && owner.name === 'env') return 'environment'
  if (isGlobal(owner.of, 'Math') && owner.name === 'random') return 'random'
  return isGlobal(owner.of, 'console') ? 'console' : null
}

/** `Math.random`, `Math['random']`, `const { random } = Math`: the object, and the member taken from it. */
function ownerOf(node: ts.Node): { readonly of: ts.Expression; readonly name: string | undefined } | null {
  if (ts.isPropertyAccessExpression(node)) return { of: node.expression, name: node.name.text }
  if (ts.isElementAccessExpression(node)) return { of: node.expression, name: literal(node.argumentExpression) }
  if (ts.isBindingElement(node) && ts.isVariableDeclaration(node.parent.parent) && node.parent.parent.initializer) {
    const name = node.propertyName ?? node.name
    return { of: node.parent.parent.initializer, name: ts.isIdentifier(name) ? name.text : undefined }
  }
  return null
}

/** `Date`, or `globalThis.Date`. A local of the same name is not told apart: call it something else. */
function isGlobal(node: ts.Expression, name: string): boolean {
  if (ts.isIdentifier(node)) return node.text === name
  return ts.isPropertyAccessExpression(node) && isGlobal(node.expression, 'globalThis') && node.name.text === name
}

function isErrorOrElement(node: ts.ClassLikeDeclaration): boolean {
  const base = node.heritageClauses?.find((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword)?.types[0]
    ?.expression
  return base !== undefined && ts.isIdentifier(base) && /^(?:\w*Error|HTMLElement)$/.test(base.text)
}

/** Comments that switch the compiler off. */
function suppressions(text: string, file: ts.SourceFile): UseFact[] {
  return [...text.matchAll(/(?:\/\/|\/\*)\s*@ts-(?:ignore|nocheck|expect-error)/g)].map((match) => ({
    use: 'suppression',
    line: lineOf(file, match.index),
  }))
}

function lineOf(file: ts.SourceFile, position: number): number {
  return file.getLineAndCharacterOfPosition(position).line + 1
}
