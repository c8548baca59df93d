import assert from 'node:assert/strict'
import type { Denial } from '../../store.ts'
import { HOUR, idOf, sampleSession, T0 } from '../samples.ts'
import { announced, BAD_CURSORS, type Cases, tailsOf, together, walk, watch } from './harness.ts'

/** The cases of `Denials`. */
export function denialCases({ group, test, race }: Cases): void {
  group('denials', () => {
    test('a denied id is denied with its reason, and the feed says that it ended', async ({ denials }) => {
      const watched = await watch(denials.source)
      const { value, position } = await denials.deny(denial('one', HOUR, 'token_reused'), T0)
      assert.deepEqual(value, denial('one', HOUR, 'token_reused'))
      assert.equal(await denials.check(idOf('one')), 'token_reused')
      assert.equal(await denials.check(idOf('two')), null)
      announced(await watched.entries(), position, (change) => {
        return change.kind === 'ended' && change.sessions.includes(idOf('one')) && change.reason === 'token_reused'
      })
    })

    test('a record that has ended denies its id as well; a live or purged one does not', async ({
      denials,
      sessions,
    }) => {
      if (denials.source !== sessions.source) return
      await sessions.start(sampleSession('one'), null, T0)
      assert.equal(await denials.check(idOf('one')), null)
      await sessions.end(idOf('one'), 'session_evicted', T0)
      assert.equal(await denials.check(idOf('one')), 'session_evicted')
      await sessions.purge(T0 + 1, 10)
      assert.equal(await denials.check(idOf('one')), null)
    })

    test('denying again changes nothing but to the longest time', async ({ denials }) => {
      const { source } = denials
      for (const [until, then] of [
        [HOUR, HOUR],
        [HOUR, HOUR],
        [HOUR - 1, HOUR],
        [2 * HOUR, 2 * HOUR],
      ] as const) {
        const tails = await tailsOf(source)
        const { value, position, part = 0 } = await denials.deny(denial('one', until), T0)
        assert.deepEqual(value, denial('one', then))
        assert.ok(position >= (tails[part] ?? 0), 'a repetition waits for at least the tail')
        assert.deepEqual((await denials.list(T0, null, 10)).items, [denial('one', then)])
      }
    })

    race('of 50 denying one id at once, the longest time stays', async (one, two) => {
      const watched = await watch(one.denials.source)
      const denied = await together(50, (i) =>
        (i % 2 ? two : one).denials.deny(denial('one', HOUR + ((i * 37) % 50)), T0),
      )
      assert.deepEqual((await two.denials.list(T0, null, 10)).items, [denial('one', HOUR + 49)])
      const [first] = await watched.entries()
      assert.ok(first && denied.every(({ position }) => position >= first.at))
    })

    test('list has what is in force at the moment given, in complete pages', async ({ denials }) => {
      for (let i = 0; i < 20; i += 1) await denials.deny(denial(`s-${i}`, HOUR + i), T0)
      const seen = await walk(
        (cursor) => denials.list(T0 + HOUR, cursor, 3),
        3,
        async (pages) => {
          await denials.deny(denial(`new-${pages}`, 2 * HOUR), T0)
          await denials.deny(denial(`s-${pages + 4}`, 3 * HOUR), T0)
        },
      )
      const sids = seen.map(({ sid }) => sid)
      const untouched = seen.filter(({ until }) => until < T0 + 2 * HOUR).map(({ sid }) => sid)
      assert.equal(new Set(untouched).size, untouched.length, 'none comes twice that was not prolonged meanwhile')
      for (let i = 1; i < 20; i += 1) assert.ok(sids.includes(idOf(`s-${i}`)), `s-${i} is in force and listed`)
      assert.ok((await denials.list(T0 + 4 * HOUR, null, 10)).items.length === 0)
    })

    test('a malformed cursor gives the first page', async ({ denials }) => {
      for (let i = 0; i < 5; i += 1) await denials.deny(denial(`s-${i}`, HOUR), T0)
      const first = await denials.list(T0, null, 2)
      for (const cursor of BAD_CURSORS) assert.deepEqual(await denials.list(T0, cursor, 2), first, `cursor ${cursor}`)
    })

    test('purge forgets what is over, at most as many as asked; the rest stays in force', async ({ denials }) => {
      for (const until of [1, 2, 3, 60, 61]) await denials.deny(denial(`until-${until}`, until), T0)
      assert.equal(await denials.purge(T0 + 50, 2), 2)
      assert.equal(await denials.purge(T0 + 50, 2), 1)
      assert.equal(await denials.purge(T0 + 50, 2), 0)
      for (const [until, reason] of [
        [1, null],
        [2, null],
        [3, null],
        [60, 'signed_out'],
        [61, 'signed_out'],
      ] as const) {
        assert.equal(await denials.check(idOf(`until-${until}`)), reason)
      }
      await denials.deny(denial('until-60', 200), T0)
      assert.equal(await denials.purge(T0 + 100, 10), 1)
      assert.equal(await denials.check(idOf('until-60')), 'signed_out', 'it was prolonged')
    })
  })
}

function denial(label: string, until: number, reason: Denial['reason'] = 'signed_out'): Denial {
  return { sid: idOf(label), reason, until: T0 + until }
}
