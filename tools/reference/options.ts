import ts from 'typescript'
import { cell, code, commentOf } from './comments.ts'
import { isOurs, meant, type Sources } from './sources.ts'

/** Where options are declared, in the order of the page: heading, file, type. */
const GROUPS: readonly (readonly [heading: string, file: string, type: string])[] = [
  ['createAuth()', 'src/options.ts', 'Options'],
  ['hybrid()', 'src/strategies/hybrid.ts', 'HybridOptions'],
  ['jwt()', 'src/strategies/jwt.ts', 'JwtOptions'],
  ['sqlite()', 'src/stores/sql/sqlite.ts', 'SqliteOptions'],
  ['postgres()', 'src/stores/sql/postgres.ts', 'PostgresOptions'],
  ['redis()', 'src/stores/redis/redis.ts', 'RedisOptions'],
  ['smtp()', 'src/mail/smtp.ts', 'SmtpOptions'],
  ['gate() of a framework', 'src/adapters/gate.ts', 'GateOptions'],
  ['gate() of Hono, besides', 'src/adapters/hono.ts', 'HonoOptions'],
  ['gate() of Next, besides', 'src/adapters/next.ts', 'NextOptions'],
  ['pages()', 'src/pages/pages.ts', 'PagesOptions'],
  ['verifier()', 'src/verify/options.ts', 'VerifierOptions'],
  ['turnstile() and hcaptcha()', 'src/providers/siteverify.ts', 'SiteverifyOptions'],
]

/** Types that are written out member by member, with dots between; all others are named. */
const WRITTEN_OUT = /(?:Options|Limit|Colors)$|^(?:WaysIn|CaptchaWidget)$/

type Option = {
  readonly path: string
  readonly required: boolean
  readonly type: string
  readonly usual: string | null
  readonly says: string
  readonly branch: boolean
}

/** The page, and what is missing in the sources: a comment, or what holds when the option is left out. */
export function optionsPage(from: Sources): { readonly page: string; readonly missing: readonly string[] } {
  const missing: string[] = []
  const parts = GROUPS.map(([heading, path, name]) => {
    const options = optionsOf(from, path, name, heading.endsWith('besides'))
    for (const one of options) {
      if (one.says === '') missing.push(`${path}: ${one.path} has no comment`)
      if (!one.required && !one.branch && one.usual === null) missing.push(`${path}: ${one.path} has no @default`)
    }
    const rows = options.map(
      ({ path, required, type, usual, says, branch }) =>
        `| ${code(path)} | ${branch ? '' : code(type)} | ${required ? '**required**' : shown(usual)} | ${cell(says)} |`,
    )
    return `## ${heading}\n\n| option | type | default | |\n|---|---|---|---|\n${rows.join('\n')}`
  })
  return { page: `# Options\n\n${HEAD}\n\n${parts.join('\n\n')}\n`, missing }
}

const HEAD = `Durations are milliseconds, or text such as \`'30m'\`. A contradiction stops the start with one line that says what to write instead.
The server has the same options as members of \`sallyport.config.ts\`; what can be said by the environment is in [environment.md](environment.md).`

/** Values are code; what has to be said in words is not. */
function shown(usual: string | null): string {
  if (usual === null) return ''
  const [, value, rest = ''] = /^('[^']*'|\[[^\]]*\]|\{[^}]*\}|\d+|true|false|null)(.*)$/.exec(usual) ?? []
  return value === undefined
    ? cell(usual)
    : `${code(value)}${cell(rest)}`.replace(/`(,|:)/, '`$1 ').replace(/ {2}/, ' ')
}

function optionsOf({ file, checker }: Sources, path: string, name: string, beside: boolean): readonly Option[] {
  const found = file(path).statements.find((one) => ts.isTypeAliasDeclaration(one) && one.name.text === name)
  if (!found || !ts.isTypeAliasDeclaration(found)) throw new Error(`${path} has no type ${name}`)
  // What frameworks add to what all of them take.
  const own = ts.isIntersectionTypeNode(found.type) && beside ? found.type.types.at(-1) : undefined
  return membersOf(own ?? found.type, checker, true).flatMap((member) => described(member, '', false, checker))
}

function described(member: ts.TypeElement, prefix: string, below: boolean, checker: ts.TypeChecker): readonly Option[] {
  const path = `${prefix}${member.name?.getText() ?? ''}`
  const { text, tags } = commentOf(member)
  const type = ts.isPropertySignature(member) ? member.type : undefined
  const inner = type ? membersOf(type, checker, false) : []
  const usual = tags.get('default') ?? null
  // Of a choice between this and something else both are told.
  const whole = type !== undefined && (ts.isUnionTypeNode(type) || isList(type))
  const own: Option = {
    path,
    required: member.questionToken === undefined && usual === null && !below,
    type: typeText(member),
    usual: usual ?? (below && member.questionToken === undefined ? 'required' : null),
    says: text,
    branch: inner.length > 0 && !whole,
  }
  const dotted = type !== undefined && isList(type) ? `${path}[].` : `${path}.`
  const within = below || member.questionToken !== undefined
  return [own, ...inner.flatMap((one) => described(one, dotted, within, checker))]
}

function typeText(member: ts.TypeElement): string {
  if (ts.isPropertySignature(member)) return member.type?.getText() ?? ''
  return member.getText().slice(member.name?.getText().length)
}

/** The members of a type that is written out; none for all others. */
function membersOf(type: ts.TypeNode, checker: ts.TypeChecker, always: boolean): readonly ts.TypeElement[] {
  if (ts.isTypeLiteralNode(type)) return type.members
  if (ts.isUnionTypeNode(type) || ts.isIntersectionTypeNode(type))
    return type.types.flatMap((one) => membersOf(one, checker, false))
  if (ts.isTypeOperatorNode(type)) return membersOf(type.type, checker, always)
  if (ts.isArrayTypeNode(type)) return membersOf(type.elementType, checker, false)
  if (!ts.isTypeReferenceNode(type)) return []
  const name = type.typeName.getText()
  if (name === 'Partial') return type.typeArguments?.flatMap((one) => membersOf(one, checker, false)) ?? []
  if (!always && !WRITTEN_OUT.test(name)) return []
  const symbol = checker.getSymbolAtLocation(type.typeName)
  const target = symbol && meant(checker, symbol).declarations?.find(isOurs)
  return target && ts.isTypeAliasDeclaration(target) ? membersOf(target.type, checker, true) : []
}

function isList(type: ts.TypeNode): boolean {
  return ts.isArrayTypeNode(type) || (ts.isTypeOperatorNode(type) && isList(type.type))
}
