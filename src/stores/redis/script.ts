import { sha1 } from '../../crypto.ts'

/** A script as the server runs it: one step, with nobody in between. */
export type Script = { readonly text: string; readonly sha: string }

/**
 * What every script begins with. All keys of a partition begin alike and share a hash tag, so `KEYS[1]`, the feed's, says where all
 * of them are.
 *
 * Scripts read everything before they write anything, and append to the feed before they write anything else. While a slot moves to
 * another node, what is read there and gone already is an error: a script that could not read everything has then changed nothing.
 * One that is cut off later has told of what it did not do, and never done what it did not tell.
 */
const COMMON = `local call = redis.call
local base = string.sub(KEYS[1], 1, -5)
local function whole(n) return string.format('%.0f', n) end`

/** How things that are sorted by a number and then by name stand to a place among them. The names are compared by their bytes, as the server sorts. */
export const ORDER = `local function isBefore(one, other)
  for i = 1, math.min(#one, #other) do
    local a, b = string.byte(one, i), string.byte(other, i)
    if a ~= b then return a < b end
  end
  return #one < #other
end
local function upTo(key, at, name)
  local count = call('ZCOUNT', key, '-inf', '(' .. at)
  for _, tied in ipairs(call('ZRANGE', key, at, at, 'BYSCORE')) do
    if not isBefore(name, tied) then count = count + 1 end
  end
  return count
end
local function downTo(key, at, name)
  local count = call('ZCOUNT', key, '(' .. at, '+inf')
  for _, tied in ipairs(call('ZRANGE', key, at, at, 'BYSCORE')) do
    if not isBefore(tied, name) then count = count + 1 end
  end
  return count
end`

/**
 * @param flags `allow-oom` for what ends, forgets or only reads: it is carried out also when the server has no memory left. No script
 * says that it does not write: one that might is refused by a replica, and by a primary that has lost its replicas (`min-replicas-to-write`).
 */
export function script(flags: '' | 'allow-oom', ...parts: readonly string[]): Script {
  const text = [`#!lua${flags && ` flags=${flags}`}`, COMMON, ...parts].join('\n')
  return { text, sha: sha1(text) }
}
