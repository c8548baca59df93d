import { randomText } from '../crypto.ts'
import { feedsOf } from '../source.ts'
import { type Counted, followedFeeds, sources } from '../store.ts'
import type { Histogram, Metrics } from '../view/meter.ts'
import { within } from '../view/within.ts'
import type { Core } from './core.ts'
import type { Tally } from './tally.ts'

/** A row of the feed: a node, or a service that follows it. `behind`: changes it has not acknowledged. */
export type NodeRow = {
  readonly source: string
  readonly row: string
  readonly behind: number
  /** False while it made an ending wait: its reads grant no lease until it has registered anew. */
  readonly mayLease: boolean
  readonly own: boolean
}

/** What an administrator sees at a glance. `node` is of the process that was asked, `installation` of all of it. */
export type Stats = {
  readonly node: Tally &
    Pick<Metrics, 'state' | 'cachedSessions' | 'lookups'> & {
      readonly settling: { readonly count: number; readonly p50: number | null; readonly p99: number | null }
    }
  readonly installation: {
    /** Sessions whose record is open; under strategies without records nobody knows. */
    readonly sessions: Counted
    readonly nodes: readonly NodeRow[]
    readonly stores: readonly { readonly name: string; readonly reachable: boolean; readonly ms: number | null }[]
  }
}

/** How long a database is waited for, milliseconds. */
const PATIENCE_MS = 2_000

type Looking = Pick<Core, 'store' | 'view' | 'clock' | 'tally'>

/** Where every database can be asked. @throws StoreUnavailable when sessions or feeds cannot be read */
export async function stats(core: Looking): Promise<Stats> {
  const { store, view, clock, tally } = core
  const { state, cachedSessions, lookups, settling } = view.metrics()
  // In the first half of all ids: what follows it is then never too little.
  const from = `${'-0123456789ABCDEFGHIJKLMNOPQRSTUV'[randomText(1).charCodeAt(0) % 32]}${randomText(12)}`
  const counted = within(clock, PATIENCE_MS, store.sessions.count(from))
  const [sessions, nodes, stores] = await Promise.all([counted, rows(core), health(core)])
  return {
    node: {
      ...tally.read(),
      ...{ state, cachedSessions, lookups },
      settling: { count: settling.count, p50: quantile(settling, 0.5), p99: quantile(settling, 0.99) },
    },
    installation: { sessions, nodes, stores },
  }

  async function health({ store }: Looking) {
    return Promise.all(
      sources(store).map(async (source) => {
        const begun = clock.monotonic()
        const reachable = await within(clock, PATIENCE_MS, source.ping()).then(
          () => true,
          () => false,
        )
        return { name: source.name, reachable, ms: reachable ? Math.round(clock.monotonic() - begun) : null }
      }),
    )
  }
}

async function rows({ store, view, clock }: Looking): Promise<readonly NodeRow[]> {
  const own = new Set(view.rows())
  const each = await Promise.all(
    followedFeeds(store).map(async ({ feed, source }) => {
      const part = feedsOf(source).indexOf(feed)
      const name = part > 0 ? `${source.name} ${part}` : source.name
      const [tail, rows] = await within(clock, PATIENCE_MS, Promise.all([feed.tail(), feed.rows()]))
      return rows.map(
        ({ id, acknowledged, marked }): NodeRow => ({
          source: name,
          row: id.slice(-8),
          behind: Math.max(0, tail - acknowledged),
          mayLease: !marked,
          own: own.has(id),
        }),
      )
    }),
  )
  return each.flat()
}

/** The bound below which this share was, milliseconds; null of nothing, and beyond the last bound, where a lease is over. */
function quantile({ bounds, counts, count }: Histogram, share: number): number | null {
  let seen = 0
  for (const [i, bound] of bounds.entries()) {
    seen += counts[i] as number
    if (count > 0 && seen >= share * count) return bound
  }
  return null
}
