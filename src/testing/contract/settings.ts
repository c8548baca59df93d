import assert from 'node:assert/strict'
import type { Fields } from '../../user.ts'
import { announced, type Cases, findsNothing, together, watch } from './harness.ts'

const VALUE: Fields = {
  timeouts: { idle: 60_000, roles: { admin: { idle: 1 } }, name: 'é " \\ 🦊' },
  sessionLimit: null,
  list: [1],
}

/** The cases of `Settings`. */
export function settingCases({ group, test, race }: Cases): void {
  group('settings.findPolicy, replacePolicy', () => {
    test('there is none before the first change; then it is exactly what was set, and the feed has it whole', async ({
      settings,
    }) => {
      assert.equal(await settings.findPolicy(), null)
      for (const [version, value] of [
        [1, VALUE],
        [2, {}],
        [3, VALUE],
      ] as const) {
        const watched = await watch(settings.source)
        const { value: kept, position } = await settings.replacePolicy(version - 1, value)
        assert.deepEqual(kept, { version, value })
        assert.deepEqual(await settings.findPolicy(), { version, value })
        const entries = await watched.entries()
        announced(entries, position, (change) => change.kind === 'policy' && change.version === version)
        assert.deepEqual(entries.at(-1)?.change, { kind: 'policy', version, value })
      }
    })

    test('replacing another version than there is changes nothing', async ({ settings }) => {
      for (const expected of [1, -1]) await findsNothing(settings.source, () => settings.replacePolicy(expected, VALUE))
      assert.equal(await settings.findPolicy(), null)
      await settings.replacePolicy(0, VALUE)
      for (const expected of [0, 2, -1]) await findsNothing(settings.source, () => settings.replacePolicy(expected, {}))
      assert.deepEqual(await settings.findPolicy(), { version: 1, value: VALUE })
    })

    test('what was handed in or out can be changed without changing what is kept', async ({ settings }) => {
      const given = { timeouts: { idle: 1 } }
      await settings.replacePolicy(0, given)
      given.timeouts.idle = 2
      assert.deepEqual(await settings.findPolicy(), { version: 1, value: { timeouts: { idle: 1 } } })
    })

    race('of 20 replacing one version at once, one does, and the feed has it once', async (one, two) => {
      for (const expected of [0, 1, 2]) {
        const watched = await watch(one.settings.source)
        const tried = await together(20, (i) => (i % 2 ? two : one).settings.replacePolicy(expected, { by: i }))
        const won = tried.flatMap(({ value }) => value ?? [])
        assert.equal(won.length, 1)
        assert.deepEqual(await two.settings.findPolicy(), won[0])
        const [entry, ...further] = await watched.entries()
        assert.ok(entry && further.length === 0)
        for (const { position } of tried) assert.ok(position >= entry.at, 'who came late waits for that change as well')
      }
    })
  })
}
