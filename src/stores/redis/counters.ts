import { StoreUnavailable } from '../../errors.ts'
import type { Counters, Source } from '../../store.ts'
import { reserve, resolve, type ThrottleState } from '../../throttle-state.ts'
import type { Partitions } from './partitions.ts'
import { script } from './script.ts'
import { KEPT_MS } from './sessions.ts'

/** `c:<key>`: what is counted, as JSON; `counters`: the keys, sorted by when they are forgotten. */
const GET = script('allow-oom', `return call('GET', base .. 'c:' .. ARGV[1])`)

/** ARGV: key, what it must be, what it is to be or nothing, when it is forgotten, how long it is kept. */
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
return 1`,
)

const REMOVE = script('allow-oom', `call('DEL', base .. 'c:' .. ARGV[1]) call('ZREM', base .. 'counters', ARGV[1])`)

const PURGE = script(
  'allow-oom',
  `local keys = call('ZRANGE', base .. 'counters', '-inf', ARGV[1], 'BYSCORE', 'LIMIT', 0, tonumber(ARGV[2]))
for _, key in ipairs(keys) do
  call('DEL', base .. 'c:' .. key)
  call('ZREM', base .. 'counters', key)
end
return #keys`,
)

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
      if ((await at.run(SWAP, [key, kept ?? '', text, state.forgetAt, KEPT_MS], true)) === 1) return answer
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
    resolve: (key, outcome, rule, now) =>
      inTurn(key, () =>
        swapped(key, (before) => {
          const state = resolve(before, outcome, rule, now)
          return { state, answer: state.failures }
        }),
      ),
    remove: async (key) => void (await of(key).run(REMOVE, [key], true)),
    async purge(now, limit) {
      let count = 0
      for (const at of all) if (count < limit) count += (await at.run(PURGE, [now, limit - count], true)) as number
      return count
    },
  }
}
