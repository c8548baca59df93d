import { type Bug, gap, withEntries, withPort } from './planted.ts'

/** Faults of the settings. */
export const SETTING_BUGS: readonly Bug[] = [
  {
    name: 'the policy is replaced whatever its version',
    caught: 'replacing another version than there is changes nothing',
    plant: (store) =>
      withPort(store, 'settings', {
        async replacePolicy(_, value) {
          return store.settings.replacePolicy((await store.settings.findPolicy())?.version ?? 0, value)
        },
      }),
  },
  {
    name: 'which version the policy has is asked first and believed later',
    caught: 'of 20 replacing one version at once, one does',
    plant: (store) =>
      withPort(store, 'settings', {
        async replacePolicy(expected, value) {
          const before = (await store.settings.findPolicy())?.version ?? 0
          await gap()
          if (before !== expected) return store.settings.replacePolicy(-1, value)
          return store.settings.replacePolicy((await store.settings.findPolicy())?.version ?? 0, value)
        },
      }),
  },
  {
    name: 'the feed has no word of a policy',
    caught: 'there is none before the first change',
    plant: (store) => withEntries(store, (entry) => (entry.change.kind === 'policy' ? null : entry)),
  },
  {
    name: 'the feed has that the policy changed, and not to what',
    caught: 'there is none before the first change',
    plant: (store) =>
      withEntries(store, (entry) =>
        entry.change.kind === 'policy' ? { ...entry, change: { ...entry.change, value: {} } } : entry,
      ),
  },
  {
    name: 'who finds another version of the policy does not wait for it',
    caught: 'of 20 replacing one version at once, one does',
    plant: (store) =>
      withPort(store, 'settings', {
        async replacePolicy(expected, value) {
          const changed = await store.settings.replacePolicy(expected, value)
          return changed.value ? changed : { ...changed, position: 0 }
        },
      }),
  },
]
