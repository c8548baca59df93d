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
