import type { QueryConfig } from 'pg'
import type { Value } from '../driver.ts'

/** Texts in PostgreSQL hold no NUL. Like what is not Unicode at all, it is replaced, so that it finds nothing and ends nothing early. */
function storable(value: Value): Value {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\ufffd') : value
}

const known = new Map<string, { readonly name: string; readonly text: string }>()

/**
 * A statement as PostgreSQL takes it: placeholders have numbers (no text of ours holds a question mark of its own), and a name,
 * so that each connection plans it once.
 */
export function statement(sql: string, values: readonly Value[]): QueryConfig<Value[]> {
  let made = known.get(sql)
  if (!made) {
    let count = 0
    made = { name: `s${known.size}`, text: sql.replace(/\?/g, () => `$${++count}`) }
    known.set(sql, made)
  }
  return { ...made, values: values.map(storable) }
}
