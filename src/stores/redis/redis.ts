import { systemClock } from '../../clock.ts'
import { type Duration, milliseconds } from '../../duration.ts'
import { entrance } from '../../entrance.ts'
import { ConfigurationError } from '../../errors.ts'
import type { Source, Store } from '../../store.ts'
import { connection } from './connection.ts'
import { countersPort } from './counters.ts'
import { denialsPort } from './denials.ts'
import { openingFault } from './errors.ts'
import { redisFeed } from './feed.ts'
import { TURN } from './feed-scripts.ts'
import { begin } from './layout.ts'
import { lanes, type Partition, partition } from './partition.ts'
import { partitions } from './partitions.ts'
import { checkServers } from './server.ts'
import { sessionsPort } from './sessions.ts'
import { type Address, type Settings, settingsOf } from './settings.ts'
import { ticketsPort } from './tickets.ts'

/** What `redis()` may be told besides the address. */
export type RedisOptions = {
  /**
   * What every key and channel begins with.
   * @default 'sallyport'
   */
  readonly prefix?: string
  /**
   * Into how many parts the data is spread: one, or several for a Cluster, whose nodes then share them. Every node follows the feed of
   * each. It cannot be changed once there is data.
   * @default 1
   */
  readonly partitions?: number
  /**
   * How many replicas must have a change before it is answered (`WAIT`); 0: what the primary has answered may be lost with it.
   * @default 0
   */
  readonly replicas?: number
  /**
   * How long a connection or an answer is waited for before a verb throws `StoreUnavailable`.
   * @default '5s'
   */
  readonly patience?: Duration
}

export const DEFAULTS = {
  prefix: 'sallyport',
  partitions: 1,
  replicas: 0,
  patience: '5s',
} as const satisfies RedisOptions

/** @throws ConfigurationError when what is given makes no sense */
export function settingsFrom(url: string | readonly string[], options: RedisOptions): Settings {
  const { prefix, partitions, replicas } = { ...DEFAULTS, ...options }
  const patience = milliseconds(options.patience ?? DEFAULTS.patience, 'redis() patience')
  return settingsOf(typeof url === 'string' ? [url] : url, { prefix, partitions, replicas, patience })
}

/** A few milliseconds on the server each. */
const BATCH = 200

/** What Redis is for: everything that comes and goes with sessions. People, credentials, keys, services and events stay elsewhere. */
export type RedisPorts = Pick<Store, 'sessions' | 'denials' | 'tickets' | 'counters'>

/**
 * Sessions, denials, tickets and counters in Redis 7 or Valkey, on one server or a Cluster, for any number of nodes. The rest of
 * a store comes from elsewhere: `{ ...postgres(url), ...redis(url) }`.
 *
 * What a verb answered survives the end of the server as its settings say (`appendfsync`, replicas): docs/operations.md. Before
 * `open()`, and after `close()`, every verb throws `StoreUnavailable`.
 * @param url `redis://user:password@host:6379`, `rediss://` for TLS; of a Cluster, several of its nodes
 * @throws ConfigurationError when what is given makes no sense
 */
export function redis(url: string | readonly string[], options: RedisOptions = {}): RedisPorts {
  const settings = settingsFrom(url, options)
  const { partitions: count } = settings
  const make = (address: Address) => connection(settings, address, systemClock)
  const [verbs, feed] = [lanes(make), lanes(make)]
  const { into, ports, open, close } = entrance(settings.where)
  const numbers = Array.from({ length: count }, (_, index) => index)
  const all = numbers.map((index) => partition(settings, index, verbs)) as [Partition, ...Partition[]]
  const marks = { partitions: count, where: settings.where }
  const feeds = numbers.map((index) => {
    const one = redisFeed(partition(settings, index, feed), marks)
    return { ...into(one), onAppend: one.onAppend }
  })
  const parts = partitions(all)

  /** Where several servers are named, one may be away: the next is asked then. */
  async function insisting(work: () => Promise<void>): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work()
      } catch (error) {
        if (error instanceof ConfigurationError || attempt >= settings.addresses.length) throw error
      }
    }
  }

  async function begun(): Promise<void> {
    try {
      await checkServers(settings, settings.addresses.map(verbs.to))
      for (const at of all) await insisting(() => begin(at, marks))
    } catch (error) {
      verbs.close()
      throw openingFault(error, settings.where)
    }
  }

  function ended(): void {
    verbs.close()
    feed.close()
  }

  const source: Source = {
    name: 'redis',
    feed: feeds[0] as Source['feed'],
    ...(feeds.length > 1 && { feeds }),
    batch: BATCH,
    open: () => open(begun),
    ping: async () => void (await Promise.all(feeds.map((one) => one.tail()))),
    close: () => close(ended),
    ...into({
      turn: async (work: string, holder: string, now: number, until: number) =>
        (await all[0].run(TURN, [work, holder, now, until])) === 1,
    }),
  }

  return ports({
    sessions: sessionsPort(parts, source),
    denials: denialsPort(parts, source),
    tickets: ticketsPort(parts, source),
    counters: countersPort(parts, source),
  })
}
