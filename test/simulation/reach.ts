import type { Feed, Told } from '../../src/feed.ts'
import type { Source, Store } from '../../src/store.ts'
import type { Process } from './machine.ts'
import { type Calling, call, type Link } from './network.ts'

/** The ports that the protocol is about. The others answer at once: nothing of it depends on them. */
const REMOTE = ['users', 'credentials', 'sessions', 'denials', 'keys', 'settings'] as const

/** In which database a port is when sessions have one of their own. */
const OF_SESSIONS: ReadonlySet<string> = new Set(['sessions', 'denials'])

/** An audit log that nobody reads. */
const unread = (source: Source): Store['audit'] => ({
  source,
  append: async () => {},
  list: async () => ({ items: [], nextCursor: null }),
  erase: async () => 0,
  purge: async () => 0,
  after: async () => [],
  place: async () => 0,
  advance: async () => {},
})

/** The store as a node sees it: every verb is a call over the network. With two links, sessions are in the second. */
export function reach(calling: Calling, process: Process, links: readonly Link[]): Store {
  const [first, second = first] = links as [Link, ...Link[]]
  const sources = new Map<Link, Source>()

  function source(of: Link): Source {
    const known = sources.get(of)
    if (known) return known
    const made: Source = {
      name: of.database.name,
      batch: 200,
      feed: feed(of),
      open: async () => {},
      ping: async () => {},
      close: async () => {},
      turn: async () => true,
    }
    sources.set(of, made)
    return made
  }

  const asked =
    (of: Link, name: string) =>
    (...given: unknown[]) =>
      call(calling, process, of, name, given)

  function feed(of: Link): Feed {
    const names = ['register', 'read', 'acknowledge', 'epoch', 'tail', 'rows', 'mark', 'remove', 'trim'] as const
    const verbs = Object.fromEntries(names.map((name) => [name, asked(of, `feed.${name}`)]))
    return { ...(verbs as unknown as Omit<Feed, 'onAppend'>), onAppend: (wake) => woken(of, wake) }
  }

  /**
   * What is told of entries overtakes itself, comes twice, or says no more than that there is something. Some databases never say more:
   * of those one wake-up at a time is on its way.
   */
  function woken(of: Link, wake: (told?: Told) => void): () => void {
    const { agenda, chance } = calling
    const tells = chance.chance(0.7)
    let cancelled = false
    let coming = false

    function send(told: Told | undefined): void {
      const late = of.wake()
      if (late === null) return
      coming = true
      agenda.after(late, () => {
        coming = false
        if (!cancelled && of.open('feed.wake', 'node')) process.deliver(() => wake(told))
      })
    }

    of.database.subscribe(process, (told) => {
      if (tells && !chance.chance(0.05)) {
        send(told)
        if (chance.chance(0.05)) send(told)
      } else if (tells || !coming) {
        send(undefined)
      }
    })
    return () => {
      cancelled = true
    }
  }

  const truth = { ...first.database.store(), audit: unread(source(first)) }
  const ports = Object.entries(truth).map(([port, verbs]) => {
    const of = OF_SESSIONS.has(port) ? second : first
    const remote = (REMOTE as readonly string[]).includes(port)
    const made = Object.entries(verbs).map(([name, verb]) => {
      if (name === 'source') return [name, source(of)]
      return [name, remote ? asked(of, `${port}.${name}`) : (verb as unknown)]
    })
    return [port, Object.fromEntries(made)]
  })
  return Object.fromEntries(ports) as unknown as Store
}
