import { decode, encode, fold, isFindable, type Key } from '../../cursor.ts'
import type { SessionRecord } from '../../session.ts'
import type { Page, SessionFilter } from '../../store.ts'
import type { UserId } from '../../user.ts'
import type { Partition } from './partition.ts'
import type { Partitions } from './partitions.ts'
import { recordOf } from './record.ts'
import { PAGE } from './session-scripts.ts'

/** Ids that one script looks at when most of them may not be wanted: a rare thing must not hold up the server. */
const SLICE = 1000

/** An index, newest first. */
type Index = { readonly at: Partition; readonly name: string }

type Wanted = Pick<SessionFilter, 'ip' | 'strategy' | 'state'> & { readonly now: number }

/** `Sessions.list`. */
export async function listSessions(
  partitions: Partitions,
  filter: SessionFilter,
  cursor: string | null,
  limit: number,
  now: number,
): Promise<Page<SessionRecord>> {
  const { userId, userIds, device, ip, strategy, state } = filter
  if (device !== undefined && !isFindable(device)) return { items: [], nextCursor: null }
  const own = (id: UserId) =>
    ofUser(partitions, id, state === undefined ? ['u', 'o'] : state === 'active' ? ['u'] : ['o'])
  const users = userId === undefined ? userIds : [userId].filter((id) => userIds?.includes(id) ?? true)
  const indexes = users ? users.flatMap(own) : partitions.all.map((at) => ({ at, name: 'all' }))
  const wanted = {
    now,
    ...(ip !== undefined && { ip }),
    ...(strategy !== undefined && { strategy }),
    ...(state && { state }),
  }
  const most = Math.max(1, limit)
  const slice = device || ip !== undefined || strategy !== undefined || state ? SLICE : most + 1
  const part = device ? fold(device) : ''
  const items: SessionRecord[] = []
  for await (const record of merged(indexes, decode(cursor), slice, most + 1, wanted)) {
    const named = [record.device.browser, record.device.os]
    if (part !== '' && !named.some((name) => fold(name).includes(part))) continue
    if (items.length === most) {
      const last = items.at(-1) as SessionRecord
      return { items, nextCursor: encode([last.createdAt, last.id]) }
    }
    items.push(record)
  }
  return { items, nextCursor: null }
}

/** `Sessions.ofUser`. */
export async function sessionsOfUser(
  partitions: Partitions,
  userId: UserId,
  state: 'active' | 'ended',
  limit: number,
): Promise<readonly SessionRecord[]> {
  const indexes = ofUser(partitions, userId, [state === 'active' ? 'u' : 'o'])
  const items: SessionRecord[] = []
  if (limit < 1) return items
  for await (const record of merged(indexes, null, limit, limit, { now: 0 })) {
    items.push(record)
    if (items.length >= limit) break
  }
  return items
}

function ofUser(partitions: Partitions, userId: UserId, names: readonly string[]): readonly Index[] {
  return names.map((name) => ({ at: partitions.of(userId), name: `${name}:${userId}` }))
}

/** What several indexes have, newest first; what is in two of them, because it ended in between, once and as it is over. */
async function* merged(
  indexes: readonly Index[],
  from: Key | null,
  slice: number,
  most: number,
  wanted: Wanted,
): AsyncGenerator<SessionRecord> {
  const walks = indexes.map((index) => walk(index, from, slice, most, wanted))
  const heads = await Promise.all(walks.map((one) => one.next()))
  for (;;) {
    let newest: SessionRecord | null = null
    for (const { value } of heads) if (value && (newest === null || isNewer(value, newest))) newest = value
    if (newest === null) return
    const { id } = newest
    for (const [i, { value }] of heads.entries()) {
      if (value?.id !== id) continue
      if (value.endedAt !== null) newest = value
      heads[i] = await (walks[i] as AsyncGenerator<SessionRecord, undefined>).next()
    }
    yield newest
  }
}

async function* walk(
  { at, name }: Index,
  from: Key | null,
  slice: number,
  most: number,
  { ip, strategy, state, now }: Wanted,
): AsyncGenerator<SessionRecord, undefined> {
  // An empty text means "any", so what is asked for begins with a sign of its own.
  const conditions = [ip === undefined ? '' : `=${ip}`, strategy === undefined ? '' : `=${strategy}`, state ?? '', now]
  let place: readonly [at: string | number, id: string] = from ?? ['', '']
  for (;;) {
    const answer = await at.run(PAGE, [name, ...place, slice, most, ...conditions])
    const [packed, last] = answer as readonly [readonly unknown[], readonly [string, string] | []]
    for (const one of packed) yield recordOf(one)
    const [time, id] = last
    if (time === undefined || id === undefined) return undefined
    place = [time, id]
  }
}

function isNewer(one: SessionRecord, other: SessionRecord): boolean {
  return one.createdAt > other.createdAt || (one.createdAt === other.createdAt && one.id > other.id)
}
