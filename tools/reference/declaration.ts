import ts from 'typescript'

/**
 * How something is declared, without what it does: the head of a function, a class without the bodies of its methods, a type as it
 * is written.
 */
export function declaration(node: ts.Declaration, checker: ts.TypeChecker): string {
  if (ts.isFunctionDeclaration(node)) return head(node, checker)
  if (ts.isClassDeclaration(node)) return classText(node)
  if (ts.isVariableDeclaration(node)) {
    const type = node.type?.getText() ?? checker.typeToString(checker.getTypeAtLocation(node), node, FLAGS)
    return `const ${node.name.getText()}: ${type}`
  }
  if (ts.isTypeAliasDeclaration(node) && isOfValues(node.type)) {
    const type = checker.typeToString(checker.getTypeAtLocation(node), node, FLAGS | ts.TypeFormatFlags.InTypeAlias)
    return `type ${node.name.text} =\n  | ${type.replaceAll('"', "'").split(' | ').join('\n  | ')}`
  }
  return outdented(node.getText().replace(/^export /, ''))
}

/** `keyof typeof CODES`: words that stand in a table, which is written out instead. */
function isOfValues(type: ts.TypeNode): boolean {
  return /^(?:keyof typeof [A-Z]|\(typeof [A-Z_]+\)\[number\]$)/.test(type.getText())
}

const FLAGS = ts.TypeFormatFlags.NoTruncation

function head(node: ts.FunctionDeclaration, checker: ts.TypeChecker): string {
  const name = node.name?.text ?? ''
  const signature = checker.getSignatureFromDeclaration(node)
  const returned =
    node.type?.getText() ?? (signature ? checker.typeToString(signature.getReturnType(), node, FLAGS) : '')
  const generics = node.typeParameters ? `<${node.typeParameters.map((one) => one.getText()).join(', ')}>` : ''
  const given = node.parameters.map((one) => parameter(one))
  const line = `function ${name}${generics}(${given.join(', ')}): ${returned}`
  if (line.length <= 100) return line
  return `function ${name}${generics}(\n${given.map((one) => `  ${one},\n`).join('')}): ${returned}`
}

/** Defaults are part of what it does; a parameter that has one may be left out. */
function parameter(node: ts.ParameterDeclaration): string {
  const name = ts.isIdentifier(node.name) ? node.name.text : 'options'
  const optional = node.initializer !== undefined || node.questionToken !== undefined
  const type = node.type ? outdented(node.type.getText()) : 'unknown'
  return `${node.dotDotDotToken ? '...' : ''}${name}${optional ? '?' : ''}: ${type}`
}

function classText(node: ts.ClassDeclaration): string {
  const heritage = node.heritageClauses?.map((one) => ` ${one.getText()}`).join('') ?? ''
  const members = node.members.flatMap((member) => {
    if (ts.isPropertyDeclaration(member)) return `  ${member.getText().replace(/^override /, '')}`
    if (!ts.isConstructorDeclaration(member)) return []
    return `  constructor(${member.parameters.map(parameter).join(', ')})`
  })
  return `class ${node.name?.text ?? ''}${heritage} {\n${members.join('\n')}\n}`
}

/** Text out of the midst of a file begins where it is. */
function outdented(text: string): string {
  const lines = text.split('\n')
  const indents = lines.slice(1).flatMap((line) => (line.trim() === '' ? [] : [line.search(/\S/)]))
  const least = Math.min(...indents, Number.MAX_SAFE_INTEGER)
  // What closes stands where the first line began.
  const by = lines.length > 1 ? least : 0
  return [lines[0], ...lines.slice(1).map((line) => line.slice(by))].join('\n')
}
