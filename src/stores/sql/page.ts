import type { Page } from '../../store.ts'
import type { Driver, Value } from './driver.ts'

/** Part of a WHERE, with the values of its placeholders. */
export type Condition = { readonly sql: string; readonly values: readonly Value[] }

/** What to list, newest first by two columns that never change and that an index has in this order. */
export type Listing = {
  readonly select: string
  readonly from: string
  readonly at: string
  readonly id: string
  /** Conditions that an index in front of (at, id) answers. */
  readonly indexed: readonly Condition[]
  /** Conditions that have to be looked at row by row. */
  readonly others: readonly Condition[]
  /** Only what is at `since` or later, and before `before`. */
  readonly since?: number | undefined
  readonly before?: number | undefined
}

type Key = readonly [at: number, id: string]

/** Rows that one statement looks at when most of them may not be wanted: a rare thing must not hold up the process. */
const SLICE = 2_000
const NEWEST: Key = [Number.MAX_SAFE_INTEGER, '']

/**
 * One page by key, so that its cost does not depend on how far down it is. A list whose conditions no index answers is
 * walked in slices, with a turn of the event loop between them; each slice sees what is committed by then.
 */
export async function page<R>(
  driver: Driver,
  listing: Listing,
  keyOf: (row: R) => Key,
  cursor: string | null,
  limit: number,
): Promise<Page<R>> {
  const { select, from, at, id, indexed, others } = listing
  const most = Math.max(1, limit)
  const oldest: Key = [listing.since ?? Number.MIN_SAFE_INTEGER, '']
  const inRange = { sql: `(${at}, ${id}) < (?, ?) AND (${at}, ${id}) >= (?, ?)`, values: [] }
  const order = `ORDER BY ${at} DESC, ${id} DESC`
  const rowsOf = `SELECT ${select} FROM ${from} ${where([...indexed, inRange, ...others])} ${order} LIMIT ?`
  const borderOf = `SELECT ${at} AS at, ${id} AS id FROM ${from} ${where([...indexed, inRange])} ${order} LIMIT 1 OFFSET ${SLICE - 1}`
  const before = indexed.flatMap((condition) => condition.values)
  const after = others.flatMap((condition) => condition.values)

  const found: R[] = []
  let start = earlier(decode(cursor), listing.before)
  for (;;) {
    const edge =
      others.length > 0
        ? await driver.one<{ at: number; id: string }>(borderOf, ...before, ...start, ...oldest)
        : undefined
    const end: Key = edge ? [edge.at, edge.id] : oldest
    found.push(...(await driver.all<R>(rowsOf, ...before, ...start, ...end, ...after, most + 1 - found.length)))
    if (found.length > most || !edge) break
    start = end
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
  const items = found.slice(0, most)
  const last = items.at(-1)
  return { items, nextCursor: found.length > most && last ? encode(keyOf(last)) : null }
}

/** The same page of other things. */
export function mapped<R, T>(page: Page<R>, of: (row: R) => T): Page<T> {
  return { items: page.items.map(of), nextCursor: page.nextCursor }
}

/** Equality that must not choose the index: the list's order does. */
export function same(column: string, value: string): Condition {
  return { sql: `${column} || '' = ?`, values: [value] }
}

/** Whether one of the folded columns has the text in it; its wildcards stand for themselves. */
export function contains(columns: readonly string[], part: string): Condition {
  const pattern = `%${fold(part).replace(/[\\%_]/g, '\\$&')}%`
  const sql = columns.map((column) => `${column} LIKE ? ESCAPE '\\'`).join(' OR ')
  return { sql: `(${sql})`, values: columns.map(() => pattern) }
}

/**
 * Whether a text can be looked for inside others at all. A NUL ends a pattern, so that what is left of it would match
 * too much; and nothing stored is so long that a longer part of it is worth finding.
 */
export function isFindable(part: string): boolean {
  return part.length <= 1_000 && !part.includes('\0')
}

/** In the form in which texts are compared when case does not count. */
export function fold(text: string): string {
  return text.normalize('NFC').toLowerCase()
}

export function encode(key: Key): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url')
}

/** Null for whatever was not made by `encode`: the list then begins at its beginning. */
export function decode(cursor: string | null): Key | null {
  if (cursor === null || cursor.length > 1_000) return null
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (!Array.isArray(key) || key.length !== 2) return null
    const [at, id] = key as readonly unknown[]
    return Number.isSafeInteger(at) && typeof id === 'string' ? [at as number, id] : null
  } catch {
    return null
  }
}

function where(conditions: readonly Condition[]): string {
  return `WHERE ${conditions.map((condition) => condition.sql).join(' AND ')}`
}

function earlier(cursor: Key | null, before: number | undefined): Key {
  const bound: Key = before === undefined ? NEWEST : [before, '']
  return cursor && cursor[0] < bound[0] ? cursor : bound
}
