/** What is used of JSON Schema. */
export type Schema = {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
}

/** A schema as one would write it as a type. */
export function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) return schema.$ref.slice('#/components/schemas/'.length)
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  // The codes of refusals have pages of their own.
  if (schema.enum && schema.enum.length > 20) return 'Code'
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(' | ')
  const kinds = schema.anyOf ?? schema.oneOf
  if (kinds) return [...new Set(kinds.map(typeOf))].join(' | ')
  if (Array.isArray(schema.type)) return schema.type.join(' | ')
  if (schema.type === 'array') return listOf(schema.items ?? {})
  if (schema.type === 'object') return objectOf(schema)
  return typeof schema.type === 'string' ? schema.type : 'any'
}

function listOf(items: Schema): string {
  const one = typeOf(items)
  return one.includes(' | ') ? `(${one})[]` : `${one}[]`
}

function objectOf({ properties, required, additionalProperties }: Schema): string {
  const own = Object.entries(properties ?? {}).map(
    ([name, one]) => `${name}${required?.includes(name) ? '' : '?'}: ${typeOf(one)}`,
  )
  const more = typeof additionalProperties === 'object' ? [`[name]: ${typeOf(additionalProperties)}`] : []
  const all = [...own, ...more]
  return all.length === 0 ? 'object' : `{ ${all.join(', ')} }`
}

/** Longer than that, a type is written in lines. */
export const LONG = 100

/** The same in lines: what is long is opened, and what is said of a member stands behind it. */
export function linesOf(schema: Schema, indent = ''): string {
  const text = typeOf(schema)
  if (text.length + indent.length <= LONG) return text
  const kinds = schema.anyOf ?? schema.oneOf
  if (kinds) {
    const each = [...new Set(kinds.map((one) => linesOf(one, `${indent}  `)))]
    return each.map((one) => `\n${indent}  | ${one}`).join('')
  }
  if (schema.type === 'array') return `Array<${linesOf(schema.items ?? {}, indent)}>`
  if (schema.type !== 'object') return text
  const members = Object.entries(schema.properties ?? {}).map(([name, one]) => {
    const optional = schema.required?.includes(name) ? '' : '?'
    const said = one.description === undefined ? '' : ` // ${one.description}`
    const type = linesOf(one, `${indent}  `)
    return type.includes('\n')
      ? `${indent}  ${name}${optional}:${type.startsWith('\n') ? '' : ' '}${type.replace('\n', `${said}\n`)}`
      : `${indent}  ${name}${optional}: ${type}${said}`
  })
  const { additionalProperties: more } = schema
  const others = typeof more === 'object' ? [`${indent}  [name]: ${linesOf(more, `${indent}  `)}`] : []
  return `{\n${[...members, ...others].join('\n')}\n${indent}}`
}
