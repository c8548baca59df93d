import { decode, encode } from '../../cursor.ts'
import { StoreUnavailable } from '../../errors.ts'
import type { Counters, Slowed, Source } from '../../store.ts'
import { reserve, resolve, type ThrottleState } from '../../throttle-state.ts'
import type { Partitions } from './partitions.ts'
import { ORDER, script } from './script.ts'
import { KEPT_MS } from './sessions.ts'

/** `c:<key>`: what is counted, as JSON; `counters`: the keys, by when they are forgotten; `slowed`: those that wait, by until when. */
const GET = script('allow-oom', `return call('GET', base .. 'c:' .. ARGV[1])`)

/** ARGV: key, what it must be, what it is to be or nothing, when it is forgotten, how long it is kept, until when it waits. */
const SWAP = script(
  '',
  `local key = base .. 'c:' .. ARGV[1]
if (call('GET', key) or '') ~= ARGV[2] then return 0 end
if ARGV[3] == '' then
  call('DEL', key)
  call('ZREM', base .. 'counters', ARGV[1])
else
  call('SET', key, ARGV[3], 'PX', ARGV[5])
  call('ZADD', base .. 'counters', ARGV[4], ARGV[1])
end
if ARGV[3] == '' or ARGV[6] == '0' then call('ZREM', base .. 'slowed', ARGV[1])
else call('ZADD', base .. 'slowed', ARGV[6], ARGV[1]) end
return 1`,
)

const REMOVE = script(
  'allow-oom',
  `call('DEL', base .. 'c:' .. ARGV[1])
call('ZREM', base .. 'counters', ARGV[1])
call('ZREM', base .. 'slowed', ARGV[1])`,
)

const PURGE = script(
  'allow-oom',
  `local keys = call('ZRANGE', base .. 'counters', '-inf', ARGV[1], 'BYSCORE', 'LIMIT', 0, tonumber(ARGV[2]))
for _, key in ipairs(keys) do
  call('DEL', base .. 'c:' .. key)
  call('ZREM', base .. 'counters', key)
  call('ZREM', base .. 'slowed', key)
end
return #keys`,
)

/**
 * ARGV: from when on, after which key, how many. Answers keys and what is counted; one that has gone by itself is passed over. Those that
 * wait until the very instant of the cursor are sorted by their keys, and few.
 */
const LIST = script(
  'allow-oom',
  ORDER,
  `local found = {}
local first = upTo(base .. 'slowed', ARGV[1], ARGV[2])
for _, key in ipairs(call('ZRANGE', base .. 'slowed', first, first + tonumber(ARGV[3]) - 1)) do
  found[#found + 1] = key
  found[#found + 1] = call('GET', base .. 'c:' .. key) or ''
end
return found`,
)

/** Sorts after every key. */
const LAST = '\u{10ffff}'

/** How often others may come first. Each time one of them got on, so this ends nothing but a fault. */
const MOST_ATTEMPTS = 100

/**
 * The rule is applied here and what came of it kept if nothing has changed meanwhile, so that there is one text of it. The callers of this
 * process take turns at a key, so that they do not get into each other's way.
 */
export function countersPort({ all, of }: Partitions, source: Source): Counters {
  const turns = new Map<string, Promise<unknown>>()

  function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    const mine = (turns.get(key) ?? Promise.resolve()).then(work, work)
    turns.set(key, mine)
    const over = () => {
      if (turns.get(key) === mine) turns.delete(key)
    }
    mine.then(over, over)
    return mine
  }

  async function swapped<T>(
    key: string,
    next: (state: ThrottleState | null) => { readonly state: ThrottleState | null; readonly answer: T },
  ): Promise<T> {
    const at = of(key)
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
      const kept = (await at.run(GET, [key])) as string | null
      const { state, answer } = next(kept === null ? null : (JSON.parse(kept) as ThrottleState))
      if (state === null) return answer
      // A counter at which nothing has happened is not kept.
      const text = state.failures === 0 && state.pending === 0 ? '' : JSON.stringify(state)
      if ((await at.run(SWAP, [key, kept ?? '', text, state.forgetAt, KEPT_MS, state.blockedUntil], true)) === 1)
        return answer
    }
    throw new StoreUnavailable('other writers kept getting in the way')
  }

  return {
    source,
    reserve: (key, rule, now) =>
      inTurn(key, () =>
        swapped(key, (before) => {
          const { state, reservation } = reserve(before, rule, now)
          return { state, answer: reservation }
        }),
      ),
    resolve: (key, outcome, rule, now, about) =>
      inTurn(key, () =>
        swapped(key, (before) => {
          const state = resolve(before, outcome, rule, now, about)
          return { state, answer: state.failures }
        }),
      ),
    async list(now, cursor, limit) {
      const [at, key] = decode(cursor) ?? [now, LAST]
      const from = at > now ? [at, key] : [now, LAST]
      const most = Math.max(1, limit)
      const answers = await Promise.all(all.map((one) => one.run(LIST, [...from, most + 1])))
      const found = answers.flatMap((answer) => slowedOf(answer as readonly string[]))
      const inOrder = found.sort((a, b) => a.blockedUntil - b.blockedUntil || (a.key < b.key ? -1 : 1))
      const items = inOrder.slice(0, most)
      const last = items.at(-1)
      return { items, nextCursor: inOrder.length > most && last ? encode([last.blockedUntil, last.key]) : null }
    },
    remove: async (key) => void (await of(key).run(REMOVE, [key], true)),
    async purge(now, limit) {
      let count = 0
      for (const at of all) if (count < limit) count += (await at.run(PURGE, [now, limit - count], true)) as number
      return count
    },
  }
}

function slowedOf(answer: readonly string[]): Slowed[] {
  const found: Slowed[] = []
  for (let i = 0; i < answer.length; i += 2) {
    const [key, text] = [answer[i] as string, answer[i + 1] as string]
    if (text === '') continue
    const { failures, blockedUntil, about = null } = JSON.parse(text) as ThrottleState
    found.push({ key, failures, blockedUntil, about })
  }
  return found
}
