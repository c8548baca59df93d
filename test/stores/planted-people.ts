import type { Store } from '../../src/store.ts'
import type { UserId } from '../../src/user.ts'
import { type Bug, gap, withEntries, withPort } from './planted.ts'

const MANY = 1_000_000

/** Faults of what changes addresses, voids links, and shows what is held of somebody. */
export const PEOPLE_BUGS: readonly Bug[] = [
  {
    name: 'whether an address is free is asked first, and it is given later',
    caught: 'RC-07: of 20 who want one address',
    plant(store) {
      const given = new Map<string, UserId>()
      return withPort(store, 'users', {
        async setEmail(id, expected, email, key, ended) {
          const isFree = (await store.users.findByEmail(key)).user === null
          await gap()
          if (!isFree || given.get(key) === undefined) given.set(key, id)
          return store.users.setEmail(id, expected, email, isFree ? `${key} ${id}` : key, ended)
        },
        create: async (user, key) => {
          const isFree = (await store.users.findByEmail(key)).user === null
          await gap()
          return isFree && store.users.create(user, `${key} ${user.id}`)
        },
      })
    },
  },
  {
    name: 'an address is given whatever generation it was judged by',
    caught: 'changes nothing for another address or generation than is expected',
    plant: (store) =>
      withPort(store, 'users', {
        async setEmail(id, expected, email, key, ended) {
          const { user } = await store.users.find(id)
          return store.users.setEmail(id, { ...expected, generation: user?.generation ?? 0 }, email, key, ended)
        },
      }),
  },
  {
    name: 'of several changes of an address judged by the same state each is carried out',
    caught: 'RC-07: of 20 changes judged by the same state one is carried out',
    plant(store) {
      const keys = new Map<UserId, string>()
      return withPort(store, 'users', {
        async setEmail(id, expected, email, key, ended) {
          await gap(keys.has(id) ? 0 : 1)
          const { user } = await store.users.find(id)
          const now = { key: keys.get(id) ?? expected.key, generation: user?.generation ?? 0 }
          keys.set(id, key)
          const set = await store.users.setEmail(id, now, email, key, ended)
          return set
        },
      })
    },
  },
  {
    name: 'an address that was changed is not one that proved to be theirs',
    caught: 'gives a verified address, by which the user is found',
    plant: (store) =>
      withPort(store, 'users', {
        async setEmail(...given) {
          const { value, position } = await store.users.setEmail(...given)
          return { value: value && { ...value, emailVerified: false }, position }
        },
      }),
  },
  {
    name: 'a change of an address that ends sessions does not say so',
    caught: 'with a reason raises the generation too, and the feed has it',
    plant: (store) =>
      withEntries(store, (entry) =>
        entry.change.kind === 'user' ? { ...entry, change: { ...entry.change, ended: null } } : entry,
      ),
  },
  {
    name: 'all of a user is ended whatever generation was expected',
    caught: 'endAll with an expected generation raises no other',
    plant: (store) => withPort(store, 'users', { endAll: (id, reason) => store.users.endAll(id, reason) }),
  },
  {
    name: 'the expected generation is looked at first, and raised later',
    caught: 'RC-01: of 20 who end all of one generation one does',
    plant: (store) =>
      withPort(store, 'users', {
        async endAll(id, reason, expected) {
          const { user } = await store.users.find(id)
          await gap()
          const isSo = expected === undefined || user?.generation === expected
          return store.users.endAll(id, reason, isSo ? undefined : -1)
        },
      }),
  },
  {
    name: 'what a user holds is shown as it was put',
    caught: 'shows what a user holds, in the order in which it will be over',
    plant(store) {
      const order: string[] = []
      return withPort(store, 'tickets', {
        async put(ticket) {
          order.push(ticket.digest)
          await store.tickets.put(ticket)
        },
        async ofUser(id, limit) {
          const found = await store.tickets.ofUser(id, MANY)
          return [...found].sort((a, b) => order.indexOf(a.digest) - order.indexOf(b.digest)).slice(0, limit)
        },
      })
    },
  },
  {
    name: 'what a user holds is shown without a bound',
    caught: 'shows what a user holds, in the order in which it will be over',
    plant: (store) => withPort(store, 'tickets', { ofUser: (id) => store.tickets.ofUser(id, MANY) }),
  },
  {
    name: 'to show what a user holds takes it',
    caught: 'shows what a user holds, in the order in which it will be over',
    plant: (store) =>
      withPort(store, 'tickets', {
        async ofUser(id, limit) {
          const found = await store.tickets.ofUser(id, limit)
          for (const { digest, kind } of found) await store.tickets.take(digest, kind)
          return found
        },
      }),
  },
  {
    name: 'to void links of one kind voids those of every kind',
    caught: 'removeOf voids what a user holds of a kind',
    plant: (store) => withPort(store, 'tickets', { removeOf: (id) => store.tickets.removeOf(id, null) }),
  },
  {
    name: 'to void links of any kind voids none',
    caught: 'removeOf voids what a user holds of a kind',
    plant: (store) =>
      withPort(store, 'tickets', { removeOf: (id, kind) => store.tickets.removeOf(id, kind ?? 'null') }),
  },
  {
    name: 'a link that is voided can still be taken for a moment',
    caught: 'of takers and one who voids at the same time',
    plant(store) {
      const kept = new Map<string, Awaited<ReturnType<Store['tickets']['take']>>>()
      return withPort(store, 'tickets', {
        async put(ticket) {
          kept.set(ticket.digest, ticket)
          await store.tickets.put(ticket)
        },
        async take(digest, kind) {
          const ticket = await store.tickets.take(digest, kind)
          return ticket ?? kept.get(digest) ?? null
        },
      })
    },
  },
  {
    name: 'the fields of a session are added to those there are',
    caught: 'replaces the fields as a whole and nothing else',
    plant: (store) =>
      withPort(store, 'sessions', {
        async setFields(id, fields) {
          const found = await store.sessions.find(id)
          return store.sessions.setFields(id, { ...found?.fields, ...fields })
        },
      }),
  },
  {
    name: 'an edit raises the version',
    caught: 'edit changes what it names and raises neither version nor generation',
    plant: (store) =>
      withPort(store, 'users', {
        async edit(id, change) {
          const { value, position } = await store.users.edit(id, change)
          return { value: value && { ...value, version: value.version + 1 }, position }
        },
      }),
  },
]
