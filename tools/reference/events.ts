import ts from 'typescript'
import { EVENTS, type EventType } from '../../src/events.ts'
import { cell, code, commentOf } from './comments.ts'
import type { Sources } from './sources.ts'

/** What is said of an event: when it happens, and what its `data` may hold. */
export type Told = { readonly says: string; readonly data: readonly string[] }

const FILE = 'src/events.ts'

/** By the comments of the table itself. */
export function eventsTold({ file }: Pick<Sources, 'file'>): ReadonlyMap<EventType, Told> {
  const told = new Map<EventType, Told>()
  const look = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && ts.isStringLiteral(node.name) && Object.hasOwn(EVENTS, node.name.text)) {
      const { text, tags } = commentOf(node)
      told.set(node.name.text as EventType, { says: text, data: tags.get('data')?.split(', ') ?? [] })
    }
    ts.forEachChild(node, look)
  }
  look(file(FILE))
  return told
}

export function eventsPage(from: Sources): { readonly page: string; readonly missing: readonly string[] } {
  const told = eventsTold(from)
  const types = Object.keys(EVENTS) as EventType[]
  const rows = types.map((type) => {
    const { says = '', data = [] } = told.get(type) ?? {}
    return `| ${code(type)} | ${EVENTS[type]} | ${cell(says)} | ${data.map(code).join(' ')} |`
  })
  const page = `# Events

${HEAD}

| field | type | |
|---|---|---|
${fields(from).join('\n')}

## Types

| type | severity | | \`data\` |
|---|---|---|---|
${rows.join('\n')}
`
  return {
    page,
    missing: types.filter((type) => !told.get(type)?.says).map((type) => `${FILE}: '${type}' has no comment`),
  }
}

const HEAD = `What happens to accounts and sessions. Events are in the audit log (\`auth.audit\`, \`GET /auth/admin/audit\`), are told to listeners
(\`on\`, \`auth.on\`), and are sent to webhooks. Types are stable; there may be more of them, and more in \`data\`, in a later version.`

function fields({ file }: Sources): readonly string[] {
  const event = file(FILE).statements.find((one) => ts.isTypeAliasDeclaration(one) && one.name.text === 'AuthEvent')
  if (!event || !ts.isTypeAliasDeclaration(event) || !ts.isTypeLiteralNode(event.type)) throw new Error('no AuthEvent')
  return event.type.members.filter(ts.isPropertySignature).map((member) => {
    const { text } = commentOf(member)
    return `| ${code(member.name.getText())} | ${code(member.type?.getText() ?? '')} | ${cell(text)} |`
  })
}
