import { dueAt, type SessionRecord } from '../../session.ts'
import type { UserId } from '../../user.ts'
import { deadlines } from './deadlines.ts'
import { json } from './frozen.ts'
import { groups } from './groups.ts'
import { compare, type Timeline, timeline } from './timeline.ts'

/** The session records of one instance with the ways they are looked for. Knows no rules: those are the port's. */
export type SessionTable = {
  get(id: string): SessionRecord | null
  /** Stores a new record, or a new state of one. Copies nothing but what the caller could still change. */
  put(record: SessionRecord): SessionRecord
  drop(id: string): void
  liveOf(userId: UserId): readonly SessionRecord[]
  endedOf(userId: UserId): readonly SessionRecord[]
  /** Live ones that hold a lower generation of the whole installation. */
  older(everyone: number, limit: number): readonly SessionRecord[]
  due(before: number, limit: number): readonly SessionRecord[]
  endedUntil(until: number, limit: number): readonly SessionRecord[]
  /** How many have not ended. */
  open(): number
  readonly newest: Timeline['newest']
}

export function sessionTable(): SessionTable {
  const records = new Map<string, SessionRecord>()
  const live = groups<string>()
  const ended = groups<string>()
  const byEveryone = groups<number>()
  const order = timeline(({ at, id }) => records.get(id)?.createdAt === at)
  const dues = deadlines((id) => {
    const record = records.get(id)
    return record && record.endedAt === null ? dueAt(record) : null
  })
  const ends = deadlines((id) => records.get(id)?.endedAt ?? null)

  const get = (id: string) => records.get(id) ?? null
  const all = (ids: readonly string[]) => ids.map(get).filter((record) => record !== null)

  function unlink(record: SessionRecord) {
    live.delete(record.userId, record.id)
    ended.delete(record.userId, record.id)
    byEveryone.delete(record.everyone, record.id)
  }

  function drop(id: string) {
    const record = records.get(id)
    if (!record) return
    unlink(record)
    records.delete(id)
    order.removed()
  }

  return {
    get,
    put(given) {
      const before = records.get(given.id)
      const record = sealed(given, before)
      records.set(record.id, record)
      if (!before) order.add({ at: record.createdAt, id: record.id })
      if (record.endedAt !== null) {
        unlink(record)
        ended.add(record.userId, record.id)
        ends.add(record.id)
      } else if (!before) {
        live.add(record.userId, record.id)
        byEveryone.add(record.everyone, record.id)
        dues.add(record.id)
      } else {
        if (dueAt(record) < dueAt(before)) dues.add(record.id)
        if (record.everyone !== before.everyone) {
          byEveryone.delete(before.everyone, record.id)
          byEveryone.add(record.everyone, record.id)
        }
      }
      return record
    },
    drop,
    liveOf: (userId) => all(live.of(userId)),
    endedOf: (userId) => all(ended.of(userId)),
    older(everyone, limit) {
      const ids: string[] = []
      for (const key of byEveryone.keys()) {
        if (key < everyone && ids.length < limit) ids.push(...byEveryone.of(key).slice(0, limit - ids.length))
      }
      return all(ids)
    },
    due: (before, limit) => all(dues.take(before, limit)),
    endedUntil: (until, limit) => all(ends.take(until, limit)),
    open: () => [...byEveryone.keys()].reduce((sum, key) => sum + byEveryone.of(key).length, 0),
    newest: order.newest,
  }
}

function sealed(record: SessionRecord, before: SessionRecord | undefined): SessionRecord {
  return Object.freeze({
    ...record,
    amr: record.amr === before?.amr ? record.amr : Object.freeze([...record.amr]),
    device: record.device === before?.device ? record.device : Object.freeze({ ...record.device }),
    fields: record.fields === before?.fields ? record.fields : json(record.fields),
  })
}

/** Oldest first, by (createdAt, id). */
export function byAge(a: SessionRecord, b: SessionRecord): number {
  return compare({ at: a.createdAt, id: a.id }, { at: b.createdAt, id: b.id })
}
