import { fullPath } from '../../src/http/match.ts'
import { ROUTES } from '../../src/http/routes.ts'
import { createAuth, memory, session } from '../../src/index.ts'
import { cell, code } from './comments.ts'
import { LONG, linesOf, type Schema, typeOf } from './json-schema.ts'

type Operation = {
  readonly summary: string
  readonly description?: string
  readonly security: readonly Readonly<Record<string, unknown>>[]
  readonly 'x-roles'?: readonly string[]
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly required: boolean; readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>
}
type Parameter = {
  readonly name: string
  readonly in: string
  readonly required: boolean
  readonly description?: string
  readonly schema: Schema
}
type Content = Readonly<Record<string, { readonly schema?: Schema }>>

export type OpenApi = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

/** The document that a server answers with. */
export async function openApi(): Promise<OpenApi> {
  const auth = createAuth({
    store: memory(),
    strategy: session(),
    baseUrl: 'https://app.example',
    secret: 'reference only: of the document nothing is signed',
  })
  const answer = await auth.handler(new Request('https://app.example/openapi.json'))
  await auth.close()
  return (await answer.json()) as OpenApi
}

/** Routes in the order of the document, by the first word below `/auth`. */
export function httpPage({ paths, components }: OpenApi): string {
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ heading: `${method.toUpperCase()} ${path}`, operation })),
  )
  const list = routes.map(
    ({ heading, operation }) =>
      `| [${heading.replace(/[{}]/g, '\\$&')}](#${anchor(heading)}) | ${who(operation)} | ${cell(operation.summary)} |`,
  )
  const shapes = Object.entries(components.schemas).map(([name, schema]) => {
    const said = schema.description === undefined ? '' : `\n\n${schema.description}.`
    return `### ${name}${said}\n\n${members(schema)}`
  })
  return `# HTTP API

${HEAD}

| route | for | |
|---|---|---|
${list.join('\n')}

## Routes

${routes.map(({ heading, operation }) => `### ${heading}\n\n${described(heading, operation)}`).join('\n\n')}

## Shapes

${shapes.join('\n\n')}
`
}

/** What a row says that it refuses with, besides what the head of the page says of its kind. */
function ownRefusals(heading: string): readonly string[] {
  const row = ROUTES.find((one) => heading === `${one.method} ${fullPath(one, '/auth')}`)
  const own = [...new Set(row?.refuses)].map((word) => `[\`${word}\`](../errors/${word}.md)`)
  return own.length === 0 ? [] : [`Refuses with: ${own.join(', ')}`]
}

const HEAD = `Made from \`GET /openapi.json\`, which a server answers with its own \`basePath\` (here \`/auth\`) and cookie names. JSON in and out; times are
milliseconds since the epoch. A refusal is \`application/problem+json\` ([Problem](#problem)) with a stable [\`code\`](../errors/README.md):

- any route: \`not_found\`, \`method_not_allowed\`, \`payload_too_large\`, \`uri_too_long\`, \`headers_too_large\`, \`internal\`, \`unavailable\`
- with a body: \`unsupported_media_type\`, \`invalid_request\`; unsafe and by cookie: \`csrf_rejected\`
- for who is signed in: \`unauthenticated\`, or why the session is over (\`signed_out\`, \`session_expired_idle\`, …)
- for a role: \`forbidden\`; where a fresh authentication is needed: \`reauth_required\`
- for who is signed in, for services, and where something can be guessed: \`throttled\`

What a route refuses with besides is said where it is described; the document has all of it, route by route.`

function who({ security, ...rest }: Operation): string {
  const roles = rest['x-roles']
  if (roles) return `role ${roles.join(' or ')}`
  if (security.length === 0) return 'everybody'
  return security.some((one) => 'service' in one) ? 'services' : 'signed in'
}

function described(heading: string, operation: Operation): string {
  const { summary, description, parameters = [], requestBody, responses } = operation
  const given = parameters.map(({ name, in: where, required, schema, description: said = '' }) =>
    row(
      `${name}${required ? '' : '?'}`,
      `${where === 'path' ? 'in the path' : 'query'}${said === '' ? '' : `: ${said}`}`,
      schema,
    ),
  )
  const [[form, content] = []] = Object.entries(requestBody?.content ?? {})
  const kind = form === undefined || form === 'application/json' ? 'Body' : `Body, as \`${form}\``
  const answers = Object.entries(responses)
    .filter(([status]) => status !== 'default')
    .map(([status, { content = {} }]) => answer(status, content))
  return [
    `${summary}. For: ${who(operation)}.${description === undefined ? '' : ` ${description}.`}`,
    ...(given.length > 0 ? [table(given)] : []),
    ...(content?.schema ? [`${kind}${requestBody?.required ? '' : ' (may be left out)'}:`, shape(content.schema)] : []),
    ...answers,
    ...ownRefusals(heading),
  ].join('\n\n')
}

/** Short types stand behind the status, long ones below it. */
function answer(status: string, content: Content): string {
  const types = Object.entries(content).map(([type, { schema }]) => (schema ? typeOf(schema) : type))
  const line = types.map((type) => `\`${type}\``).join(', or ')
  const [[, first] = []] = Object.entries(content)
  if (types.every((type) => type.length <= LONG) || !first?.schema) return `**${status}** ${line}`.trimEnd()
  const others = types.slice(1).map((type) => `, or \`${type}\``)
  return `**${status}**${others.join('')}\n\n${block(first.schema)}`
}

/** Members in a table, or in lines where one of them is long. */
function shape(schema: Schema): string {
  const isShort = Object.values(schema.properties ?? {}).every((one) => typeOf(one).length <= LONG)
  return schema.properties && isShort ? table(rows(schema)) : block(schema)
}

function block(schema: Schema): string {
  return `\`\`\`ts\n${linesOf(schema).trimStart()}\n\`\`\``
}

function table(lines: readonly string[]): string {
  return `| | type | |\n|---|---|---|\n${lines.join('\n')}`
}

function rows(schema: Schema): readonly string[] {
  return Object.entries(schema.properties ?? {}).map(([name, one]) =>
    row(`${name}${schema.required?.includes(name) ? '' : '?'}`, one.description ?? '', one),
  )
}

function row(name: string, said: string, schema: Schema): string {
  return `| ${code(name)} | ${code(typeOf(schema))} | ${cell(said)} |`
}

/** A shape of several kinds is told kind by kind. */
function members(schema: Schema): string {
  const kinds = schema.anyOf ?? schema.oneOf
  return kinds ? kinds.map(block).join('\n\n') : shape(schema)
}

/** As GitHub makes it of a heading. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-')
}
