import { APPEND, APPEND_ENDED } from './feed-scripts.ts'

/**
 * The sessions of a partition:
 *
 * - `s:<id>`, a hash: the record, by the names of `record.ts`. It goes by itself some time after its absolute limit, so that a store
 *   nobody sweeps does not grow for ever; the ids in the indexes below that lead nowhere go when somebody comes across them.
 * - `u:<user>` and `o:<user>`, sorted by `createdAt`: a user's open sessions, and those that are over.
 * - `all`, sorted by `createdAt`; `over`, sorted by `endedAt`.
 * - `d:<everyone>`, sorted by when they are due: the open ones that hold this generation of the installation; `g` has the
 *   generations for which there are any.
 */
export const RECORD = `local function load(id)
  local flat = call('HGETALL', base .. 's:' .. id)
  if #flat == 0 then return nil end
  local record = {}
  for i = 1, #flat, 2 do record[flat[i]] = flat[i + 1] end
  return record
end
local function pack(id, record)
  local flat = { id }
  for name, value in pairs(record) do
    flat[#flat + 1] = name
    flat[#flat + 1] = value
  end
  return flat
end
local function dueAt(record) return math.min(tonumber(record.l) + tonumber(record.t), tonumber(record.x)) end
local function isOpen(record) return record and not record.ea end`

export const INDEX = `local function outlive(key, ttl)
  if tonumber(ttl) <= 0 then return end
  call('PEXPIRE', key, ttl, 'NX')
  call('PEXPIRE', key, ttl, 'GT')
end
local function setDue(id, record)
  call('ZADD', base .. 'd:' .. record.e, whole(dueAt(record)), id)
  call('ZADD', base .. 'g', record.e, record.e)
end
local function unsetDue(id, everyone)
  local key = base .. 'd:' .. everyone
  call('ZREM', key, id)
  if call('EXISTS', key) == 0 then call('ZREM', base .. 'g', everyone) end
end`

/** Indexes that lead to nothing any more, as the key of each and the id; forgotten once everything was read. */
export const HEAL = `local stale = {}
local function isStale(key, id)
  stale[#stale + 1] = { key, id }
end
local function heal()
  for _, entry in ipairs(stale) do call('ZREM', entry[1], entry[2]) end
end`

const FINISH = `local function finish(id, record, reason, now)
  record.ea = now
  record.er = reason
  local ttl = call('PTTL', base .. 's:' .. id)
  call('HSET', base .. 's:' .. id, 'ea', now, 'er', reason)
  call('ZREM', base .. 'u:' .. record.u, id)
  call('ZADD', base .. 'o:' .. record.u, record.c, id)
  outlive(base .. 'o:' .. record.u, ttl)
  unsetDue(id, record.e)
  call('ZADD', base .. 'over', now, id)
end
-- Of one reason. Each of found is { id, record }.
local function finishAll(seed, found, reason, now, ended)
  local ids = {}
  for i, one in ipairs(found) do ids[i] = one[1] end
  local at = appendEnded(seed, ids, reason, now)
  for _, one in ipairs(found) do
    finish(one[1], one[2], reason, now)
    ended[#ended + 1] = pack(one[1], one[2])
  end
  return at
end`

/** What scripts need that end sessions. */
export const ENDING = [APPEND, APPEND_ENDED, RECORD, INDEX, HEAL, FINISH] as const
