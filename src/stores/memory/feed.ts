import { randomText } from '../../crypto.ts'
import type { Change, Entry, Feed, Position, Row, Told } from '../../feed.ts'
import { frozen } from './frozen.ts'
import type { Verb } from './verb.ts'

const ORIGIN: Position = { at: 0, id: '' }

/** The feed as an array: positions are 1, 2, 3, … without a gap, and the entry at a position is found by its index. */
export function memoryFeed(verb: Verb): {
  readonly feed: Feed
  append(change: Change): number
  tail(): number
} {
  const epoch = randomText(16)
  const rows = new Map<string, Row>()
  const listeners = new Set<(told: Told) => void>()
  let entries: Entry[] = []
  // The newest entry that is not kept any more: whoever stands exactly there has lost nothing.
  let trimmed = ORIGIN

  const tip = (): Position => entries.at(-1) ?? trimmed
  const known = (place: Position): boolean => {
    const there = place.at === trimmed.at ? trimmed : entries[place.at - trimmed.at - 1]
    return there !== undefined && there.id === place.id
  }

  const keep = (row: Row) => void rows.set(row.id, Object.freeze(row))

  const feed: Feed = {
    register: verb((from) => {
      const row = randomText(16)
      const { at, id } = from ?? tip()
      // A place beyond the tail was never applied here; counting it would let endings settle unseen.
      keep({ id: row, acknowledged: Math.min(at, tip().at), marked: false })
      return { row, position: { at, id }, epoch }
    }),
    read: verb((row, after, limit) => {
      const found = rows.get(row)
      const standing = !found ? 'unknown' : found.marked ? 'marked' : 'good'
      if (!known(after)) return { epoch, standing, lost: true, complete: false, entries: [] }
      const from = after.at - trimmed.at
      const page = entries.slice(from, from + Math.max(0, limit))
      return { epoch, standing, lost: false, complete: from + page.length === entries.length, entries: page }
    }),
    acknowledge: verb((row, at) => {
      const found = rows.get(row)
      if (found && at > found.acknowledged) keep({ ...found, acknowledged: at })
    }),
    epoch: verb(() => epoch),
    tail: verb(() => tip().at),
    rows: verb(() => [...rows.values()]),
    mark: verb((ids) => {
      for (const id of ids) {
        const found = rows.get(id)
        if (found) keep({ ...found, marked: true })
      }
    }),
    remove: verb((ids) => {
      for (const id of ids) rows.delete(id)
    }),
    trim: verb((keep) => {
      let upTo = tip().at - Math.max(0, keep)
      for (const row of rows.values()) upTo = Math.min(upTo, row.acknowledged)
      const gone = upTo - trimmed.at
      if (gone <= 0) return
      trimmed = entries[gone - 1] ?? trimmed
      entries = entries.slice(gone)
    }),
    onAppend(wake) {
      // Wrapped, so that registering the same function twice makes two registrations.
      const listener = (told: Told) => wake(told)
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }

  return {
    feed,
    append(change) {
      const before = tip()
      const at = before.at + 1
      const entry = frozen({ at, id: randomText(12), change })
      entries.push(entry)
      const told = { ...entry, follows: before.id }
      for (const listener of listeners) {
        queueMicrotask(() => {
          if (listeners.has(listener)) listener(told)
        })
      }
      return at
    },
    tail: () => tip().at,
  }
}
