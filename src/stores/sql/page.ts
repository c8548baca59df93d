import { decode, encode, fold, type Key } from '../../cursor.ts'
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

function where(conditions: readonly Condition[]): string {
  return `WHERE ${conditions.map((condition) => condition.sql).join(' AND ')}`
}

function earlier(cursor: Key | null, before: number | undefined): Key {
  const bound: Key = before === undefined ? NEWEST : [before, '']
  return cursor && cursor[0] < bound[0] ? cursor : bound
}
