import type { Entry } from '../../src/feed.ts'
import { type Bug, gap, withFeed } from './planted.ts'

/** Faults of the feed. */
export const FEED_BUGS: readonly Bug[] = [
  {
    name: 'entries become visible out of order',
    caught: '200 mixed writes at once',
    plant(store) {
      // As with a sequence outside the transaction: every seventh number is given out early and committed late.
      const shown = new Map<number, number>()
      let reads = 0
      return withFeed(store, (feed) => ({
        async read(row, after, limit) {
          reads += 1
          const read = await feed.read(row, after, limit)
          const visible = ({ at }: Entry) => {
            if (!shown.has(at)) shown.set(at, reads + (at % 7 === 0 ? 30 : 0))
            return (shown.get(at) ?? 0) <= reads
          }
          return { ...read, entries: read.entries.filter(visible) }
        },
      }))
    },
  },
  {
    name: 'a page claims to be all there is',
    caught: 'a read brings at most what was asked',
    plant: (store) =>
      withFeed(store, (feed) => ({
        read: async (...given) => ({ ...(await feed.read(...given)), complete: true }),
      })),
  },
  {
    name: 'a read comes from a snapshot of before it was asked',
    caught: 'a read that is asked after an append was answered has it',
    plant(store) {
      let before: Promise<unknown> = Promise.resolve()
      return withFeed(store, (feed) => {
        let last: Awaited<ReturnType<typeof feed.read>> | null = null
        return {
          async read(...given) {
            await before
            const stale = last
            const reading = feed.read(...given)
            before = reading
            last = await reading
            return stale ?? last
          },
        }
      })
    },
  },
  {
    name: 'lost data is not noticed',
    caught: 'a place whose entry is another',
    plant: (store) =>
      withFeed(store, (feed) => ({
        async read(row, after, limit) {
          const read = await feed.read(row, after, limit)
          return { ...read, lost: false }
        },
      })),
  },
  {
    name: 'a marked row is told that it is in good standing',
    caught: 'a marked row stays marked',
    plant: (store) =>
      withFeed(store, (feed) => ({
        read: async (...given) => ({ ...(await feed.read(...given)), standing: 'good' }),
      })),
  },
  {
    name: 'acknowledging moves back',
    caught: 'acknowledging moves a row forward, never back',
    plant(store) {
      const latest = new Map<string, number>()
      return withFeed(store, (feed) => ({
        async acknowledge(row, at) {
          latest.set(row, at)
          await feed.acknowledge(row, at)
        },
        async rows() {
          const rows = await feed.rows()
          return rows.map((row) => ({ ...row, acknowledged: latest.get(row.id) ?? row.acknowledged }))
        },
      }))
    },
  },
  {
    name: 'trimming forgets what a slow row still needs',
    caught: 'forgets nothing that a row has not acknowledged',
    plant: (store) =>
      withFeed(store, (feed) => ({
        async trim(keep) {
          for (const { id } of await feed.rows()) await feed.acknowledge(id, await feed.tail())
          await feed.trim(keep)
        },
      })),
  },
  {
    name: 'trimming forgets the newest as well',
    caught: 'keeps the newest, and tells whoever asks for more',
    plant: (store) => withFeed(store, (feed) => ({ trim: () => feed.trim(0) })),
  },
  {
    name: 'a cancelled listener is woken on',
    caught: 'wakes nobody who has cancelled',
    plant: (store) =>
      withFeed(store, (feed) => ({
        onAppend(wake) {
          feed.onAppend(wake)
          return () => {}
        },
      })),
  },
  {
    name: 'nobody is woken',
    caught: 'wakes whoever waits after an append',
    plant: (store) => withFeed(store, () => ({ onAppend: () => () => {} })),
  },
  {
    name: 'registering begins at the tail of a moment ago',
    caught: 'a row with a place begins there',
    plant: (store) =>
      withFeed(store, (feed) => ({
        async register() {
          await gap()
          return feed.register(null)
        },
      })),
  },
]
