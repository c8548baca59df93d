import type { Denial, Ticket } from '../../src/store.ts'
import type { User } from '../../src/user.ts'
import { type Bug, gap, withEntries, withPort, withSource } from './planted.ts'

/** Faults of every other port. */
export const OTHER_BUGS: readonly Bug[] = [
  {
    name: 'a user is created at an address in use',
    caught: 'of 50 creating one address at once, one does',
    plant: (store) =>
      withPort(store, 'users', {
        async create(user, key) {
          await store.users.create(user, key)
          return true
        },
      }),
  },
  {
    name: 'whether an address is free is asked first and believed later',
    caught: 'of 50 creating one address at once, one does',
    plant: (store) =>
      withPort(store, 'users', {
        async create(user, key) {
          if ((await store.users.findByEmail(key)).user) return false
          await gap()
          return store.users.create(user, `${key} ${user.id}`)
        },
      }),
  },
  {
    name: 'locking does not raise the generation',
    caught: 'locking raises version and generation',
    plant: (store) =>
      withPort(store, 'users', {
        async setStatus(id, status) {
          const { value, position } = await store.users.setStatus(id, status)
          return { value: value && { ...value, generation: value.generation - 1 }, position }
        },
      }),
  },
  {
    name: 'the feed does not say why everything of a user ended',
    caught: 'endAll raises the generation only, with its reason',
    plant: (store) =>
      withEntries(store, (entry) =>
        entry.change.kind === 'user' ? { ...entry, change: { ...entry.change, ended: null } } : entry,
      ),
  },
  {
    name: 'a raise is lost: the number is read first and written later',
    caught: 'no raise is lost when many change one user at once',
    plant(store) {
      const { users } = store
      const written = new Map<string, User>()
      return withPort(store, 'users', {
        async setRoles(id, roles) {
          const old = (await users.find(id)).user
          const known = written.get(id) ?? old
          await gap()
          const { position } = await users.setRoles(id, roles)
          if (!known) return { value: null, position }
          const value = { ...known, roles, version: known.version + 1 }
          written.set(id, value)
          return { value, position }
        },
        async find(id) {
          const standing = await users.find(id)
          return { ...standing, user: standing.user && { ...standing.user, ...written.get(id) } }
        },
      })
    },
  },
  {
    name: 'a standing does not have the generation of the installation',
    caught: 'an unknown id or address gives null, with the generation',
    plant: (store) =>
      withPort(store, 'users', { find: async (id) => ({ user: (await store.users.find(id)).user, everyone: 0 }) }),
  },
  {
    name: 'what the caller passed in is what the store keeps',
    caught: 'what a caller does to objects it passed in',
    plant(store) {
      const { users } = store
      const kept = new Map<string, User>()
      return withPort(store, 'users', {
        create(user, key) {
          kept.set(user.id, user)
          return users.create(user, key)
        },
        find: async (id) => ({ ...(await users.find(id)), user: kept.get(id) ?? null }),
      })
    },
  },
  {
    name: 'an address that was in use once stays taken',
    caught: 'a removed user is gone, the address is free',
    plant(store) {
      const taken = new Set<string>()
      return withPort(store, 'users', {
        async create(user, key) {
          if (taken.has(key)) return false
          taken.add(key)
          return store.users.create(user, key)
        },
      })
    },
  },
  {
    name: 'a search takes % and _ for wildcards',
    caught: 'query has no wildcards',
    plant: (store) =>
      withPort(store, 'users', {
        list: ({ query, ...filter }, cursor, limit) => {
          const wild = query === '%' || query === '_' || query === undefined
          return store.users.list(wild ? filter : { ...filter, query }, cursor, limit)
        },
      }),
  },
  {
    name: 'a credential is replaced whatever its version',
    caught: 'replace needs the expected version, raises it, and enables',
    plant: (store) =>
      withPort(store, 'credentials', {
        async replace(userId, kind, id, _expected, record, now) {
          const version = (await store.credentials.find(userId, kind, id))?.version ?? 0
          return store.credentials.replace(userId, kind, id, version, record, now)
        },
      }),
  },
  {
    name: 'the version of a credential is looked at first and written over later',
    caught: 'of 50 replacing the same version at once, one does',
    plant: (store) =>
      withPort(store, 'credentials', {
        async replace(userId, kind, id, expected, record, now) {
          if ((await store.credentials.find(userId, kind, id))?.version !== expected) return false
          await gap()
          for (let version = expected; ; version += 1) {
            if (await store.credentials.replace(userId, kind, id, version, record, now)) return true
          }
        },
      }),
  },
  {
    name: 'replacing a credential leaves it disabled',
    caught: 'replace needs the expected version, raises it, and enables',
    plant: (store) =>
      withPort(store, 'credentials', {
        async replace(userId, kind, id, expected, record, now) {
          const old = await store.credentials.find(userId, kind, id)
          const replaced = await store.credentials.replace(userId, kind, id, expected, record, now)
          if (old?.disabledAt) await store.credentials.disable(userId, kind, id, old.disabledAt)
          return replaced
        },
      }),
  },
  {
    name: 'a ticket is read first and removed later',
    caught: 'RC-01: of 50 taking one ticket at once, one gets it',
    plant(store) {
      const tickets = new Map<string, Ticket>()
      return withPort(store, 'tickets', {
        async put(ticket) {
          tickets.set(ticket.digest, ticket)
        },
        async take(digest, kind) {
          const ticket = tickets.get(digest)
          if (ticket?.kind !== kind) return null
          await gap()
          tickets.delete(digest)
          return ticket
        },
      })
    },
  },
  {
    name: 'asking for a ticket under another kind spends it',
    caught: 'a ticket of one kind is unknown under another',
    plant: (store) =>
      withPort(store, 'tickets', {
        async take(digest, kind) {
          for (const one of ['reset', 'verify']) {
            const ticket = await store.tickets.take(digest, one)
            if (ticket) return one === kind ? ticket : null
          }
          return null
        },
      }),
  },
  {
    name: 'attempts under way are not counted',
    caught: 'TH-06: of 50 reserving at once',
    plant: (store) =>
      withPort(store, 'counters', {
        async reserve(key, rule, now) {
          const answer = await store.counters.reserve(key, rule, now)
          return answer.verdict === 'wait' ? { verdict: 'go', failures: 0 } : answer
        },
      }),
  },
  {
    name: 'abandoned reservations are held for ever',
    caught: 'a reservation nobody resolved counts as a failure',
    plant: (store) =>
      withPort(store, 'counters', {
        reserve: (key, rule, now) => store.counters.reserve(key, rule, Math.min(now, 1_800_000_000_000)),
      }),
  },
  {
    name: 'the last denial counts, not the longest',
    caught: 'denying again changes nothing but to the longest time',
    plant(store) {
      const latest = new Map<string, Denial>()
      return withPort(store, 'denials', {
        async deny(denial, now) {
          latest.set(denial.sid, denial)
          return { value: denial, position: (await store.denials.deny(denial, now)).position }
        },
        async list(now, cursor, limit) {
          const page = await store.denials.list(now, cursor, limit)
          return { ...page, items: page.items.map((denial) => latest.get(denial.sid) ?? denial) }
        },
      })
    },
  },
  {
    name: 'a session that has ended is not denied',
    caught: 'a record that has ended denies its id as well',
    plant: (store) =>
      withPort(store, 'denials', {
        async check(sid) {
          const { items } = await store.denials.list(0, null, 1000)
          return items.find((denial) => denial.sid === sid)?.reason ?? null
        },
      }),
  },
  {
    name: 'events are listed in the order they came',
    caught: 'is newest first by time and then by id, in whatever order it came',
    plant(store) {
      const came: string[] = []
      return withPort(store, 'audit', {
        append(events) {
          came.unshift(...events.map(({ id }) => id))
          return store.audit.append(events)
        },
        async list(...given) {
          const page = await store.audit.list(...given)
          return { ...page, items: [...page.items].sort((a, b) => came.indexOf(a.id) - came.indexOf(b.id)) }
        },
      })
    },
  },
  {
    name: 'events are read in the order of their times',
    caught: 'is that of appending, whatever the times say',
    plant: (store) =>
      withPort(store, 'audit', {
        async after(...given) {
          return [...(await store.audit.after(...given))].sort((a, b) => a.event.at - b.event.at)
        },
      }),
  },
  {
    name: 'a reader is moved back',
    caught: 'a place is kept, moves on and never back',
    plant(store) {
      const places = new Map<string, number>()
      return withPort(store, 'audit', {
        place: async (reader) => places.get(reader) ?? store.audit.place(reader),
        advance: async (reader, position) => void places.set(reader, position),
      })
    },
  },
  {
    name: 'a turn is given to everybody who asks',
    caught: 'of 20 who ask for a turn at once one has it',
    plant: (store) => withSource(store, { turn: async () => true }),
  },
  {
    name: 'whose turn it is is asked first and believed later',
    caught: 'of 20 who ask for a turn at once one has it',
    plant(store) {
      let last = { holder: '', until: 0 }
      return withSource(store, {
        async turn(_work, holder, now, until) {
          const isFree = last.holder === holder || last.until <= now
          await gap()
          if (isFree) last = { holder, until }
          return isFree
        },
      })
    },
  },
  {
    name: 'what is under way when it is closed is refused',
    caught: 'a source that is closed answers first',
    plant: (store) =>
      withPort(store, 'sessions', {
        async find(id) {
          await gap()
          return store.sessions.find(id)
        },
      }),
  },
  {
    name: 'who opens it while it closes finds it closed',
    caught: 'a source that is opened while it closes',
    plant: (store) => {
      const { close } = store.users.source
      return withSource(store, { close: () => gap().then(close) })
    },
  },
  {
    name: 'all work is one turn',
    caught: 'a turn that is given up is free at once',
    plant: (store) => {
      const { turn } = store.users.source
      return withSource(store, { turn: (_work, ...given) => turn('work', ...given) })
    },
  },
  {
    name: 'only the first event of a batch is kept',
    caught: 'nothing is lost when many append at once',
    plant: (store) => withPort(store, 'audit', { append: (events) => store.audit.append(events.slice(0, 1)) }),
  },
]
