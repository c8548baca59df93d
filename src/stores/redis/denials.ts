import { randomText } from '../../crypto.ts'
import { decode, encode } from '../../cursor.ts'
import type { EndReason } from '../../errors.ts'
import type { SessionId } from '../../session.ts'
import type { Denial, Denials, Page, Source } from '../../store.ts'
import { APPEND, APPEND_ENDED } from './feed-scripts.ts'
import type { Partitions } from './partitions.ts'
import { ORDER, script } from './script.ts'
import { KEPT_MS } from './sessions.ts'

/**
 * `n:<id>`: until when, and why. `denials`: the ids, sorted by until when. ARGV: id, reason, until, now, seed, how long it is kept.
 * The first reason stays; a later call can only deny for longer.
 */
const DENY = script(
  'allow-oom',
  APPEND,
  APPEND_ENDED,
  `local key, id, reason = base .. 'n:' .. ARGV[1], ARGV[1], ARGV[2]
local before, why = string.match(call('GET', key) or '', '^(%d+) (.*)$')
if before then reason = why end
if before and tonumber(before) >= tonumber(ARGV[3]) then return { tonumber(tail()), reason, before } end
local at = appendEnded(ARGV[5], { id }, reason, ARGV[4])
call('SET', key, ARGV[3] .. ' ' .. reason, 'PX', ARGV[6])
call('ZADD', base .. 'denials', ARGV[3], id)
return { tonumber(at), reason, ARGV[3] }`,
)

const CHECK = script('allow-oom', `return string.match(call('GET', base .. 'n:' .. ARGV[1]) or '', '^%d+ (.*)$')`)
const CHECK_RECORD = script('allow-oom', `return call('HGET', base .. 's:' .. ARGV[1], 'er')`)

/**
 * By the time they end at, which can only become later: one that is prolonged moves towards a reader, never past. ARGV: now or the
 * place to begin behind, and how many.
 */
const LIST = script(
  'allow-oom',
  ORDER,
  `local key, at, id = base .. 'denials', ARGV[1], ARGV[2]
local from = id == '' and call('ZCOUNT', key, '-inf', at) or upTo(key, at, id)
local found = {}
for _, sid in ipairs(call('ZRANGE', key, from, from + tonumber(ARGV[3]) - 1)) do
  found[#found + 1] = sid
  found[#found + 1] = call('GET', base .. 'n:' .. sid) or ''
end
return found`,
)

const PURGE = script(
  'allow-oom',
  `local ids = call('ZRANGE', base .. 'denials', '-inf', ARGV[1], 'BYSCORE', 'LIMIT', 0, tonumber(ARGV[2]))
for _, id in ipairs(ids) do
  call('DEL', base .. 'n:' .. id)
  call('ZREM', base .. 'denials', id)
end
return #ids`,
)

export function denialsPort(partitions: Partitions, source: Source): Denials {
  const { all, of, where } = partitions

  /** Partition by partition: a cursor says in which it is, and where. */
  async function list(now: number, cursor: string | null, limit: number): Promise<Page<Denial>> {
    const most = Math.max(1, limit)
    const items: Denial[] = []
    let [index, place] = placeOf(cursor)
    for (; index < all.length; index += 1, place = null) {
      const at = all[index] as (typeof all)[number]
      const [until, sid] = place !== null && place[0] > now ? place : [now, '']
      const flat = (await at.run(LIST, [until, sid, most + 1 - items.length])) as readonly string[]
      for (let i = 0; i < flat.length; i += 2) {
        if (items.length === most) return { items, nextCursor: cursorOf(items, index) }
        items.push(denialOf(flat[i] as string, flat[i + 1] as string))
      }
      if (items.length === most && index + 1 < all.length) return { items, nextCursor: `${index + 1}.` }
    }
    return { items, nextCursor: null }
  }

  return {
    source,
    async deny({ sid, reason, until }, now) {
      const at = of(sid)
      const kept = KEPT_MS + Math.max(0, until - now)
      const answer = await at.run(DENY, [sid, reason, until, now, randomText(12), kept], true)
      const [position, why, then] = answer as readonly [number, EndReason, string]
      return { value: { sid, reason: why, until: Number(then) }, position, part: at.index }
    },
    async check(sid) {
      const place = await where(sid)
      const [denied, ended] = await Promise.all([of(sid).run(CHECK, [sid]), place?.run(CHECK_RECORD, [sid]) ?? null])
      return (denied ?? ended) as EndReason | null
    },
    list,
    async purge(now, limit) {
      let count = 0
      for (const at of all) if (count < limit) count += (await at.run(PURGE, [now, limit - count], true)) as number
      return count
    },
  }
}

function denialOf(sid: string, kept: string): Denial {
  const [, until = '0', reason = ''] = /^(\d+) (.*)$/.exec(kept) ?? []
  return { sid: sid as SessionId, reason: reason as EndReason, until: Number(until) }
}

function cursorOf(items: readonly Denial[], index: number): string {
  const { until, sid } = items.at(-1) as Denial
  return `${index}.${encode([until, sid])}`
}

function placeOf(cursor: string | null): [index: number, place: ReturnType<typeof decode>] {
  const [, index, key] = /^(\d{1,4})\.(.*)$/.exec(cursor ?? '') ?? []
  return index === undefined ? [0, null] : [Number(index), decode(key ?? '')]
}
