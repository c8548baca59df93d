import { decode, encode, type Key } from '../../cursor.ts'
import type { Page } from '../../store.ts'
import type { Value } from './driver.ts'

/** Part of a WHERE, with the values of its placeholders. */
export type Condition = { readonly sql: string; readonly values: readonly Value[] }

/** A stretch of what an index finds: what may be wanted of it, newest first, and where it goes on; null at the end. */
export type Stretch<C> = { readonly candidates: readonly C[]; readonly border: Key | null }

/** How a list is gone through. */
export type Way<C, T> = {
  /** Looks at about `size` rows of an index from just before `from`. */
  stretch(from: Key, size: number): Promise<Stretch<C>>
  /** The things themselves, null for those that the rest of the filter does not accept. */
  load(candidates: readonly C[]): Promise<readonly (T | null)[]>
  keyOf(candidate: C): Key
}

/** Rows that are looked at before somebody else has a turn. */
const STRETCH = 1_000

/** Rows that are looked at, and things that are loaded, for one page: what is rare among many must not hold up the process. */
const MOST_LOOKED = 2_500
const MOST_LOADED = 1_000

/** Before anything, as lists go. */
const NEWEST: Key = [Number.MAX_SAFE_INTEGER, '']

/**
 * One page by key, so that its cost does not depend on how far down it is, nor on how rare is what is looked for: where that would
 * take long, the page is short, and its cursor leads on. Each stretch sees what is committed by then.
 */
export async function walked<C, T>(way: Way<C, T>, cursor: string | null, limit: number): Promise<Page<T>> {
  const most = Math.max(1, limit)
  const found: { readonly key: Key; readonly item: T }[] = []
  const items = () => found.slice(0, most).map(({ item }) => item)
  let from = decode(cursor) ?? NEWEST
  let [looked, loaded] = [0, 0]
  for (let size = most + 1; ; size = STRETCH) {
    const { candidates, border } = await way.stretch(from, size)
    looked += size
    for (let i = 0; i < candidates.length && found.length <= most; ) {
      if (loaded >= MOST_LOADED) return { items: items(), nextCursor: encode(way.keyOf(candidates[i - 1] as C)) }
      const some = candidates.slice(i, i + most + 1)
      i += some.length
      loaded += some.length
      for (const [j, item] of (await way.load(some)).entries()) {
        if (item !== null) found.push({ key: way.keyOf(some[j] as C), item })
      }
    }
    if (found.length > most) return { items: items(), nextCursor: encode((found[most - 1] as (typeof found)[0]).key) }
    if (border === null) return { items: items(), nextCursor: null }
    if (looked >= MOST_LOOKED) return { items: items(), nextCursor: encode(border) }
    from = border
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
}

/**
 * What several stretches of an index have together, newest first. One of which there are `each` rows has more below its last: what
 * others have further down has to wait.
 */
export function together<C extends { readonly branch: number }>(
  rows: readonly C[],
  branches: number,
  each: number,
  keyOf: (row: C) => Key,
): Stretch<C> {
  const inOrder = rows.toSorted((a, b) => byAge(keyOf(a), keyOf(b)))
  const counts = new Array<number>(branches).fill(0)
  let border: Key | null = null
  for (const row of inOrder) {
    counts[row.branch] = (counts[row.branch] as number) + 1
    if (counts[row.branch] === each && border === null) border = keyOf(row)
  }
  const end = border
  return { candidates: end === null ? inOrder : inOrder.filter((row) => byAge(keyOf(row), end) <= 0), border }
}

/** Newest first. */
export function byAge([at, id]: Key, [otherAt, otherId]: Key): number {
  return otherAt - at || (id < otherId ? 1 : id > otherId ? -1 : 0)
}

/** Whether the text is in the folded column; its wildcards stand for themselves. */
export function contains(column: string, text: string): Condition {
  return { sql: `${column} LIKE ? ESCAPE '\\'`, values: [`%${text.replace(/[\\%_]/g, '\\$&')}%`] }
}

/** Conditions as a column `fits` of 0 and 1. */
export function fits(conditions: readonly Condition[]): Condition {
  if (conditions.length === 0) return { sql: '1 AS fits', values: [] }
  const all = conditions.map(({ sql }) => sql).join(' AND ')
  return { sql: `CASE WHEN ${all} THEN 1 ELSE 0 END AS fits`, values: conditions.flatMap(({ values }) => values) }
}
