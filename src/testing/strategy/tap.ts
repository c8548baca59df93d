import { StoreUnavailable } from '../../errors.ts'
import type { Feed } from '../../feed.ts'
import { feedsOf, type Source } from '../../source.ts'
import type { Store } from '../../store.ts'

/** One node's line to the store, which can be watched, cut and held up. */
export type Tap = {
  readonly store: Store
  /** Questions so far, those to the feed among them; not the audit log, which is written afterwards. */
  calls(): number
  /** Whether a question is under way that nothing here holds up. */
  isAsking(): boolean
  /** `down`: every verb fails. `silent`: none is answered until that is over. `deaf`: the feed cannot be followed. */
  set(state: TapState): void
  /** Holds back the answer to the next call of one verb, `sessions.find`; what it says is of before. */
  hold(verb: string): Held
}

export type TapState = 'up' | 'down' | 'silent' | 'deaf'

export type Held = {
  /** Resolves when there is an answer to hold back. */
  readonly reached: Promise<void>
  release(): void
}

/** What a lease is got by. */
const FOLLOWING: ReadonlySet<string> = new Set(['feed.register', 'feed.read', 'feed.acknowledge'])

/** Not questions to the database, or to be possible whatever state it is in. */
const FREE: ReadonlySet<PropertyKey> = new Set(['open', 'close'])

type Hold = { readonly reach: () => void; readonly released: Promise<void> }

/** Puts a tap between a node and a store that other nodes may share. */
export function tapped(store: Store): Tap {
  const sources = new Map<Source, Source>()
  const holding = new Map<string, Hold>()
  let calls = 0
  let asking = 0
  let state: TapState = 'up'
  let silence = Promise.withResolvers<void>()

  async function ask(verb: string, call: () => unknown): Promise<unknown> {
    if (!verb.startsWith('audit.')) calls += 1
    if (state === 'silent') await silence.promise.then(cutOff)
    if (state === 'down' || (state === 'deaf' && FOLLOWING.has(verb))) cutOff()
    const held = holding.get(verb)
    holding.delete(verb)
    asking += 1
    const answer = await Promise.resolve(call()).finally(() => {
      asking -= 1
    })
    held?.reach()
    await held?.released
    return answer
  }

  function verbs<T extends object>(of: T, name: string, also: Readonly<Record<string, unknown>>): T {
    return new Proxy(of, {
      get(target, key) {
        if (Object.hasOwn(also, key)) return also[key as string]
        const value: unknown = Reflect.get(target, key)
        if (typeof value !== 'function' || FREE.has(key)) return value
        return (...given: unknown[]) => ask(`${name}.${String(key)}`, () => Reflect.apply(value, target, given))
      },
    })
  }

  function through(source: Source): Source {
    const known = sources.get(source)
    if (known) return known
    const feeds = feedsOf(source).map((feed) => {
      // What is told of entries comes over the same line; that there is something may be heard of in another way.
      const onAppend: Feed['onAppend'] = (wake) => feed.onAppend((told) => wake(state === 'up' ? told : undefined))
      return verbs(feed, 'feed', { onAppend })
    })
    const made = verbs(source, 'source', { feed: feeds[0], ...(source.feeds && { feeds }) })
    sources.set(source, made)
    return made
  }

  function port<P extends { readonly source: Source }>(of: P, name: string): P {
    return verbs(of, name, { source: through(of.source) })
  }

  return {
    store: {
      users: port(store.users, 'users'),
      credentials: port(store.credentials, 'credentials'),
      sessions: port(store.sessions, 'sessions'),
      denials: port(store.denials, 'denials'),
      keys: port(store.keys, 'keys'),
      services: port(store.services, 'services'),
      tickets: port(store.tickets, 'tickets'),
      counters: port(store.counters, 'counters'),
      audit: port(store.audit, 'audit'),
      settings: port(store.settings, 'settings'),
    },
    calls: () => calls,
    isAsking: () => asking > 0,
    set(next) {
      state = next
      silence.resolve()
      silence = Promise.withResolvers()
    },
    hold(verb) {
      const reached = Promise.withResolvers<void>()
      const released = Promise.withResolvers<void>()
      holding.set(verb, { reach: reached.resolve, released: released.promise })
      return { reached: reached.promise, release: released.resolve }
    },
  }
}

function cutOff(): never {
  throw new StoreUnavailable('cut off')
}
