import { script } from './script.ts'
import { ENDING, HEAL, RECORD } from './session-lua.ts'

/** ARGV: id, reason, now, seed, and after what use it goes on, or nothing. Answers the tail and what ended. */
export const END = script(
  'allow-oom',
  ...ENDING,
  `local id, record = ARGV[1], load(ARGV[1])
local ended, used = {}, tonumber(ARGV[5])
if not isOpen(record) or (used and tonumber(record.l) > used) then return { tonumber(tail()), ended } end
local at = finishAll(ARGV[4], { { id, record } }, ARGV[2], ARGV[3], ended)
return { tonumber(at), ended }`,
)

/** ARGV: user, reason, now, seed, which one stays or nothing. Answers the tail and what ended. */
export const END_OF = script(
  'allow-oom',
  ...ENDING,
  `local open, found, ended = base .. 'u:' .. ARGV[1], {}, {}
for _, id in ipairs(call('ZRANGE', open, 0, -1)) do
  if id ~= ARGV[5] then
    local record = load(id)
    if isOpen(record) then found[#found + 1] = { id, record } else isStale(open, id) end
  end
end
local at = tail()
if #found > 0 then at = finishAll(ARGV[4], found, ARGV[2], ARGV[3], ended) end
heal()
return { tonumber(at), ended }`,
)

/** Ends what is due. ARGV: before when, how many at the most, now, seed. Answers the tail and what ended. */
export const END_DUE = script(
  'allow-oom',
  ...ENDING,
  `local before, limit = tonumber(ARGV[1]), tonumber(ARGV[2])
local idle, absolute, ended = {}, {}, {}
for _, everyone in ipairs(call('ZRANGE', base .. 'g', 0, -1)) do
  local key = base .. 'd:' .. everyone
  for _, id in ipairs(call('ZRANGE', key, '-inf', ARGV[1], 'BYSCORE', 'LIMIT', 0, limit - #idle - #absolute)) do
    local record = load(id)
    if not isOpen(record) then
      isStale(key, id)
    elseif tonumber(record.l) + tonumber(record.t) < tonumber(record.x) then
      idle[#idle + 1] = { id, record }
    else
      absolute[#absolute + 1] = { id, record }
    end
  end
end
local at = tail()
if #idle > 0 then at = finishAll(ARGV[4], idle, 'session_expired_idle', ARGV[3], ended) end
if #absolute > 0 then at = finishAll(ARGV[4], absolute, 'session_expired_absolute', ARGV[3], ended) end
heal()
return { tonumber(at), ended, #stale }`,
)

/** Ends what holds a lower generation of the installation. ARGV: the generation, how many at the most, now, seed. Answers as `END_DUE`. */
export const END_OLDER = script(
  'allow-oom',
  ...ENDING,
  `local found, ended, limit = {}, {}, tonumber(ARGV[2])
for _, everyone in ipairs(call('ZRANGE', base .. 'g', '-inf', '(' .. ARGV[1], 'BYSCORE')) do
  local key = base .. 'd:' .. everyone
  if #found < limit then
    for _, id in ipairs(call('ZRANGE', key, 0, limit - #found - 1)) do
      local record = load(id)
      if isOpen(record) then found[#found + 1] = { id, record } else isStale(key, id) end
    end
  end
end
local at = tail()
if #found > 0 then at = finishAll(ARGV[4], found, 'session_revoked', ARGV[3], ended) end
heal()
return { tonumber(at), ended, #stale }`,
)

/** Blanks what is personal in what has ended. ARGV: user, how many at the most. Answers how many. */
export const ERASE = script(
  'allow-oom',
  RECORD,
  HEAL,
  `local over, found = base .. 'o:' .. ARGV[1], {}
for _, id in ipairs(call('ZRANGE', over, 0, -1)) do
  local record = load(id)
  if not record then
    isStale(over, id)
  elseif #found < tonumber(ARGV[2]) and (record.p .. record.b .. record.o .. record.k ~= '' or record.f) then
    found[#found + 1] = id
  end
end
for _, id in ipairs(found) do
  call('HSET', base .. 's:' .. id, 'p', '', 'b', '', 'o', '', 'k', '')
  call('HDEL', base .. 's:' .. id, 'f')
end
heal()
return #found`,
)

/** Forgets what ended before. ARGV: when, how many at the most. Answers the ids. */
export const PURGE = script(
  'allow-oom',
  RECORD,
  `local ids = call('ZRANGE', base .. 'over', '-inf', '(' .. ARGV[1], 'BYSCORE', 'LIMIT', 0, tonumber(ARGV[2]))
local users = {}
for i, id in ipairs(ids) do users[i] = call('HGET', base .. 's:' .. id, 'u') end
for i, id in ipairs(ids) do
  if users[i] then call('ZREM', base .. 'o:' .. users[i], id) end
  call('ZREM', base .. 'all', id)
  call('ZREM', base .. 'over', id)
  call('DEL', base .. 's:' .. id)
end
return ids`,
)
