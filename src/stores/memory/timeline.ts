import { decode, encode } from '../../cursor.ts'
import type { Page } from '../../store.ts'

/** Where something stands in a list that is ordered by time and then by id. */
export type Key = { readonly at: number; readonly id: string }

/** Keys in ascending order, walked from the end. Nearly everything arrives there too, where adding is cheap. */
export type Timeline = {
  add(key: Key): void
  /** Newest first, from just before `cursor`. Keys whose thing is gone may still come up: the caller looks each up. */
  newest(cursor: Key | null): Iterable<Key>
  /** Something that was added is gone. */
  removed(): void
}

/** `isCurrent` says whether a key still stands for something; those that do not are dropped when they are many. */
export function timeline(isCurrent: (key: Key) => boolean): Timeline {
  let keys: Key[] = []
  let holes = 0

  // The first index whose key is not below `key`.
  function indexOf(key: Key): number {
    let low = 0
    let high = keys.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (compare(keys[middle] as Key, key) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  return {
    add(key) {
      const last = keys.at(-1)
      const i = last && compare(last, key) >= 0 ? indexOf(key) : keys.length
      const there = keys[i]
      if (there && compare(there, key) === 0) holes -= 1
      else keys.splice(i, 0, { at: key.at, id: key.id })
    },
    *newest(cursor) {
      for (let i = (cursor ? indexOf(cursor) : keys.length) - 1; i >= 0; i -= 1) yield keys[i] as Key
    },
    removed() {
      holes += 1
      if (holes > 32 && holes > keys.length / 2) {
        keys = keys.filter(isCurrent)
        holes = 0
      }
    },
  }
}

/** Oldest first, by time and then by id. */
export function compare(a: Key, b: Key): number {
  return a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}

/** One page of what `find` makes of the keys after the cursor; null is passed over. */
export function page<T>(
  keys: (cursor: Key | null) => Iterable<Key>,
  find: (key: Key) => T | null,
  cursor: string | null,
  limit: number,
): Page<T> {
  const items: T[] = []
  let last: Key | null = null
  const from = decode(cursor)
  for (const key of keys(from && { at: from[0], id: from[1] })) {
    const item = find(key)
    if (item === null) continue
    if (items.length >= limit) return { items, nextCursor: last && encode([last.at, last.id]) }
    items.push(item)
    last = key
  }
  return { items, nextCursor: null }
}
