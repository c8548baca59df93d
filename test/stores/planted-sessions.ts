import type { Activity, SessionRecord } from '../../src/session.ts'
import type { Sessions } from '../../src/store.ts'
import { type Bug, gap, withEntries, withFeed, withPort } from './planted.ts'

/** Faults of the sessions, and of what their verbs write to the feed. */
export const SESSION_BUGS: readonly Bug[] = [
  {
    name: 'a touch brings back what has ended',
    caught: 'P7: end, touch, replace and setFields in every order, one after',
    plant(store) {
      const { sessions } = store
      const revived = new Map<string, Activity>()
      return withPort(store, 'sessions', {
        async touch(activity) {
          for (const use of activity) revived.set(use.id, use)
          await sessions.touch(activity)
        },
        async find(id) {
          const record = await sessions.find(id)
          return record?.endedAt && revived.has(id) ? { ...record, endedAt: null, endReason: null } : record
        },
      })
    },
  },
  {
    name: 'a touch moves activity backwards',
    caught: 'moves activity forward, never back',
    plant(store) {
      const { sessions } = store
      const latest = new Map<string, Activity>()
      return withPort(store, 'sessions', {
        async touch(activity) {
          for (const use of activity) latest.set(use.id, use)
        },
        async find(id) {
          const record = await sessions.find(id)
          return record && { ...record, ...latest.get(id) }
        },
      })
    },
  },
  {
    name: 'a late touch undoes a re-authentication',
    caught: 'a pause counts only while the session has the same authenticatedAt',
    plant: (store) =>
      withPort(store, 'sessions', {
        async touch(activity) {
          for (const use of activity) {
            const authenticatedAt = (await store.sessions.find(use.id))?.authenticatedAt ?? 0
            await store.sessions.touch([{ ...use, authenticatedAt }])
          }
        },
      }),
  },
  {
    name: 'touches are in the feed',
    caught: 'takes a thousand at once',
    plant: (store) =>
      withPort(store, 'sessions', {
        async touch(activity) {
          await store.sessions.touch(activity)
          const [first] = activity
          if (first) await store.sessions.setFields(first.id, {})
        },
      }),
  },
  {
    name: 'an ending does not reach the feed',
    caught: 'ends one, says so in the feed',
    plant: (store) => withEntries(store, (entry) => (entry.change.kind === 'ended' ? null : entry)),
  },
  {
    name: 'an eviction does not reach the feed',
    caught: 'when full, the oldest by time and then by id ends',
    plant: (store) =>
      withEntries(store, (entry) =>
        entry.change.kind === 'ended' && entry.change.reason === 'session_evicted' ? null : entry,
      ),
  },
  {
    name: 'the feed has an ending before it has happened',
    caught: 'change and entry become visible in one',
    plant(store) {
      const { sessions } = store
      const before = new Map<string, SessionRecord>()
      return withPort(store, 'sessions', {
        async end(id, reason, now, unlessUsedAfter) {
          const record = await sessions.find(id)
          if (record) before.set(id, record)
          const ended = await sessions.end(id, reason, now, unlessUsedAfter)
          await gap(4)
          before.delete(id)
          return ended
        },
        find: async (id) => before.get(id) ?? sessions.find(id),
      })
    },
  },
  {
    name: 'an ending has happened before the feed has it',
    caught: 'change and entry become visible in one',
    plant(store) {
      let hidden = Number.POSITIVE_INFINITY
      const late = withFeed(store, (feed) => ({
        async read(row, after, limit) {
          const read = await feed.read(row, after, limit)
          return { ...read, entries: read.entries.filter(({ at }) => at < hidden) }
        },
      }))
      return withPort(late, 'sessions', {
        async end(id, reason, now, unlessUsedAfter) {
          hidden = (await store.sessions.source.feed.tail()) + 1
          const ended = await store.sessions.end(id, reason, now, unlessUsedAfter)
          await gap(4)
          hidden = Number.POSITIVE_INFINITY
          return ended
        },
      })
    },
  },
  {
    name: 'an ending answers a position before its entry',
    caught: 'ends one, says so in the feed',
    plant: (store) =>
      withPort(store, 'sessions', {
        async end(...given) {
          const { value, position } = await store.sessions.end(...given)
          return { value, position: position - 1 }
        },
      }),
  },
  {
    name: 'an ending that finds nothing answers position 0',
    caught: 'ends nothing that has ended or is unknown',
    plant: (store) =>
      withPort(store, 'sessions', {
        async end(...given) {
          const { value, position } = await store.sessions.end(...given)
          return { value, position: value ? position : 0 }
        },
      }),
  },
  {
    name: 'the limit is looked at first and acted upon later',
    caught: '20 starting at once under a limit of 3: three stay',
    plant: (store) => withPort(store, 'sessions', checkThenAct(store.sessions)),
  },
  {
    name: 'refusing looks first and acts later',
    caught: '20 starting at once under a limit of 3 that refuses',
    plant: (store) => withPort(store, 'sessions', checkThenAct(store.sessions)),
  },
  {
    name: 'the limit counts sessions that are due',
    caught: 'only live ones count',
    plant: (store) =>
      withPort(store, 'sessions', {
        start: (record, limit) => store.sessions.start(record, limit, 0),
      }),
  },
  {
    name: 'starting an id that has ended passes',
    caught: 'an id that exists, live or ended',
    plant: (store) =>
      withPort(store, 'sessions', {
        async start(record, limit, now) {
          const there = await store.sessions.find(record.id)
          if (there?.endedAt) return { started: true, evicted: [], position: 0 }
          return store.sessions.start(record, limit, now)
        },
      }),
  },
  {
    name: 'a replacement ignores the digest it expects',
    caught: 'does nothing unless the expected digest is still the digest',
    plant: (store) =>
      withPort(store, 'sessions', {
        async replace(id, _expected, next) {
          const record = await store.sessions.find(id)
          return store.sessions.replace(id, record?.digest ?? '', next)
        },
      }),
  },
  {
    name: 'an expiry ends what was used meanwhile',
    caught: 'with unlessUsedAfter only what was not used later',
    plant: (store) => withPort(store, 'sessions', { end: (id, reason, now) => store.sessions.end(id, reason, now) }),
  },
  {
    name: 'ending the others ends the one to be kept as well',
    caught: "ends all of a user's but one",
    plant: (store) =>
      withPort(store, 'sessions', { endOf: (id, reason, now) => store.sessions.endOf(id, reason, now, null) }),
  },
  {
    name: 'ending everything leaves sessions of an older generation',
    caught: "ends all of a user's but one",
    plant: (store) =>
      withPort(store, 'sessions', {
        async endOf(userId, reason, now) {
          const open = await store.sessions.ofUser(userId, 'active', 1000)
          const value: SessionRecord[] = []
          let position = await store.sessions.source.feed.tail()
          for (const { id, generation } of open) {
            if (generation !== open[0]?.generation) continue
            const ended = await store.sessions.end(id, reason, now)
            if (ended.value) value.push(ended.value)
            position = ended.position
          }
          return { value, position }
        },
      }),
  },
  {
    name: 'the sweep waits one millisecond too long',
    caught: 'TO-08: ends from the very instant',
    plant: (store) =>
      withPort(store, 'sessions', { endDue: (before, limit, now) => store.sessions.endDue(before - 1, limit, now) }),
  },
  {
    name: 'the sweep has no limit',
    caught: 'ends at most as many as asked, the rest the next time',
    plant: (store) =>
      withPort(store, 'sessions', { endDue: (before, limit, now) => store.sessions.endDue(before, limit * 100, now) }),
  },
  {
    name: 'what has ended is not found',
    caught: 'ends one, says so in the feed, and keeps the record',
    plant: (store) =>
      withPort(store, 'sessions', {
        async find(id) {
          const record = await store.sessions.find(id)
          return record?.endedAt ? null : record
        },
      }),
  },
  {
    name: 'a purge takes the instant itself as well',
    caught: 'purge forgets what ended before the moment',
    plant: (store) =>
      withPort(store, 'sessions', { purge: (before, limit) => store.sessions.purge(before + 1, limit) }),
  },
  {
    name: 'a list is paged by counting',
    caught: 'pages hold every session once, though some come and end: {}',
    plant: (store) =>
      withPort(store, 'sessions', {
        async list(filter, cursor, limit, now) {
          const skip = Number(cursor ?? 0)
          const { items } = await store.sessions.list(filter, null, 10_000, now)
          const nextCursor = items.length > skip + limit ? String(skip + limit) : null
          return { items: items.slice(skip, skip + limit), nextCursor }
        },
      }),
  },
  {
    name: 'the list shows sessions as active that are due',
    caught: 'active means not ended and not due',
    plant: (store) =>
      withPort(store, 'sessions', {
        list: (filter, cursor, limit) => store.sessions.list(filter, cursor, limit, 0),
      }),
  },
]

function checkThenAct(sessions: Sessions) {
  const start: typeof sessions.start = async (record, limit, now) => {
    const open = await sessions.ofUser(record.userId, 'active', 100)
    await gap()
    const tooMany = limit ? open.length - limit.max + 1 : 0
    if (tooMany > 0 && limit?.whenFull === 'refuse') return { started: false }
    const evicted: SessionRecord[] = []
    for (const { id } of open.slice(open.length - Math.max(0, tooMany))) {
      const { value } = await sessions.end(id, 'session_evicted', now)
      if (value) evicted.push(value)
    }
    const started = await sessions.start(record, null, now)
    return started.started ? { ...started, evicted } : started
  }
  return { start }
}
