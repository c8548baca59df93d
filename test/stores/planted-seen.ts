import type { Activity } from '../../src/session.ts'
import type { Sessions } from '../../src/store.ts'
import { type Bug, gap, withPort } from './planted.ts'

/** Faults of `touch` with what was seen of the newest tokens. */
export const SEEN_BUGS: readonly Bug[] = [
  {
    name: 'the last time it was seen counts',
    caught: 'counts once, whatever time a later one says',
    plant: (store) =>
      withPort(
        store,
        'sessions',
        showSeen(store.sessions, (_before, at) => at),
      ),
  },
  {
    name: 'of many that saw it at once the last counts',
    caught: 'of 50 at once the first stays',
    plant: (store) =>
      withPort(
        store,
        'sessions',
        showSeen(store.sessions, (_before, at) => at),
      ),
  },
  {
    name: 'the earliest time it was seen counts, whenever it comes',
    caught: 'counts once, whatever time a later one says',
    plant: (store) =>
      withPort(
        store,
        'sessions',
        showSeen(store.sessions, (before, at) => Math.min(before ?? at, at)),
      ),
  },
  {
    name: 'every use counts as seen',
    caught: 'a use without it says nothing about it',
    plant: (store) =>
      withPort(store, 'sessions', {
        touch: (activity) =>
          store.sessions.touch(activity.map((use) => ({ seen: { counter: 0, at: use.lastActiveAt }, ...use }))),
      }),
  },
  {
    name: 'what was seen under any counter counts',
    caught: 'counts for the newest counter only',
    plant: (store) =>
      withPort(store, 'sessions', {
        async touch(activity) {
          for (const use of activity) {
            const counter = (await store.sessions.find(use.id))?.counter ?? 0
            await store.sessions.touch([use.seen ? { ...use, seen: { ...use.seen, counter } } : use])
          }
        },
      }),
  },
  {
    name: 'a use that comes late marks what was advanced to meanwhile as seen',
    caught: 'RT-01: an advance and what was seen of the counter before',
    plant: (store) =>
      withPort(store, 'sessions', {
        async touch(activity) {
          await gap()
          for (const use of activity) {
            const counter = (await store.sessions.find(use.id))?.counter ?? 0
            await store.sessions.touch([use.seen ? { ...use, seen: { ...use.seen, counter } } : use])
          }
        },
      }),
  },
  {
    name: 'what was seen counts only when the activity moves',
    caught: 'counts though the activity moves nothing',
    plant: (store) =>
      withPort(store, 'sessions', {
        async touch(activity) {
          const records = await Promise.all(activity.map(({ id }) => store.sessions.find(id)))
          await store.sessions.touch(activity.filter((use, i) => use.lastActiveAt > (records[i]?.lastActiveAt ?? 0)))
        },
      }),
  },
  {
    name: 'what was seen before a re-authentication stands for the tokens since',
    caught: 'a use of before a re-authentication says nothing',
    plant: (store) =>
      withPort(store, 'sessions', {
        async touch(activity) {
          for (const use of activity) {
            const { authenticatedAt = 0 } = (await store.sessions.find(use.id)) ?? {}
            await store.sessions.touch([{ ...use, authenticatedAt }])
          }
        },
      }),
  },
  {
    name: 'of many at once only the first is noted as seen',
    caught: 'passes over what has ended or does not exist, and takes any number',
    plant: (store) =>
      withPort(store, 'sessions', {
        touch: (activity) =>
          store.sessions.touch(activity.map(({ seen, ...use }, i) => (i > 0 || !seen ? use : { ...use, seen }))),
      }),
  },
]

/** Shows another time than the store's as the one at which a session was seen. */
function showSeen(sessions: Sessions, choose: (before: number | null, at: number) => number): Partial<Sessions> {
  const shown = new Map<string, number>()
  return {
    async touch(activity: readonly Activity[]) {
      for (const { id, seen } of activity) if (seen) shown.set(id, choose(shown.get(id) ?? null, seen.at))
      await sessions.touch(activity)
    },
    async find(id) {
      const record = await sessions.find(id)
      return record && { ...record, seenAt: shown.get(id) ?? record.seenAt }
    },
  }
}
