import { script } from './script.ts'

/**
 * The feed of a partition:
 *
 * - `feed`, a hash: `epoch`, the newest entry's `at` and `id`, the `channel` its entries are told on, the number of `partitions`;
 * - `log`, a stream: the entry at 7 is `7-0` with its id (`i`) and change (`c`);
 * - `rows`, a hash: a row's id to what it has acknowledged, with a `!` behind it once it is marked.
 *
 * Appends happen inside the scripts of the changes they speak of. `seed` is random and makes their ids.
 */
export const APPEND = `local function tail() return call('HGET', KEYS[1], 'at') or '0' end
local function append(seed, change)
  local head = call('HMGET', KEYS[1], 'at', 'id', 'channel')
  local at = whole(tonumber(head[1] or 0) + 1)
  local id = seed .. '.' .. at
  call('XADD', base .. 'log', at .. '-0', 'i', id, 'c', change)
  call('HSET', KEYS[1], 'at', at, 'id', id)
  if head[3] then
    local told = '{"at":' .. at .. ',"id":"' .. id .. '","follows":"' .. (head[2] or '') .. '","change":' .. change .. '}'
    call('SPUBLISH', head[3], told)
  end
  return at
end`

/** Ids in one entry, at most (`Change`). */
export const APPEND_ENDED = `local function appendEnded(seed, ids, reason, now)
  local at = tail()
  for i = 1, #ids, 500 do
    local some = cjson.encode({ unpack(ids, i, math.min(i + 499, #ids)) })
    at = append(seed, '{"kind":"ended","sessions":' .. some .. ',"reason":' .. cjson.encode(reason) .. ',"at":' .. now .. '}')
  end
  return at
end`

/** What the epoch is bound to: a server that was started anew, or took over, has another one. A replica has it from its primary. */
const IDENTITY = `local function identity()
  return string.match(call('INFO', 'replication'), 'master_replid:(%w+)') or ''
end`

/** The random parts of a new epoch and of the channel, and the number of partitions. Answers what there is now. */
export const BEGIN = script(
  'allow-oom',
  `if call('HSETNX', KEYS[1], 'epoch', ARGV[1]) == 1 then
  call('HSET', KEYS[1], 'channel', base .. ARGV[2], 'partitions', ARGV[3], 'layout', ARGV[4])
end
return call('HMGET', KEYS[1], 'epoch', 'partitions', 'layout')`,
)

/** A new epoch, if it is still the one that was found wanting. */
export const BEGIN_ANEW = script(
  'allow-oom',
  `if call('HGET', KEYS[1], 'epoch') == ARGV[1] then call('HSET', KEYS[1], 'epoch', ARGV[2]) end`,
)

export const EPOCH = script(
  'allow-oom',
  IDENTITY,
  `local head = call('HMGET', KEYS[1], 'epoch', 'channel') return { head[1], identity(), head[2] }`,
)

const ENTRY_AT = `local function entryAt(at)
  local found = call('XRANGE', base .. 'log', at .. '-0', at .. '-0')
  return found[1] and found[1][2][2] or false
end`

/** With the random part of the row's id and the place to begin at, or nothing for the tail. What lies beyond the newest was never applied. */
export const REGISTER = script(
  'allow-oom',
  IDENTITY,
  ENTRY_AT,
  `local head = call('HMGET', KEYS[1], 'epoch', 'at', 'channel')
if not head[1] then return {} end
local last = tonumber(head[2] or 0)
local at = ARGV[2] == '' and last or math.min(tonumber(ARGV[2]), last)
local row = head[1] .. '.' .. ARGV[1]
local here = entryAt(whole(at))
local replid = identity()
call('HSET', base .. 'rows', row, whole(at))
return { row, head[1], replid, head[3], at, here or '' }`,
)

/** With the row, the place and how many. Falls back to false for what is not there. */
export const READ = script(
  'allow-oom',
  IDENTITY,
  ENTRY_AT,
  `local head = call('HMGET', KEYS[1], 'epoch', 'at', 'channel')
if not head[1] then return {} end
local row = call('HGET', base .. 'rows', ARGV[1])
local first = call('XRANGE', base .. 'log', '-', '+', 'COUNT', 1)[1]
local entries = {}
for _, entry in ipairs(call('XRANGE', base .. 'log', '(' .. ARGV[2] .. '-0', '+', 'COUNT', ARGV[3])) do
  entries[#entries + 1] = string.match(entry[1], '%d+')
  entries[#entries + 1] = entry[2][2]
  entries[#entries + 1] = entry[2][4]
end
local from = first and tonumber(string.match(first[1], '%d+')) or 0
return { head[1], identity(), head[3], row, entryAt(ARGV[2]), from, tonumber(head[2] or 0), entries }`,
)

/**
 * Neither for the disk nor for replicas: it is what every ending waits for, and losing it costs a wait. Where it is lost, the epoch is
 * another, and every node registers anew.
 */
export const ACKNOWLEDGE = script(
  'allow-oom',
  `redis.set_repl(redis.REPL_NONE)
local row = call('HGET', base .. 'rows', ARGV[1])
if row and tonumber(string.match(row, '%d+')) < tonumber(ARGV[2]) then
  call('HSET', base .. 'rows', ARGV[1], ARGV[2] .. string.match(row, '!?$'))
end`,
)

export const TAIL = script('allow-oom', APPEND, `return tonumber(tail())`)

export const ROWS = script('allow-oom', `return call('HGETALL', base .. 'rows')`)

export const MARK = script(
  'allow-oom',
  `for _, id in ipairs(ARGV) do
  local row = call('HGET', base .. 'rows', id)
  if row then call('HSET', base .. 'rows', id, string.match(row, '%d+') .. '!') end
end`,
)

export const REMOVE = script('allow-oom', `for _, id in ipairs(ARGV) do call('HDEL', base .. 'rows', id) end`)

/** With how many to keep and how many to forget at the most. The entry a row stands on stays, and so does the newest. Answers how many went. */
export const TRIM = script(
  'allow-oom',
  `local first = call('XRANGE', base .. 'log', '-', '+', 'COUNT', 1)[1]
if not first then return 0 end
local upTo = tonumber(call('HGET', KEYS[1], 'at')) - math.max(0, tonumber(ARGV[1]))
for _, row in ipairs(call('HVALS', base .. 'rows')) do upTo = math.min(upTo, tonumber(string.match(row, '%d+'))) end
upTo = math.min(upTo, tonumber(string.match(first[1], '%d+')) + tonumber(ARGV[2]))
return upTo > 0 and call('XTRIM', base .. 'log', 'MINID', whole(upTo) .. '-0') or 0`,
)

/** Whose turn a piece of work is: with its name, the holder, now and until when. */
export const TURN = script(
  '',
  `local had = call('HGET', base .. 'turns', ARGV[1])
local untilWhen, holder = string.match(had or '', '^(%d+) (.*)$')
if had and holder ~= ARGV[2] and tonumber(untilWhen) > tonumber(ARGV[3]) then return 0 end
call('HSET', base .. 'turns', ARGV[1], ARGV[4] .. ' ' .. ARGV[2])
return 1`,
)
