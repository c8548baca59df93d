import assert from 'node:assert/strict'
import type { Change } from '../../feed.ts'
import type { KeyRecord, Keys } from '../../keyring.ts'
import type { Changed } from '../../store.ts'
import { MINUTE, sampleKey, T0 } from '../samples.ts'
import { alongside, announced, type Cases, findsNothing, together, turn, watch } from './harness.ts'

/** The cases of `Keys`. */
export function keyCases({ group, test, race }: Cases): void {
  group('keys.add, list', () => {
    test('keys are kept exactly as added, listed oldest first by time and then by kid; the feed has each', async ({
      keys,
    }) => {
      assert.deepEqual(await keys.list(), [])
      const b = sampleKey('b', { alg: 'RS256', sealed: '{"x":"é \\" 🦊"}' })
      const a = sampleKey('a', { createdAt: T0 + 5 })
      const c = sampleKey('c', { createdAt: T0 + 5, signsFrom: T0 + 5 })
      const early = sampleKey('early', { createdAt: T0 - 5 })
      const watched = await watch(keys.source)
      for (const [key, after] of [
        [b, null],
        [a, 'b'],
        [c, 'a'],
        [early, 'c'],
      ] as const) {
        const { value, position } = await keys.add(key, after)
        assert.deepEqual(value, key)
        announced(await watched.entries(), position, isKey(key.kid, false))
      }
      assert.deepEqual(await keys.list(), [early, b, a, c])
      assert.equal((await watched.changes()).length, 4)
    })

    test('add does nothing unless the newest by time and then by kid is still the one expected', async ({ keys }) => {
      const { source } = keys
      await findsNothing(source, () => keys.add(sampleKey('a'), 'other'))
      await findsNothing(source, () => keys.add(sampleKey('a'), ''))
      await addAll(keys, sampleKey('old'), sampleKey('b', { createdAt: T0 + 5 }), sampleKey('a', { createdAt: T0 + 5 }))
      const kept = await keys.list()
      for (const after of ['old', 'a', 'other', '', null]) {
        await findsNothing(source, () => keys.add(sampleKey('new', { createdAt: T0 + 9 }), after))
      }
      assert.deepEqual(await keys.list(), kept)
      assert.equal((await keys.add(sampleKey('new', { createdAt: T0 + 9 }), 'b')).value?.kid, 'new')
    })

    test('a removed key is no newest: the one before it is, or none', async ({ keys }) => {
      await addAll(keys, sampleKey('a'), sampleKey('b', { createdAt: T0 + 1 }))
      await keys.remove('b', 'EdDSA', T0 + 2)
      await findsNothing(keys.source, () => keys.add(sampleKey('c', { createdAt: T0 + 3 }), 'b'))
      assert.equal((await keys.add(sampleKey('c', { createdAt: T0 + 3 }), 'a')).value?.kid, 'c')
      for (const kid of ['a', 'c']) await keys.remove(kid, 'EdDSA', T0 + 4)
      await findsNothing(keys.source, () => keys.add(sampleKey('d'), 'c'))
      assert.equal((await keys.add(sampleKey('d'), null)).value?.kid, 'd')
    })

    test('add does nothing where the kid exists', async ({ keys }) => {
      await addAll(keys, sampleKey('a'))
      const other = sampleKey('a', { createdAt: T0 + 9, sealed: 'other', alg: 'ES256' })
      await findsNothing(keys.source, () => keys.add(other, 'a'))
      assert.deepEqual(await keys.list(), [sampleKey('a')])
    })

    race('of 20 adding after the same key at once, one does, and the feed has it once', async (one, two) => {
      let after: string | null = null
      for (const step of [1, 2, 3]) {
        const watched = await watch(one.keys.source)
        const previous: string | null = after
        const key = (i: number) => sampleKey(`key-${step}-${i}`, { createdAt: T0 + step, sealed: `sealed by ${i}` })
        const add = (i: number) => (i % 2 ? two : one).keys.add(key(i), previous)
        const added: readonly Changed<KeyRecord>[] = await together(20, add)
        const won = added.flatMap(({ value }) => value ?? [])
        assert.equal(won.length, 1)
        const [made] = won as [KeyRecord]
        assert.deepEqual((await two.keys.list()).at(-1), made)
        const [entry, ...further] = await watched.entries()
        assert.ok(entry && further.length === 0)
        assert.deepEqual(entry.change, { kind: 'key', kid: made.kid, removed: false })
        for (const { position } of added) assert.ok(position >= entry.at, 'who came late waits for that key as well')
        after = made.kid
      }
      assert.equal((await one.keys.list()).length, 3)
    })

    race('of 20 adding one kid at once, one does', async (one, two) => {
      const added = await together(20, (i) => (i % 2 ? two : one).keys.add(sampleKey('a', { sealed: `by ${i}` }), null))
      const won = added.flatMap(({ value }) => value ?? [])
      assert.equal(won.length, 1)
      assert.deepEqual(await two.keys.list(), won)
    })
  })

  group('keys.remove', () => {
    test('KM-02: no secret stays, and the feed has it, at or before the position', async ({ keys }) => {
      await addAll(keys, sampleKey('a'), sampleKey('b', { createdAt: T0 + 1 }))
      const watched = await watch(keys.source)
      const { value, position } = await keys.remove('a', 'other', T0 + 50)
      const expected = { ...sampleKey('a'), sealed: null, removedAt: T0 + 50 }
      assert.deepEqual(value, expected)
      assert.deepEqual(await keys.list(), [expected, sampleKey('b', { createdAt: T0 + 1 })])
      announced(await watched.entries(), position, isKey('a', true))
      assert.equal((await watched.changes()).length, 1)
    })

    test('KM-02: is final: neither adding, nor sealing, nor removing again changes anything', async ({ keys }) => {
      await addAll(keys, sampleKey('a'))
      const { value: removed } = await keys.remove('a', 'EdDSA', T0 + 50)
      const { source } = keys
      await findsNothing(source, () => keys.add(sampleKey('a', { createdAt: T0 + 60 }), null))
      await findsNothing(source, () => keys.add(sampleKey('a'), 'a'))
      await findsNothing(source, () => keys.remove('a', 'EdDSA', T0 + 70))
      for (const expected of ['sealed a', '', 'null']) assert.equal(await keys.reseal('a', expected, 'new'), false)
      assert.deepEqual(await keys.list(), [removed])
    })

    test('KM-02: a key that was never here is removed as well, and does not come later', async ({ keys }) => {
      const watched = await watch(keys.source)
      const { value, position } = await keys.remove('foreign', 'RS256', T0 + 50)
      const times = { createdAt: T0 + 50, signsFrom: T0 + 50, removedAt: T0 + 50 }
      const expected = { kid: 'foreign', alg: 'RS256', ...times, sealed: null }
      assert.deepEqual(value, expected)
      announced(await watched.entries(), position, isKey('foreign', true))
      await findsNothing(keys.source, () => keys.remove('foreign', 'RS256', T0 + 60))
      await findsNothing(keys.source, () => keys.add(sampleKey('foreign'), null))
      assert.deepEqual(await keys.list(), [expected])
    })

    race('KM-02: of 20 removing one key at once, one does; the others wait for the same', async (one, two) => {
      await addAll(one.keys, sampleKey('a'))
      for (const kid of ['a', 'never-here']) {
        const watched = await watch(one.keys.source)
        const removed = await together(20, (i) => (i % 2 ? two : one).keys.remove(kid, 'EdDSA', T0 + 50 + i))
        const won = removed.flatMap(({ value }) => value ?? [])
        assert.equal(won.length, 1)
        assert.deepEqual(
          (await two.keys.list()).filter((key) => key.kid === kid),
          won,
        )
        const [entry, ...further] = await watched.entries()
        assert.ok(entry && further.length === 0)
        for (const { position } of removed) assert.ok(position >= entry.at, 'a loser waits for the removal as well')
      }
    })

    race('KM-02: adding, sealing and removing one key at once leave it removed', async (one, two) => {
      await together(20, async (n) => {
        const key = sampleKey(`key-${n}`)
        const [newest] = (await one.keys.list()).filter(({ removedAt }) => removedAt === null).slice(-1)
        const add = () => two.keys.add(key, newest?.kid ?? null)
        const remove = () => one.keys.remove(key.kid, key.alg, T0 + 50)
        const reseal = () => two.keys.reseal(key.kid, `sealed ${key.kid}`, 'new')
        const [{ value }] = await (n % 2
          ? Promise.all([remove(), add(), reseal()])
          : Promise.all([add(), reseal(), remove()]).then(([, , removed]) => [removed] as const))
        assert.equal(value?.removedAt, T0 + 50)
        assert.deepEqual(
          (await two.keys.list()).filter(({ kid }) => kid === key.kid),
          [value],
        )
      })
    })

    race(
      'KM-02: removal and entry become visible in one: neither is ever there without the other',
      async (one, two) => {
        const kids = Array.from({ length: 20 }, (_, i) => `key-${i}`)
        await addAll(one.keys, ...kids.map((kid, i) => sampleKey(kid, { createdAt: T0 + i })))
        const watched = await watch(two.keys.source)
        const said = async () => {
          const changes = await watched.changes()
          return new Set(changes.flatMap((change) => (change.kind === 'key' && change.removed ? change.kid : [])))
        }
        const look = async () => {
          const before = await said()
          const found = await two.keys.list()
          const after = await said()
          for (const { kid, removedAt } of found) {
            if (before.has(kid)) assert.notEqual(removedAt, null, 'the feed said it before it was so')
            if (removedAt !== null) assert.ok(after.has(kid), 'it was so before the feed said it')
          }
        }
        await alongside(look, async () => {
          for (const [i, kid] of kids.entries()) {
            if (i % 3 === 0) await turn()
            await (i % 2 ? two : one).keys.remove(kid, 'EdDSA', T0 + MINUTE)
          }
        })
      },
    )
  })

  group('keys.reseal, forget', () => {
    test('reseal replaces the sealed secret if it is still the expected, and nothing else', async ({ keys }) => {
      const [a, b] = [sampleKey('a'), sampleKey('b', { createdAt: T0 + 1 })]
      await addAll(keys, a, b)
      const watched = await watch(keys.source)
      for (const wrong of ['sealed b', '', 'other']) assert.equal(await keys.reseal('a', wrong, 'new'), false)
      assert.equal(await keys.reseal('unknown', 'sealed a', 'new'), false)
      assert.deepEqual(await keys.list(), [a, b])
      assert.equal(await keys.reseal('a', 'sealed a', 'new'), true)
      assert.equal(await keys.reseal('a', 'sealed a', 'late'), false)
      assert.deepEqual(await keys.list(), [{ ...a, sealed: 'new' }, b])
      assert.deepEqual(await watched.changes(), [])
    })

    race('of 20 resealing at once, one does', async (one, two) => {
      await addAll(one.keys, sampleKey('a'))
      const sealed = await together(20, (i) => (i % 2 ? two : one).keys.reseal('a', 'sealed a', `by ${i}`))
      assert.equal(sealed.filter(Boolean).length, 1)
      assert.equal((await two.keys.list())[0]?.sealed, `by ${sealed.indexOf(true)}`)
    })

    test('forget takes one record, removed or not, and the feed has none of it', async ({ keys }) => {
      await addAll(keys, sampleKey('a'), sampleKey('b', { createdAt: T0 + 1 }), sampleKey('c', { createdAt: T0 + 2 }))
      await keys.remove('b', 'EdDSA', T0 + 3)
      const watched = await watch(keys.source)
      for (const kid of ['a', 'b']) assert.equal(await keys.forget(kid), true)
      for (const kid of ['a', 'b', 'unknown']) assert.equal(await keys.forget(kid), false)
      assert.deepEqual(await keys.list(), [sampleKey('c', { createdAt: T0 + 2 })])
      assert.deepEqual(await watched.changes(), [])
    })
  })
}

/** Adds them one after the other, each after the newest there is. */
async function addAll(keys: Keys, ...given: readonly KeyRecord[]): Promise<void> {
  for (const key of given) {
    const newest = (await keys.list()).filter(({ removedAt }) => removedAt === null).at(-1)
    assert.deepEqual((await keys.add(key, newest?.kid ?? null)).value, key)
  }
}

function isKey(kid: string, removed: boolean): (change: Change) => boolean {
  return (change) => change.kind === 'key' && change.kid === kid && change.removed === removed
}
