import { APPEND } from './feed-scripts.ts'
import { ORDER, script } from './script.ts'
import { ENDING, HEAL, INDEX, RECORD } from './session-lua.ts'

/**
 * ARGV: id, user, how long it is kept, now, seed, the limit (or nothing) and what happens when it is reached, then the record.
 * Answers `exists`, `full`, or `started` with the tail and what was evicted.
 */
export const START = script(
  '',
  ...ENDING,
  `local id, user, ttl, now, seed, max = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], tonumber(ARGV[6])
local record = {}
for i = 8, #ARGV, 2 do record[ARGV[i]] = ARGV[i + 1] end
local key, open = base .. 's:' .. id, base .. 'u:' .. user
if call('EXISTS', key) == 1 then return { 'exists' } end
local live, out = {}, {}
if max then
  for _, other in ipairs(call('ZRANGE', open, 0, -1)) do
    local found = load(other)
    if not isOpen(found) then
      isStale(open, other)
    elseif found.g == record.g and found.e == record.e and dueAt(found) > tonumber(now) then
      live[#live + 1] = { other, found }
    end
  end
  if #live >= max and ARGV[7] == 'refuse' then
    heal()
    return { 'full' }
  end
  for i = 1, #live - max + 1 do out[i] = live[i] end
end
local evicted, at = {}, tail()
if #out > 0 then at = finishAll(seed, out, 'session_evicted', now, evicted) end
call('HSET', key, unpack(ARGV, 8))
call('PEXPIRE', key, ttl)
if record.ea then
  call('ZADD', base .. 'o:' .. user, record.c, id)
  outlive(base .. 'o:' .. user, ttl)
  call('ZADD', base .. 'over', record.ea, id)
else
  call('ZADD', open, record.c, id)
  outlive(open, ttl)
  setDue(id, record)
end
call('ZADD', base .. 'all', record.c, id)
heal()
return { 'started', tonumber(at), evicted }`,
)

export const FIND = script('allow-oom', RECORD, `local record = load(ARGV[1]) return record and pack(ARGV[1], record)`)

/**
 * A page of an index, newest first. ARGV: its name, the place to begin behind (time and id, or nothing), how many ids are looked at
 * and how many records answered at the most, then what they must have: ip, strategy, `ended` or `active`, and now. Answers the records,
 * and the place of the last id that was looked at, or nothing when there are no more.
 */
export const PAGE = script(
  'allow-oom',
  ORDER,
  RECORD,
  HEAL,
  `local key, time, after, slice, most = base .. ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local ip, strategy, state, now = ARGV[6], ARGV[7], ARGV[8], tonumber(ARGV[9])
local function isWanted(record)
  if ip ~= '' and record.p ~= string.sub(ip, 2) then return false end
  if strategy ~= '' and record.st ~= string.sub(strategy, 2) then return false end
  if state == 'ended' then return record.ea ~= nil end
  if state == 'active' then return not record.ea and dueAt(record) > now end
  return true
end
local from = time == '' and 0 or downTo(key, time, after)
local records, last = {}, {}
local ids = call('ZRANGE', key, from, from + slice - 1, 'REV', 'WITHSCORES')
for i = 1, #ids, 2 do
  local record = load(ids[i])
  last = { ids[i + 1], ids[i] }
  if not record then
    isStale(key, ids[i])
  elseif isWanted(record) then
    records[#records + 1] = pack(ids[i], record)
    if #records >= most then break end
  end
end
local isEnd = #ids < 2 * slice and (#ids == 0 or last[2] == ids[#ids - 1])
heal()
return { records, isEnd and {} or last }`,
)

/** ARGV, for each use: id, lastActiveAt, longestIdle, authenticatedAt, and the counter that was seen and when, or nothing. */
export const TOUCH = script(
  'allow-oom',
  RECORD,
  INDEX,
  `local changes, known = {}, {}
for i = 1, #ARGV, 6 do
  local record = known[ARGV[i]] or load(ARGV[i])
  known[ARGV[i]] = record
  if isOpen(record) then
    local change, moved = {}, false
    local function set(name, value)
      change[#change + 1] = name
      change[#change + 1] = value
      record[name] = value
    end
    if tonumber(ARGV[i + 1]) > tonumber(record.l) then
      set('l', ARGV[i + 1])
      moved = true
    end
    if record.a == ARGV[i + 3] then
      if tonumber(ARGV[i + 2]) > tonumber(record.i) then set('i', ARGV[i + 2]) end
      if not record.sa and record.n == ARGV[i + 4] then set('sa', ARGV[i + 5]) end
    end
    if #change > 0 then changes[#changes + 1] = { ARGV[i], change, moved and record } end
  end
end
for _, one in ipairs(changes) do
  call('HSET', base .. 's:' .. one[1], unpack(one[2]))
  if one[3] then setDue(one[1], one[3]) end
end`,
)

const CHANGED = `local function changed(seed, id, record)
  return append(seed, '{"kind":"session","session":' .. cjson.encode(id) .. '}')
end`

/** ARGV: id, the digest it must have, seed, then what replaces: names and values. Answers the tail, and the record if it was so. */
export const REPLACE = script(
  '',
  APPEND,
  CHANGED,
  RECORD,
  INDEX,
  `local id, key = ARGV[1], base .. 's:' .. ARGV[1]
local record = load(id)
if not isOpen(record) or record.d ~= ARGV[2] then return { tonumber(tail()) } end
local before = record.e
record.pd, record.sa = record.d, nil
for i = 4, #ARGV, 2 do record[ARGV[i]] = ARGV[i + 1] end
local at = changed(ARGV[3], id, record)
call('HSET', key, 'pd', record.pd, unpack(ARGV, 4))
call('HDEL', key, 'sa')
if record.e ~= before then unsetDue(id, before) end
setDue(id, record)
return { tonumber(at), pack(id, record) }`,
)

/** ARGV: id, the digest and the counter it must have, the next counter, now. Answers the record if it was so. */
export const ADVANCE = script(
  '',
  RECORD,
  `local id, key = ARGV[1], base .. 's:' .. ARGV[1]
local record = load(id)
if not isOpen(record) or record.d ~= ARGV[2] or record.n ~= ARGV[3] then return false end
if ARGV[3] == ARGV[4] then
  if tonumber(ARGV[5]) > tonumber(record.ra) then
    record.ra = ARGV[5]
    call('HSET', key, 'ra', record.ra)
  end
else
  record.n, record.ra, record.sa = ARGV[4], ARGV[5], nil
  call('HSET', key, 'n', record.n, 'ra', record.ra)
  call('HDEL', key, 'sa')
end
return pack(id, record)`,
)

/** ARGV: id, the fields as JSON, seed. Answers the tail, and the record if it is open. */
export const SET_FIELDS = script(
  '',
  APPEND,
  CHANGED,
  RECORD,
  `local id = ARGV[1]
local record = load(id)
if not isOpen(record) then return { tonumber(tail()) } end
record.f = ARGV[2]
local at = changed(ARGV[3], id, record)
call('HSET', base .. 's:' .. id, 'f', record.f)
return { tonumber(at), pack(id, record) }`,
)

/** How many have not ended. */
export const COUNT = script(
  'allow-oom',
  `local function size(key) return call('ZCOUNT', base .. key, '-inf', '+inf') end
return size('all') - size('over')`,
)
