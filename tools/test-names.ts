import ts from 'typescript'

/** What registers a test: Vitest's own, and those the exported contract suites hand to their cases. */
const REGISTER = new Set(['it', 'test', 'race', 'between'])
/** With one of these behind it, nothing runs. */
const IDLE = new Set(['skip', 'todo', 'fails'])

/**
 * The names of the tests in a file: what `it('…', run)` and `test('…', run)` are called with, also through `.each`,
 * `.skipIf` and the like, and the `name` of `{ name: '…', run }`. Parts that are computed stand as `…`. Tests that are
 * skipped for good prove nothing and are left out.
 */
export function testNames(path: string, text: string): readonly string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const names: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.arguments.length > 1 && isTest(node.expression))
      names.push(...textOf(node.arguments[0]))
    if (ts.isObjectLiteralExpression(node) && member(node, 'run')) names.push(...textOf(member(node, 'name')))
    ts.forEachChild(node, visit)
  }
  visit(file)
  return names
}

function isTest(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return REGISTER.has(callee.text)
  if (ts.isPropertyAccessExpression(callee)) {
    if (IDLE.has(callee.name.text)) return false
    return REGISTER.has(callee.name.text) || isTest(callee.expression)
  }
  if (ts.isCallExpression(callee)) return isTest(callee.expression)
  return ts.isTaggedTemplateExpression(callee) && isTest(callee.tag)
}

function member(literal: ts.ObjectLiteralExpression, name: string): ts.Node | undefined {
  const found = literal.properties.find(
    (one) => one.name !== undefined && ts.isIdentifier(one.name) && one.name.text === name,
  )
  return found && ts.isPropertyAssignment(found) ? found.initializer : found
}

function textOf(node: ts.Node | undefined): readonly string[] {
  if (!node) return []
  if (ts.isStringLiteralLike(node)) return [node.text]
  if (!ts.isTemplateExpression(node)) return []
  return [node.head.text + node.templateSpans.map((span) => `…${span.literal.text}`).join('')]
}
