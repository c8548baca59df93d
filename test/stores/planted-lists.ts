import { type Bug, withPort } from './planted.ts'

/** Faults of what administrators look through. */
export const LIST_BUGS: readonly Bug[] = [
  {
    name: 'a search finds words wherever they begin',
    caught: 'query is beginnings of words',
    plant: (store) =>
      withPort(store, 'users', {
        async list({ query, ...filter }, cursor, limit) {
          if (query === undefined || query.trim() === '')
            return store.users.list({ ...filter, ...(query !== undefined && { query }) }, cursor, limit)
          const { items } = await store.users.list(filter, null, 1000)
          const part = query.toLowerCase()
          const found = items.filter(({ email, name }) => `${email} ${name}`.toLowerCase().includes(part))
          return { items: found.slice(0, limit), nextCursor: null }
        },
      }),
  },
  {
    name: 'a search finds what somebody was called before',
    caught: 'query finds what somebody is called now',
    plant: (store) => {
      const before = new Map<string, string>()
      return withPort(store, 'users', {
        create(user, key) {
          before.set(user.id, user.name)
          return store.users.create(user, key)
        },
        async list({ query, ...filter }, cursor, limit) {
          if (query === undefined) return store.users.list(filter, cursor, limit)
          const found = await store.users.list({ ...filter, query }, cursor, limit)
          const { items } = await store.users.list(filter, null, 1000)
          const old = items.filter(({ id }) =>
            (before.get(id) ?? '')
              .toLowerCase()
              .split(' ')
              .some((word) => word.startsWith(query)),
          )
          return { ...found, items: [...new Map([...found.items, ...old].map((user) => [user.id, user])).values()] }
        },
      })
    },
  },
  {
    name: 'whoever is looked for twice is found twice',
    caught: 'findAll has those there are, each once',
    plant: (store) =>
      withPort(store, 'users', {
        findAll: async (ids) => (await Promise.all(ids.map((id) => store.users.findAll([id])))).flat(),
      }),
  },
  {
    name: 'holders of a role are counted without end',
    caught: 'holders has whoever has the role now',
    plant: (store) => withPort(store, 'users', { holders: (role) => store.users.holders(role, 1_000) }),
  },
  {
    name: 'sessions of several users are those of all',
    caught: 'of several users',
    plant: (store) =>
      withPort(store, 'sessions', {
        list: ({ userIds: _, ...filter }, cursor, limit, now) => store.sessions.list(filter, cursor, limit, now),
      }),
  },
  {
    name: 'one user is enough where several are asked for',
    caught: 'of several users',
    plant: (store) =>
      withPort(store, 'sessions', {
        list: ({ userIds, ...filter }, cursor, limit, now) => {
          const both = userIds && filter.userId === undefined ? { ...filter, userIds } : filter
          return store.sessions.list(both, cursor, limit, now)
        },
      }),
  },
  {
    name: 'sessions that have ended are counted',
    caught: 'is of all that have not ended',
    plant: (store) =>
      withPort(store, 'sessions', {
        count: async () => ({ count: (await store.sessions.list({}, null, 1000, 0)).items.length, margin: 0 }),
      }),
  },
  {
    name: 'counters that go on are listed',
    caught: 'list has who is slowed now',
    plant: (store) =>
      withPort(store, 'counters', { list: (_, cursor, limit) => store.counters.list(0, cursor, limit) }),
  },
  {
    name: 'what a failure was about is forgotten',
    caught: 'list has who is slowed now',
    plant: (store) =>
      withPort(store, 'counters', {
        resolve: (key, outcome, rule, now) => store.counters.resolve(key, outcome, rule, now),
      }),
  },
]
