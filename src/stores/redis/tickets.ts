import type { Source, Ticket, Tickets } from '../../store.ts'
import type { Fields, UserId } from '../../user.ts'
import type { Partitions } from './partitions.ts'
import { script } from './script.ts'
import { KEPT_MS } from './sessions.ts'

/** `t:<digest>`: a hash; `tickets`: the digests, sorted by when they are over; `k:<user>`: those of a user, so too. */
const DROP = `local function drop(digest, user)
  call('DEL', base .. 't:' .. digest)
  call('ZREM', base .. 'tickets', digest)
  if user and user ~= '' then call('ZREM', base .. 'k:' .. string.sub(user, 2), digest) end
end`

/** ARGV: digest, kind, user (after a sign, or nothing), data, when it is over, how long it is kept. */
const PUT = script(
  '',
  DROP,
  `local key = base .. 't:' .. ARGV[1]
drop(ARGV[1], call('HGET', key, 'u'))
call('HSET', key, 'k', ARGV[2], 'u', ARGV[3], 'd', ARGV[4], 'x', ARGV[5])
call('PEXPIRE', key, ARGV[6])
call('ZADD', base .. 'tickets', ARGV[5], ARGV[1])
if ARGV[3] ~= '' then
  local mine = base .. 'k:' .. string.sub(ARGV[3], 2)
  call('ZADD', mine, ARGV[5], ARGV[1])
  call('PEXPIRE', mine, ARGV[6])
end`,
)

/** ARGV: digest, kind. Of any number of takers one gets it. */
const TAKE = script(
  'allow-oom',
  DROP,
  `local found = call('HMGET', base .. 't:' .. ARGV[1], 'k', 'u', 'd', 'x')
if found[1] ~= ARGV[2] then return false end
drop(ARGV[1], found[2])
return { found[2], found[3], found[4] }`,
)

/** ARGV: user, how many at the most. */
const OF_USER = script(
  'allow-oom',
  `local found = {}
for _, digest in ipairs(call('ZRANGE', base .. 'k:' .. ARGV[1], 0, tonumber(ARGV[2]) - 1)) do
  local ticket = call('HMGET', base .. 't:' .. digest, 'k', 'd', 'x')
  if ticket[1] then found[#found + 1] = { digest, ticket[1], ticket[2], ticket[3] } end
end
return found`,
)

/** ARGV: user, kind after a sign, or nothing for any. */
const REMOVE_OF = script(
  'allow-oom',
  DROP,
  `local found = {}
for _, digest in ipairs(call('ZRANGE', base .. 'k:' .. ARGV[1], 0, -1)) do
  if ARGV[2] == '' or call('HGET', base .. 't:' .. digest, 'k') == string.sub(ARGV[2], 2) then found[#found + 1] = digest end
end
for _, digest in ipairs(found) do drop(digest, '=' .. ARGV[1]) end`,
)

const PURGE = script(
  'allow-oom',
  DROP,
  `local digests = call('ZRANGE', base .. 'tickets', '-inf', ARGV[1], 'BYSCORE', 'LIMIT', 0, tonumber(ARGV[2]))
local users = {}
for i, digest in ipairs(digests) do users[i] = call('HGET', base .. 't:' .. digest, 'u') end
for i, digest in ipairs(digests) do drop(digest, users[i]) end
return #digests`,
)

type Held = readonly [digest: string, kind: string, data: string, expiresAt: string]

export function ticketsPort({ all, of }: Partitions, source: Source): Tickets {
  return {
    source,
    async put({ digest, kind, userId, data, expiresAt }) {
      const owner = userId === null ? '' : `=${userId}`
      await of(digest).run(PUT, [digest, kind, owner, JSON.stringify(data), expiresAt, KEPT_MS], true)
    },
    async take(digest, kind) {
      const found = (await of(digest).run(TAKE, [digest, kind], true)) as readonly [string, string, string] | null
      if (found === null) return null
      const [owner, data, expiresAt] = found
      const userId = owner === '' ? null : (owner.slice(1) as UserId)
      return { digest, kind, userId, data: JSON.parse(data) as Fields, expiresAt: Number(expiresAt) } satisfies Ticket
    },
    async ofUser(userId, limit) {
      if (limit < 1) return []
      const parts = (await Promise.all(all.map((at) => at.run(OF_USER, [userId, limit])))) as (readonly Held[])[]
      const found = parts.flat().map(([digest, kind, data, expiresAt]): Ticket => {
        return { digest, kind, userId, data: JSON.parse(data) as Fields, expiresAt: Number(expiresAt) }
      })
      return found.sort((a, b) => a.expiresAt - b.expiresAt || (a.digest < b.digest ? -1 : 1)).slice(0, limit)
    },
    async removeOf(userId, kind) {
      await Promise.all(all.map((at) => at.run(REMOVE_OF, [userId, kind === null ? '' : `=${kind}`], true)))
    },
    async purge(now, limit) {
      let count = 0
      for (const at of all) if (count < limit) count += (await at.run(PURGE, [now, limit - count], true)) as number
      return count
    },
  }
}
