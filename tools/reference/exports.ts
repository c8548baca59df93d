import ts from 'typescript'
import { commentOf, paragraphs } from './comments.ts'
import { declaration } from './declaration.ts'
import { isOurs, meant, type Sources } from './sources.ts'

type Entry = { readonly name: string; readonly nodes: readonly ts.Declaration[] }

/** Page by page what each subpath exports, and on one more the types that those name and nobody exports. */
export function exportPages({ entries, checker }: Sources): ReadonlyMap<string, string> {
  const shown = new Set<ts.Symbol>()
  const pages = new Map<string, string>()
  const all: ts.Declaration[] = []
  for (const [subpath, file] of entries) {
    const module = checker.getSymbolAtLocation(file)
    const symbols = module ? checker.getExportsOfModule(module) : []
    const exported = symbols
      .map((symbol) => {
        const target = meant(checker, symbol)
        shown.add(target)
        return { name: symbol.name, nodes: (target.declarations ?? []).filter(isOurs) }
      })
      .filter(({ nodes }) => nodes.length > 0)
      .sort((a, b) => order(a) - order(b) || a.name.localeCompare(b.name, 'en'))
    all.push(...exported.flatMap(({ nodes }) => nodes))
    pages.set(`${subpath.replace('/', '-')}.md`, page(subpath, commentOfFile(file), exported, checker))
  }
  const others = named(all, shown, checker)
  pages.set('types.md', page(null, TYPES, others, checker))
  return pages
}

const TYPES = 'What the exports name without exporting it. They cannot be imported, and are here to be looked up.'

/** What can be called comes before what it is given. */
function order({ nodes }: Entry): number {
  return nodes.some((node) => !ts.isTypeAliasDeclaration(node) && !ts.isInterfaceDeclaration(node)) ? 0 : 1
}

function page(subpath: string | null, said: string, exported: readonly Entry[], checker: ts.TypeChecker): string {
  const parts = exported.map(({ name, nodes }) => {
    const blocks = nodes.map((node) => `\`\`\`ts\n${declaration(node, checker)}\n\`\`\``)
    const comment = nodes.map((node) => paragraphs(commentOf(holder(node)))).find((text) => text !== '') ?? ''
    return [`## ${name}`, ...blocks, ...(comment === '' ? [] : [comment])].join('\n\n')
  })
  return `${[`# ${subpath ?? 'Types'}`, ...(said === '' ? [] : [said]), ...parts].join('\n\n')}\n`
}

/** A constant's comment stands before its statement. */
function holder(node: ts.Declaration): ts.Node {
  return ts.isVariableDeclaration(node) ? node.parent.parent : node
}

/** A comment at the top of a file that is not that of its first statement. */
function commentOfFile(file: ts.SourceFile): string {
  const [, said] = /^\/\*\*\s*`sallyport[^`]*`: (.*?)\s*\*\//s.exec(file.text) ?? []
  return said === undefined ? '' : `${said[0]?.toUpperCase()}${said.slice(1)}`
}

/** Types of the house that these declarations name, and those that they name in turn, but for what is exported. */
function named(from: readonly ts.Declaration[], exported: ReadonlySet<ts.Symbol>, checker: ts.TypeChecker) {
  const found = new Map<ts.Symbol, Entry>()
  const look = (node: ts.Node): void => {
    // What a function or a value is made of is nobody's business.
    if (
      ts.isBlock(node) ||
      (ts.isExpression(node) && !ts.isIdentifier(node) && !ts.isExpressionWithTypeArguments(node))
    )
      return
    // Of what a member is taken from, nothing else is meant.
    if (ts.isIndexedAccessTypeNode(node)) return
    if (ts.isTypeReferenceNode(node)) note(checker.getSymbolAtLocation(node.typeName))
    ts.forEachChild(node, look)
  }
  const note = (symbol: ts.Symbol | undefined): void => {
    const target = symbol && meant(checker, symbol)
    if (!target || exported.has(target) || found.has(target)) return
    const nodes = (target.declarations ?? []).filter(
      (node) => isOurs(node) && (ts.isTypeAliasDeclaration(node) || ts.isInterfaceDeclaration(node)),
    )
    if (nodes.length === 0) return
    found.set(target, { name: target.name, nodes })
    nodes.forEach(look)
  }
  from.forEach(look)
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name, 'en'))
}
