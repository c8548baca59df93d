import { describe, it } from 'vitest'
import { sqlite } from '../../src/sqlite.ts'
import type { Store } from '../../src/store.ts'
import { feedContract, storeContract } from '../../src/testing.ts'
import { sourceOf } from './source-of.ts'
import { newFile } from './sqlite-fixture.ts'

const api = { describe, it }
const files = new WeakMap<Store, string>()

async function make() {
  const file = newFile()
  const store = sqlite(file)
  files.set(store, file)
  await sourceOf(store).open()
  return { store, close: () => sourceOf(store).close() }
}

const second = async (store: Store) => sqlite(files.get(store) ?? '')

storeContract({ name: 'sqlite', api, make, second })

storeContract({
  name: 'sqlite with its second thread',
  api,
  make: async () => {
    const made = await make()
    await made.store.sessions.endDue(0, 1, 0)
    return made
  },
  second,
})

feedContract({
  name: 'sqlite',
  api,
  make: async () => {
    const { store, close } = await make()
    const append = async () => (await store.users.endEveryone()).position
    return { feed: sourceOf(store).feed, append, close }
  },
})
