import type { EndReason } from '../../errors.ts'
import { dueAt, ERASED_DEVICE, type SessionRecord } from '../../session.ts'
import type { Changed, SessionFilter, Sessions } from '../../store.ts'
import type { Place } from './place.ts'
import { byAge, type SessionTable } from './session-table.ts'
import { compare, type Key, page } from './timeline.ts'

/** Ids that one entry of the feed holds at most. */
const ENTRY_IDS = 500

export function sessionsPort({ source, append, tail, verb }: Place, table: SessionTable): Sessions {
  const live = (id: string) => {
    const record = table.get(id)
    return record && record.endedAt === null ? record : null
  }

  function endEach(
    records: readonly SessionRecord[],
    reasonOf: (record: SessionRecord) => EndReason,
    now: number,
  ): { readonly value: readonly SessionRecord[]; readonly position: number } {
    const value = records.map((record) => table.put({ ...record, endedAt: now, endReason: reasonOf(record) }))
    for (const [reason, ended] of Map.groupBy(value, reasonOf)) {
      for (let i = 0; i < ended.length; i += ENTRY_IDS) {
        const sessions = ended.slice(i, i + ENTRY_IDS).map(({ id }) => id)
        append({ kind: 'ended', sessions, reason, at: now })
      }
    }
    return { value, position: tail() }
  }

  function change(record: SessionRecord | null, next: Partial<SessionRecord>): Changed<SessionRecord> {
    if (!record) return { value: null, position: tail() }
    const value = table.put({ ...record, ...next })
    return { value, position: append({ kind: 'session', session: record.id }) }
  }

  return {
    source,
    start: verb((record, limit, now) => {
      if (table.get(record.id)) throw new Error('a session with this id exists already')
      const open = table
        .liveOf(record.userId)
        .filter((s) => s.generation === record.generation && s.everyone === record.everyone && dueAt(s) > now)
      const tooMany = limit ? open.length - limit.max + 1 : 0
      if (tooMany > 0 && limit?.whenFull === 'refuse') return { started: false }
      const oldest = tooMany > 0 ? [...open].sort(byAge).slice(0, tooMany) : []
      const { value: evicted, position } = endEach(oldest, () => 'session_evicted', now)
      table.put(record)
      return { started: true, evicted, position }
    }),
    find: verb((id) => table.get(id)),
    ofUser: verb((userId, state, limit) => {
      const records = state === 'active' ? table.liveOf(userId) : table.endedOf(userId)
      return [...records].sort((a, b) => byAge(b, a)).slice(0, limit)
    }),
    count: verb(() => ({ count: table.open(), margin: 0 })),
    list: verb((filter, cursor, limit, now) => {
      const accepts = matcher(filter, now)
      const find = ({ at, id }: Key) => {
        const record = table.get(id)
        return record && record.createdAt === at && accepts(record) ? record : null
      }
      return page((from) => candidates(filter, from), find, cursor, limit)
    }),
    touch: verb((activity) => {
      for (const use of activity) {
        const record = live(use.id)
        if (!record) continue
        // What was measured or seen before a re-authentication belongs to the run that it ended.
        const ofThisRun = use.authenticatedAt === record.authenticatedAt
        const lastActiveAt = Math.max(record.lastActiveAt, use.lastActiveAt)
        const longestIdle = Math.max(record.longestIdle, ofThisRun ? use.longestIdle : 0)
        const seenAt = record.seenAt ?? (ofThisRun && use.seen?.counter === record.counter ? use.seen.at : null)
        const moved = lastActiveAt > record.lastActiveAt || longestIdle > record.longestIdle
        if (moved || seenAt !== record.seenAt) table.put({ ...record, lastActiveAt, longestIdle, seenAt })
      }
    }),
    replace: verb((id, expected, next) => {
      const record = live(id)
      const rotation = { counter: 0, rotatedAt: next.authenticatedAt, seenAt: null }
      return change(record?.digest === expected ? record : null, { ...next, previousDigest: expected, ...rotation })
    }),
    advance: verb((id, digest, from, to, now) => {
      const record = live(id)
      if (record?.digest !== digest || record.counter !== from) return null
      if (from === to) return table.put({ ...record, rotatedAt: Math.max(record.rotatedAt, now) })
      return table.put({ ...record, counter: to, rotatedAt: now, seenAt: null })
    }),
    setFields: verb((id, fields) => change(live(id), { fields })),
    end: verb((id, reason, now, unlessUsedAfter) => {
      const record = live(id)
      const used = record !== null && unlessUsedAfter !== undefined && record.lastActiveAt > unlessUsedAfter
      const { value, position } = endEach(record && !used ? [record] : [], () => reason, now)
      return { value: value[0] ?? null, position }
    }),
    endOf: verb((userId, reason, now, except) =>
      endEach(
        table.liveOf(userId).filter(({ id }) => id !== except),
        () => reason,
        now,
      ),
    ),
    endDue: verb((before, limit, now) => endEach(table.due(before, limit), dueReason, now)),
    endOlder: verb((everyone, limit, now) => endEach(table.older(everyone, limit), () => 'session_revoked', now)),
    erase: verb((userId, limit) => {
      const some = [...table.endedOf(userId)].filter(isPersonal).slice(0, limit)
      for (const record of some) table.put({ ...record, ip: '', device: ERASED_DEVICE, fields: {} })
      return some.length
    }),
    purge: verb((endedBefore, limit) => {
      const old = table.endedUntil(endedBefore - 1, limit)
      for (const { id } of old) table.drop(id)
      return old.length
    }),
  }

  function candidates({ userId }: SessionFilter, from: Key | null): Iterable<Key> {
    if (userId === undefined) return table.newest(from)
    return [...table.liveOf(userId), ...table.endedOf(userId)]
      .sort((a, b) => byAge(b, a))
      .map(({ createdAt, id }) => ({ at: createdAt, id }))
      .filter((key) => !from || compare(key, from) < 0)
  }
}

function isPersonal({ ip, device, fields }: SessionRecord): boolean {
  return ip !== '' || Object.values(device).some((word) => word !== '') || Object.keys(fields).length > 0
}

/** The earlier of the two limits is the one that was reached; at the same instant the absolute one counts. */
function dueReason({ lastActiveAt, idleTimeout, expiresAt }: SessionRecord): EndReason {
  return lastActiveAt + idleTimeout < expiresAt ? 'session_expired_idle' : 'session_expired_absolute'
}

function matcher(filter: SessionFilter, now: number): (record: SessionRecord) => boolean {
  const { userId, ip, strategy, state } = filter
  const among = filter.userIds ? new Set(filter.userIds) : null
  const device = filter.device?.toLowerCase()
  return (record) =>
    (userId === undefined || record.userId === userId) &&
    (among === null || among.has(record.userId)) &&
    (ip === undefined || record.ip === ip) &&
    (strategy === undefined || record.strategy === strategy) &&
    (state !== 'ended' || record.endedAt !== null) &&
    (state !== 'active' || (record.endedAt === null && dueAt(record) > now)) &&
    (device === undefined ||
      record.device.browser.toLowerCase().includes(device) ||
      record.device.os.toLowerCase().includes(device))
}
