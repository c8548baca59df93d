import type { Newcomer } from '../../src/store.ts'
import { type Bug, gap, withPort } from './planted.ts'

/** Faults of making many users at once. */
export const ADMIT_BUGS: readonly Bug[] = [
  {
    name: 'credentials are kept of those who were not made, too',
    caught: 'passes over an address or id in use',
    plant: (store) =>
      withPort(store, 'users', {
        async admit(newcomers) {
          const made = await store.users.admit(newcomers)
          for (const credential of newcomers.flatMap((one) => one.credentials)) await store.credentials.add(credential)
          return made
        },
      }),
  },
  {
    name: 'what was left under the id goes on',
    caught: 'what was left under the id opens nothing',
    plant: (store) =>
      withPort(store, 'users', {
        async admit(newcomers) {
          const left = await Promise.all(newcomers.map(({ user }) => store.credentials.list(user.id)))
          const made = await store.users.admit(newcomers)
          for (const one of left.flat()) await store.credentials.add(one)
          return made
        },
      }),
  },
  {
    name: 'one that cannot be made keeps the others out',
    caught: 'passes over an address or id in use',
    plant: (store) =>
      withPort(store, 'users', {
        async admit(newcomers) {
          for (const { user, key } of newcomers) {
            const known = [await store.users.find(user.id), await store.users.findByEmail(key)]
            if (known.some((standing) => standing.user)) return newcomers.map(() => false)
          }
          return store.users.admit(newcomers)
        },
      }),
  },
  {
    name: 'of several with one address the last is made',
    caught: 'of several with one address in one call makes the first',
    plant: (store) =>
      withPort(store, 'users', {
        admit: async (newcomers) => (await store.users.admit(newcomers.toReversed())).toReversed(),
      }),
  },
  {
    name: 'the roles are not found by',
    caught: 'makes many users, each with their credentials and roles',
    plant: (store) =>
      withPort(store, 'users', {
        async list(filter, cursor, limit) {
          return filter.role === undefined ? store.users.list(filter, cursor, limit) : { items: [], nextCursor: null }
        },
      }),
  },
  {
    name: 'who is there is asked first and believed later',
    caught: 'of 20 admitting the same ten at once',
    plant: (store) =>
      withPort(store, 'users', {
        async admit(newcomers) {
          const free: boolean[] = []
          for (const one of newcomers) free.push((await store.users.findByEmail(one.key)).user === null)
          await gap()
          const fresh: readonly Newcomer[] = newcomers.filter((_, i) => free[i])
          await store.users.admit(fresh)
          return free
        },
      }),
  },
]
