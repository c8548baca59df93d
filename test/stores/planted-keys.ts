import type { KeyRecord } from '../../src/keyring.ts'
import { type Bug, gap, withEntries, withPort } from './planted.ts'

/** Faults of the keys. */
export const KEY_BUGS: readonly Bug[] = [
  {
    name: 'a key is added whatever the newest is',
    caught: 'add does nothing unless the newest by time and then by kid',
    plant: (store) =>
      withPort(store, 'keys', {
        add: async (key) => store.keys.add(key, newest(await store.keys.list())),
      }),
  },
  {
    name: 'the newest key is looked at first and added to later',
    caught: 'of 20 adding after the same key at once, one does',
    plant: (store) =>
      withPort(store, 'keys', {
        async add(key, after) {
          if (newest(await store.keys.list()) !== after) return store.keys.add(key, '')
          await gap()
          return store.keys.add(key, newest(await store.keys.list()))
        },
      }),
  },
  {
    name: 'the key that was added last is the newest',
    caught: 'add does nothing unless the newest by time and then by kid',
    plant(store) {
      let last: string | null = null
      return withPort(store, 'keys', {
        async add(key, after) {
          const added = await store.keys.add(key, after === last ? newest(await store.keys.list()) : '')
          if (added.value) last = key.kid
          return added
        },
      })
    },
  },
  {
    name: 'a removed key is the newest still',
    caught: 'a removed key is no newest',
    plant: (store) =>
      withPort(store, 'keys', {
        async add(key, after) {
          const all = await store.keys.list()
          return store.keys.add(key, (all.at(-1)?.kid ?? null) === after ? newest(all) : '')
        },
      }),
  },
  {
    name: 'adding overwrites the key of that kid',
    caught: 'add does nothing where the kid exists',
    plant: (store) =>
      withPort(store, 'keys', {
        async add(key) {
          await store.keys.forget(key.kid)
          return store.keys.add(key, newest(await store.keys.list()))
        },
      }),
  },
  {
    name: 'a removed key can be added again',
    caught: 'KM-02: is final',
    plant: (store) =>
      withPort(store, 'keys', {
        async add(key, after) {
          const known = (await store.keys.list()).find(({ kid }) => kid === key.kid)
          if (known?.removedAt) await store.keys.forget(key.kid)
          return store.keys.add(key, after)
        },
      }),
  },
  {
    name: 'a removed key can be sealed anew',
    caught: 'KM-02: is final',
    plant(store) {
      const sealed = new Map<string, string>()
      return withPort(store, 'keys', {
        async reseal(kid, expected, next) {
          const known = (await store.keys.list()).find((key) => key.kid === kid)
          if (!known?.removedAt) return store.keys.reseal(kid, expected, next)
          sealed.set(kid, next)
          return true
        },
        list: async () =>
          (await store.keys.list()).map((key) => ({ ...key, sealed: sealed.get(key.kid) ?? key.sealed })),
      })
    },
  },
  {
    name: 'removing a key keeps its secret',
    caught: 'KM-02: no secret stays',
    plant(store) {
      const secrets = new Map<string, string | null>()
      return withPort(store, 'keys', {
        add(key, after) {
          secrets.set(key.kid, key.sealed)
          return store.keys.add(key, after)
        },
        list: async () =>
          (await store.keys.list()).map((key) => ({ ...key, sealed: secrets.get(key.kid) ?? key.sealed })),
      })
    },
  },
  {
    name: 'removing a key forgets that it was there',
    caught: 'KM-02: no secret stays',
    plant: (store) =>
      withPort(store, 'keys', {
        async remove(kid, alg, now) {
          const removed = await store.keys.remove(kid, alg, now)
          await store.keys.forget(kid)
          return removed
        },
      }),
  },
  {
    name: 'only a key that is here can be removed',
    caught: 'KM-02: a key that was never here is removed as well',
    plant: (store) =>
      withPort(store, 'keys', {
        async remove(kid, alg, now) {
          if ((await store.keys.list()).some((key) => key.kid === kid)) return store.keys.remove(kid, alg, now)
          return { value: null, position: await store.keys.source.feed.tail() }
        },
      }),
  },
  {
    name: 'a removal does not reach the feed',
    caught: 'KM-02: no secret stays, and the feed has it',
    plant: (store) =>
      withEntries(store, (entry) => (entry.change.kind === 'key' && entry.change.removed ? null : entry)),
  },
  {
    name: 'the feed says of a removal that the key was added',
    caught: 'KM-02: no secret stays, and the feed has it',
    plant: (store) =>
      withEntries(store, (entry) =>
        entry.change.kind === 'key' ? { ...entry, change: { ...entry.change, removed: false } } : entry,
      ),
  },
  {
    name: 'a new key does not reach the feed',
    caught: 'keys are kept exactly as added',
    plant: (store) => withEntries(store, (entry) => (entry.change.kind === 'key' ? null : entry)),
  },
  {
    name: 'a removal answers a position before its entry',
    caught: 'KM-02: no secret stays, and the feed has it, at or before the position',
    plant: (store) =>
      withPort(store, 'keys', {
        async remove(...given) {
          const { value, position } = await store.keys.remove(...given)
          return { value, position: position - 1 }
        },
      }),
  },
  {
    name: 'a removal that finds nothing waits for nothing',
    caught: 'KM-02: of 20 removing one key at once, one does',
    plant: (store) =>
      withPort(store, 'keys', {
        async remove(...given) {
          const { value, position } = await store.keys.remove(...given)
          return { value, position: value ? position : 0 }
        },
      }),
  },
  {
    name: 'the feed has a removal before it has happened',
    caught: 'KM-02: removal and entry become visible in one',
    plant(store) {
      const before = new Map<string, KeyRecord>()
      return withPort(store, 'keys', {
        async remove(kid, alg, now) {
          const known = (await store.keys.list()).find((key) => key.kid === kid)
          if (known) before.set(kid, known)
          const removed = await store.keys.remove(kid, alg, now)
          await gap(4)
          before.delete(kid)
          return removed
        },
        list: async () => (await store.keys.list()).map((key) => before.get(key.kid) ?? key),
      })
    },
  },
  {
    name: 'a key that is added while it is removed is there again',
    caught: 'KM-02: adding, sealing and removing one key at once leave it removed',
    plant: (store) =>
      withPort(store, 'keys', {
        async remove(kid, alg, now) {
          if ((await store.keys.list()).some((key) => key.kid === kid)) return store.keys.remove(kid, alg, now)
          await gap()
          const removed = await store.keys.remove(kid, alg, now)
          await store.keys.forget(kid)
          return removed
        },
      }),
  },
  {
    name: 'a key is sealed anew whatever it was sealed with',
    caught: 'reseal replaces the sealed secret if it is still the expected',
    plant: (store) =>
      withPort(store, 'keys', {
        async reseal(kid, _expected, sealed) {
          const known = (await store.keys.list()).find((key) => key.kid === kid)
          return store.keys.reseal(kid, known?.sealed ?? '', sealed)
        },
      }),
  },
  {
    name: 'what a key is sealed with is looked at first and written over later',
    caught: 'of 20 resealing at once, one does',
    plant: (store) =>
      withPort(store, 'keys', {
        async reseal(kid, expected, sealed) {
          const current = async () => (await store.keys.list()).find((key) => key.kid === kid)?.sealed
          if ((await current()) !== expected) return false
          await gap()
          return store.keys.reseal(kid, (await current()) ?? '', sealed)
        },
      }),
  },
  {
    name: 'keys are listed in the order they came',
    caught: 'keys are kept exactly as added, listed oldest first',
    plant(store) {
      const came: string[] = []
      return withPort(store, 'keys', {
        add(key, after) {
          came.push(key.kid)
          return store.keys.add(key, after)
        },
        list: async () => [...(await store.keys.list())].sort((a, b) => came.indexOf(a.kid) - came.indexOf(b.kid)),
      })
    },
  },
  {
    name: 'forgetting a key is in the feed',
    caught: 'forget takes one record',
    plant: (store) =>
      withPort(store, 'keys', {
        async forget(kid) {
          if (!(await store.keys.list()).some((key) => key.kid === kid)) return false
          await store.keys.remove(kid, 'EdDSA', 0)
          return store.keys.forget(kid)
        },
      }),
  },
]

function newest(keys: readonly KeyRecord[]): string | null {
  return keys.filter(({ removedAt }) => removedAt === null).at(-1)?.kid ?? null
}
