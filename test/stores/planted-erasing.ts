import type { AuthEvent } from '../../src/events.ts'
import { ERASED_DEVICE, type SessionRecord } from '../../src/session.ts'
import type { Store } from '../../src/store.ts'
import type { UserId } from '../../src/user.ts'
import { type Bug, withPort } from './planted.ts'

const MANY = 1_000_000

/** Faults of what erases somebody. */
export const ERASING_BUGS: readonly Bug[] = [
  {
    name: 'an erasure blanks sessions that are open',
    caught: 'blanks what is personal in what has ended, of one user',
    plant(store) {
      const erased = new Set<UserId>()
      return withPort(store, 'sessions', {
        async erase(id, limit) {
          erased.add(id)
          return store.sessions.erase(id, limit)
        },
        async find(id) {
          const found = await store.sessions.find(id)
          return found && erased.has(found.userId) ? blank(found) : found
        },
      })
    },
  },
  {
    name: 'an erasure leaves the fields of the application',
    caught: 'blanks what is personal in what has ended, of one user',
    plant(store) {
      const before = new Map<string, SessionRecord['fields']>()
      return withPort(store, 'sessions', {
        async erase(id, limit) {
          for (const one of await store.sessions.ofUser(id, 'ended', MANY)) before.set(one.id, one.fields)
          return store.sessions.erase(id, limit)
        },
        async find(id) {
          const found = await store.sessions.find(id)
          return found && { ...found, fields: before.get(id) ?? found.fields }
        },
      })
    },
  },
  {
    name: 'an erasure of sessions counts what is blank already',
    caught: 'blanks what is personal in what has ended, of one user',
    plant: (store) =>
      withPort(store, 'sessions', {
        async erase(id, limit) {
          await store.sessions.erase(id, limit)
          return (await store.sessions.ofUser(id, 'ended', limit)).length
        },
      }),
  },
  {
    name: 'an erasure of sessions has no bound',
    caught: 'takes at most as many as asked, until there are no more',
    plant: (store) => withPort(store, 'sessions', { erase: (id) => store.sessions.erase(id, MANY) }),
  },
  {
    name: 'an erasure takes the address of whoever acted out of the log too',
    caught: 'takes addresses and devices out of what a user caused',
    plant: (store) => showing(store, (event, user) => (event.subject === user ? { ...event, source: null } : event)),
  },
  {
    name: 'an erasure leaves the devices in the log',
    caught: 'takes addresses and devices out of what a user caused',
    plant(store) {
      const devices = new Map<string, AuthEvent['data']>()
      return withPort(store, 'audit', {
        async append(events) {
          for (const { id, data } of events) devices.set(id, data)
          await store.audit.append(events)
        },
        async list(...given) {
          const page = await store.audit.list(...given)
          return {
            ...page,
            items: page.items.map((event) => ({ ...event, data: devices.get(event.id) ?? event.data })),
          }
        },
      })
    },
  },
  {
    name: 'an erasure leaves what strangers did to somebody',
    caught: 'takes addresses and devices out of what a user caused',
    plant(store) {
      const sources = new Map<string, string | null>()
      return withPort(store, 'audit', {
        async append(events) {
          for (const { id, actor, source } of events) if (actor === null) sources.set(id, source)
          await store.audit.append(events)
        },
        async list(...given) {
          const page = await store.audit.list(...given)
          return {
            ...page,
            items: page.items.map((event) => ({ ...event, source: sources.get(event.id) ?? event.source })),
          }
        },
      })
    },
  },
  {
    name: 'an erasure takes events out of the log',
    caught: 'takes addresses and devices out of what a user caused',
    plant: (store) => showing(store, (event, user) => (event.subject === user ? null : event)),
  },
  {
    name: 'an erasure of events counts what is out already',
    caught: 'takes addresses and devices out of what a user caused',
    plant: (store) =>
      withPort(store, 'audit', {
        async erase(user, limit) {
          await store.audit.erase(user, limit)
          return (await store.audit.list({ subject: user }, null, limit)).items.length
        },
      }),
  },
  {
    name: 'an erasure looks for the user first',
    caught: 'what was there of a user who is gone is looked for by the id alone',
    plant: (store) =>
      withPort(store, 'audit', {
        erase: async (user, limit) =>
          (await store.users.find(user)).user === null ? 0 : store.audit.erase(user, limit),
      }),
  },
]

function blank(record: SessionRecord): SessionRecord {
  return { ...record, ip: '', device: ERASED_DEVICE, fields: {} }
}

/** The store whose log shows what `show` makes of events once a user was erased; null leaves one out. */
function showing(store: Store, show: (event: AuthEvent, user: UserId) => AuthEvent | null): Store {
  const erased = new Set<UserId>()
  return withPort(store, 'audit', {
    async erase(user, limit) {
      erased.add(user)
      return store.audit.erase(user, limit)
    },
    async list(...given) {
      const page = await store.audit.list(...given)
      const items = page.items.flatMap((event) => {
        let shown: AuthEvent | null = event
        for (const user of erased) shown = shown && show(shown, user)
        return shown ?? []
      })
      return { ...page, items }
    },
  })
}
