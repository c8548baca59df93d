import type { SessionRecord } from '../../src/session.ts'
import type { Sessions } from '../../src/store.ts'
import { type Bug, gap, withPort } from './planted.ts'

/** Faults of what the sessions keep of refresh tokens: `advance`, and `replace`. */
export const ROTATION_BUGS: readonly Bug[] = [
  {
    name: 'the counter is looked at first and written later',
    caught: 'RT-03: of 50 advancing one counter at once, one does',
    plant: (store) => withPort(store, 'sessions', checkThenAdvance(store.sessions)),
  },
  {
    name: 'two who advance at once make a fork',
    caught: 'RT-03: those that look again after they lost make one line',
    plant: (store) => withPort(store, 'sessions', checkThenAdvance(store.sessions)),
  },
  {
    name: 'a counter that was advanced from can be advanced from again',
    caught: 'RT-01: a counter that was advanced from is spent',
    plant: (store) =>
      withPort(store, 'sessions', {
        async advance(id, digest, from, to, now) {
          const { counter = from } = (await store.sessions.find(id)) ?? {}
          return store.sessions.advance(id, digest, Math.max(from, counter), to, now)
        },
      }),
  },
  {
    name: 'an advance passes under any digest',
    caught: 'does nothing unless both counter and digest',
    plant: (store) =>
      withPort(store, 'sessions', {
        async advance(id, _digest, from, to, now) {
          const record = await store.sessions.find(id)
          return store.sessions.advance(id, record?.digest ?? '', from, to, now)
        },
      }),
  },
  {
    name: 'an advance passes under the digest of before',
    caught: 'RT-01: a replacement begins anew',
    plant: (store) =>
      withPort(store, 'sessions', {
        async advance(id, digest, from, to, now) {
          const record = await store.sessions.find(id)
          const current = record?.previousDigest === digest ? record.digest : digest
          return store.sessions.advance(id, current, from, to, now)
        },
      }),
  },
  {
    name: 'an advance moves on by one, however far it was to go',
    caught: 'moves on by as much as asked',
    plant: (store) =>
      withPort(store, 'sessions', {
        advance: (id, digest, from, _to, now) => store.sessions.advance(id, digest, from, from + 1, now),
      }),
  },
  {
    name: 'a session that has ended advances',
    caught: 'P7: an ended session never advances',
    plant(store) {
      const { sessions } = store
      const moved = new Map<string, Partial<SessionRecord>>()
      return withPort(store, 'sessions', {
        async advance(id, digest, from, to, now) {
          const record = await sessions.find(id)
          if (!record?.endedAt) return sessions.advance(id, digest, from, to, now)
          if (record.digest !== digest || record.counter !== from) return null
          moved.set(id, { counter: to, rotatedAt: now, seenAt: null })
          return { ...record, ...moved.get(id) }
        },
        async find(id) {
          const record = await sessions.find(id)
          return record && { ...record, ...moved.get(id) }
        },
      })
    },
  },
  {
    name: 'an advance that races an ending answers and is not kept',
    caught: 'P7 RT-11: an advance and an ending at once leave one state',
    plant: (store) =>
      withPort(store, 'sessions', {
        async advance(id, digest, from, to, now) {
          const record = await store.sessions.find(id)
          if (record?.digest !== digest || record.counter !== from || record.endedAt !== null) return null
          await gap()
          await store.sessions.advance(id, digest, from, to, now)
          return { ...record, counter: to, rotatedAt: now, seenAt: null }
        },
      }),
  },
  {
    name: 'what was seen of the old counter stands for the new one',
    caught: 'RT-01: moves the counter; the rotation is of now and not seen',
    plant(store) {
      const { sessions } = store
      const seen = new Map<string, number | null>()
      return withPort(store, 'sessions', {
        async advance(id, ...given) {
          const before = await sessions.find(id)
          const advanced = await sessions.advance(id, ...given)
          if (advanced && before) seen.set(id, before.seenAt)
          return advanced && { ...advanced, seenAt: seen.get(id) ?? null }
        },
        async find(id) {
          const record = await sessions.find(id)
          return record && { ...record, seenAt: record.seenAt ?? seen.get(id) ?? null }
        },
      })
    },
  },
  {
    name: 'a refresh counts as a use',
    caught: 'RT-01: moves the counter; the rotation is of now and not seen',
    plant: (store) =>
      withPort(store, 'sessions', {
        async advance(id, digest, from, to, now) {
          const advanced = await store.sessions.advance(id, digest, from, to, now)
          if (advanced) await store.sessions.touch([{ ...advanced, lastActiveAt: now }])
          return advanced && store.sessions.find(id)
        },
      }),
  },
  {
    name: 'a refresh is in the feed',
    caught: 'RT-01: moves the counter; the rotation is of now and not seen',
    plant: (store) =>
      withPort(store, 'sessions', {
        async advance(...given) {
          const advanced = await store.sessions.advance(...given)
          if (advanced) await store.sessions.setFields(advanced.id, advanced.fields)
          return advanced
        },
      }),
  },
  {
    name: 'a refresh leaves something of its token in the record',
    caught: 'RT-07: of a refresh nothing is kept but three numbers',
    plant: (store) =>
      withPort(store, 'sessions', {
        async advance(...given) {
          const advanced = await store.sessions.advance(...given)
          if (!advanced) return null
          return (await store.sessions.setFields(advanced.id, { refresh: `token ${advanced.counter}` })).value
        },
      }),
  },
  {
    name: 'a replacement leaves the counter where it was',
    caught: 'sets the new token, keeps the old digest as previous, and resets both activities and the rotation',
    plant: (store) =>
      withPort(store, 'sessions', {
        async replace(id, expected, next) {
          const before = await store.sessions.find(id)
          const { value, position } = await store.sessions.replace(id, expected, next)
          if (!value || !before) return { value, position }
          const at = next.authenticatedAt
          return { value: await store.sessions.advance(id, next.digest, 0, before.counter, at), position }
        },
      }),
  },
  {
    name: 'an advance that was under way counts for the digest of now',
    caught: 'RT-03: an advance and a replacement at once',
    plant: (store) =>
      withPort(store, 'sessions', {
        async advance(id, digest, from, to, now) {
          const record = await store.sessions.find(id)
          if (record?.digest !== digest || record.counter !== from) return null
          await gap()
          const current = await store.sessions.find(id)
          return store.sessions.advance(id, current?.digest ?? '', current?.counter ?? 0, to, now)
        },
      }),
  },
  {
    name: 'a session that was purged is remembered',
    caught: 'RT-11: how far the tokens had come is kept as long as',
    plant(store) {
      const known = new Map<string, SessionRecord>()
      return withPort(store, 'sessions', {
        async find(id) {
          const record = (await store.sessions.find(id)) ?? known.get(id) ?? null
          if (record) known.set(id, record)
          return record
        },
      })
    },
  },
]

function checkThenAdvance(sessions: Sessions): Partial<Sessions> {
  return {
    async advance(id, digest, from, to, now) {
      const record = await sessions.find(id)
      if (record?.digest !== digest || record.counter !== from || record.endedAt !== null) return null
      await gap()
      const { counter = from } = (await sessions.find(id)) ?? {}
      return sessions.advance(id, digest, counter, to, now)
    },
  }
}
