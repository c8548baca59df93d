import { randomText } from '../../crypto.ts'
import type { Activity, SessionId, SessionRecord } from '../../session.ts'
import { feedsOf } from '../../source.ts'
import type { Changed, SessionLimit, Sessions, Source, Started } from '../../store.ts'
import type { Partition } from './partition.ts'
import type { Partitions } from './partitions.ts'
import { flatOf, recordOf, replacementOf } from './record.ts'
import type { Script } from './script.ts'
import * as ends from './session-end-scripts.ts'
import { listSessions, sessionsOfUser } from './session-list.ts'
import * as scripts from './session-scripts.ts'

/** How long a session is kept after its absolute limit where nobody forgets it, milliseconds: longer than anybody keeps what has ended. */
export const KEPT_MS = 400 * 24 * 60 * 60 * 1000

/** Sessions that one script touches: more would hold up the others. */
const TOUCHES = 200

type Changing = readonly [position: number, packed?: unknown]
type Ending = readonly [position: number, ended: readonly unknown[], stale?: number]

export function sessionsPort(partitions: Partitions, source: Source): Sessions {
  const seed = () => randomText(12)

  /** Nothing is there to be changed: whoever waits for an ending waits for what the partition has that would have known. */
  async function nothing(
    id: SessionId,
  ): Promise<{ readonly value: null; readonly position: number; readonly part: number }> {
    const at = partitions.of(id)
    return { value: null, position: (await feedsOf(source)[at.index]?.tail()) ?? 0, part: at.index }
  }

  async function changed(
    id: SessionId,
    script: Script,
    given: readonly (string | number)[],
  ): Promise<Changed<SessionRecord>> {
    const at = await partitions.where(id)
    if (!at) return await nothing(id)
    const [position, packed] = (await at.run(script, [id, ...given], true)) as Changing
    return { value: packed === undefined ? null : recordOf(packed), position, part: at.index }
  }

  async function start(record: SessionRecord, limit: SessionLimit | null, now: number): Promise<Started> {
    const { id, userId } = record
    const at = partitions.of(userId)
    const ttl = KEPT_MS + Math.max(0, record.expiresAt - now)
    const isNew = await partitions.claim(id, at, ttl)
    const given = [id, userId, ttl, now, seed(), limit?.max ?? '', limit?.whenFull ?? '', ...flatOf(record)]
    const answer = isNew
      ? ((await at.run(scripts.START, given, true)) as readonly [string, number, unknown[]])
      : ['exists']
    const [outcome, position, evicted] = answer as readonly [string, number, unknown[]]
    if (outcome === 'exists') throw new Error('a session with this id exists already')
    if (outcome === 'full') {
      await partitions.release([id])
      return { started: false }
    }
    return { started: true, evicted: evicted.map(recordOf), position, part: at.index }
  }

  /** Runs what ends at most so many, partition by partition. Nobody waits for it: the position is that of the last that ended any. */
  async function endSome(
    script: Script,
    bound: number,
    limit: number,
    now: number,
  ): Promise<Changed<readonly SessionRecord[]>> {
    const value: SessionRecord[] = []
    let where = { position: 0, part: 0 }
    for (const at of partitions.all) {
      for (let more = true; more && value.length < limit; ) {
        const given = [bound, limit - value.length, now, seed()]
        const [position, ended, stale = 0] = (await at.run(script, given, true)) as Ending
        value.push(...ended.map(recordOf))
        if (ended.length > 0 || at.index === 0) where = { position, part: at.index }
        // What led nowhere took the place of what is there.
        more = stale > 0
      }
    }
    return { value, ...where }
  }

  return {
    source,
    start,
    async find(id) {
      const at = await partitions.where(id)
      return at ? foundIn(at, id) : null
    },
    ofUser: (userId, state, limit) => sessionsOfUser(partitions, userId, state, limit),
    async count() {
      const each = await Promise.all(partitions.all.map((at) => at.run(scripts.COUNT, [])))
      return { count: each.reduce<number>((sum, one) => sum + Number(one), 0), margin: 0 }
    },
    list: (filter, cursor, limit, now) => listSessions(partitions, filter, cursor, limit, now),
    async touch(activity) {
      for (const [at, some] of await partitions.among(activity)) {
        for (let i = 0; i < some.length; i += TOUCHES) {
          await at.run(scripts.TOUCH, some.slice(i, i + TOUCHES).flatMap(useOf), true)
        }
      }
    },
    replace: (id, expected, next) => changed(id, scripts.REPLACE, [expected, seed(), ...replacementOf(next)]),
    async advance(id, digest, from, to, now) {
      const at = await partitions.where(id)
      const packed = at ? await at.run(scripts.ADVANCE, [id, digest, from, to, now], true) : null
      return packed === null ? null : recordOf(packed)
    },
    setFields: (id, fields) => changed(id, scripts.SET_FIELDS, [JSON.stringify(fields), seed()]),
    async end(id, reason, now, unlessUsedAfter) {
      const at = await partitions.where(id)
      if (!at) return await nothing(id)
      const [position, [ended]] = (await at.run(
        ends.END,
        [id, reason, now, seed(), unlessUsedAfter ?? ''],
        true,
      )) as Ending
      return { value: ended === undefined ? null : recordOf(ended), position, part: at.index }
    },
    async endOf(userId, reason, now, except) {
      const at = partitions.of(userId)
      const [position, ended] = (await at.run(ends.END_OF, [userId, reason, now, seed(), except ?? ''], true)) as Ending
      return { value: ended.map(recordOf), position, part: at.index }
    },
    endDue: (before, limit, now) => endSome(ends.END_DUE, before, limit, now),
    endOlder: (everyone, limit, now) => endSome(ends.END_OLDER, everyone, limit, now),
    erase: async (userId, limit) => (await partitions.of(userId).run(ends.ERASE, [userId, limit], true)) as number,
    async purge(endedBefore, limit) {
      let count = 0
      for (const at of partitions.all) {
        if (count >= limit) break
        const ids = (await at.run(ends.PURGE, [endedBefore, limit - count], true)) as readonly string[]
        await partitions.release(ids)
        count += ids.length
      }
      return count
    },
  }
}

async function foundIn(at: Partition, id: SessionId): Promise<SessionRecord | null> {
  const packed = await at.run(scripts.FIND, [id])
  return packed === null ? null : recordOf(packed)
}

function useOf({ id, lastActiveAt, longestIdle, authenticatedAt, seen }: Activity): readonly (string | number)[] {
  return [id, lastActiveAt, longestIdle, authenticatedAt, seen?.counter ?? '', seen?.at ?? '']
}
