import { describe, expect, it } from 'vitest'
import type { Store } from '../../src/store.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { feedContract, storeContract, type TestApi } from '../../src/testing.ts'
import { collect, failures } from './collector.ts'
import { ADMIT_BUGS } from './planted-admit.ts'
import { ERASING_BUGS } from './planted-erasing.ts'
import { FEED_BUGS } from './planted-feed.ts'
import { KEY_BUGS } from './planted-keys.ts'
import { LIST_BUGS } from './planted-lists.ts'
import { OTHER_BUGS } from './planted-others.ts'
import { PEOPLE_BUGS } from './planted-people.ts'
import { ROTATION_BUGS } from './planted-rotation.ts'
import { SEEN_BUGS } from './planted-seen.ts'
import { SERVICE_BUGS } from './planted-services.ts'
import { SESSION_BUGS } from './planted-sessions.ts'
import { SETTING_BUGS } from './planted-settings.ts'

const SESSIONS = [...SESSION_BUGS, ...ROTATION_BUGS, ...SEEN_BUGS]
const BUGS = [
  ...ADMIT_BUGS,
  ...SESSIONS,
  ...KEY_BUGS,
  ...SERVICE_BUGS,
  ...SETTING_BUGS,
  ...LIST_BUGS,
  ...OTHER_BUGS,
  ...PEOPLE_BUGS,
  ...ERASING_BUGS,
  ...FEED_BUGS,
]

/** Both contracts over stores that `plant` has done something to. */
function contracts(plant: (store: Store) => Store) {
  const make = async () => {
    const store = plant(memory())
    return { store, close: () => store.users.source.close() }
  }
  const makeFeed = async () => {
    const { store, close } = await make()
    return { feed: store.users.source.feed, append: async () => (await store.users.endEveryone()).position, close }
  }
  return collect((api: TestApi) => {
    storeContract({ name: 'planted', make, api })
    feedContract({ name: 'planted', make: makeFeed, api })
  })
}

describe('the contract suites notice', () => {
  it.each(BUGS)('$name', async ({ caught, plant }) => {
    const cases = contracts(plant)
    const group = cases.find(({ name }) => name.startsWith(caught))?.group
    const failed = await failures(cases.filter((one) => one.group === group))
    expect(failed.filter((name) => name.startsWith(caught))).toHaveLength(1)
  })

  it('nothing where nothing is planted', async () => {
    const cases = contracts((store) => store)
    expect(cases.length).toBeGreaterThan(160)
    expect(await failures(cases)).toEqual([])
  })

  it('has no two cases of one name in a group, which a report could not tell apart', () => {
    const names = contracts((store) => store).map(({ group, name }) => `${group}: ${name}`)
    expect(new Set(names).size).toBe(names.length)
  })
})
