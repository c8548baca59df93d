import assert from 'node:assert/strict'
import type { Activity, SessionRecord } from '../../session.ts'
import type { Replacement, Sessions } from '../../store.ts'
import { idOf, sampleSession, T0, TRICKY_FIELDS } from '../samples.ts'
import { announced, type Cases, findsNothing, together, watch } from './harness.ts'

const NEXT: Replacement = {
  digest: 'next',
  authenticatedAt: T0 + 50,
  amr: ['pwd', 'otp'],
  lastActiveAt: T0 + 50,
  longestIdle: 0,
  generation: 2,
  everyone: 3,
}

/** The cases of `Sessions.touch`, `replace` and `setFields`. */
export function sessionChangeCases({ group, test, race }: Cases): void {
  group('sessions.touch', () => {
    test('moves activity forward, never back, each of the two for itself', async ({ sessions }) => {
      const record = sampleSession('one', { lastActiveAt: T0 + 10, longestIdle: 5 })
      await sessions.start(record, null, T0)
      const moments = [
        [11, 5, 11, 5],
        [9, 4, 11, 5],
        [9, 6, 11, 6],
        [20, 1, 20, 6],
        [0, 0, 20, 6],
      ] as const
      for (const [active, idle, activeThen, idleThen] of moments) {
        await sessions.touch([use(record, active, idle)])
        const expected = { ...record, lastActiveAt: T0 + activeThen, longestIdle: idleThen }
        assert.deepEqual(await sessions.find(record.id), expected)
      }
    })

    test('a pause counts only while the session has the same authenticatedAt; the use counts anyway', async ({
      sessions,
    }) => {
      const record = sampleSession('one')
      await sessions.start(record, null, T0)
      const { value: renewed } = await sessions.replace(record.id, record.digest, NEXT)
      await sessions.touch([use(record, 60, 9_999)])
      assert.deepEqual(await sessions.find(record.id), { ...renewed, lastActiveAt: T0 + 60, longestIdle: 0 })
      await sessions.touch([{ ...use(record, 61, 8), authenticatedAt: NEXT.authenticatedAt }])
      assert.deepEqual(await sessions.find(record.id), { ...renewed, lastActiveAt: T0 + 61, longestIdle: 8 })
    })

    test('passes over what has ended or does not exist, and moves the rest', async ({ sessions }) => {
      const [one, over, two] = ['one', 'over', 'two'].map((label) => sampleSession(label)) as [
        SessionRecord,
        SessionRecord,
        SessionRecord,
      ]
      for (const record of [one, over, two]) await sessions.start(record, null, T0)
      const { value: ended } = await sessions.end(over.id, 'signed_out', T0 + 1)
      await sessions.touch([use(one, 5, 1), use(over, 5, 1), use(sampleSession('unknown'), 5, 1), use(two, 5, 1)])
      assert.equal((await sessions.find(one.id))?.lastActiveAt, T0 + 5)
      assert.equal((await sessions.find(two.id))?.lastActiveAt, T0 + 5)
      assert.deepEqual(await sessions.find(over.id), ended)
      assert.equal(await sessions.find(idOf('unknown')), null)
    })

    test('takes a thousand at once, the same session several times, or none; the feed has none of it', async ({
      sessions,
    }) => {
      const records = Array.from({ length: 1000 }, (_, i) =>
        sampleSession(`session-${i}`, { userId: idOf(`user-${i % 7}`) }),
      )
      await Promise.all(records.map((record) => sessions.start(record, null, T0)))
      const watched = await watch(sessions.source)
      await sessions.touch([])
      await sessions.touch(records.map((record, i) => use(record, 1000 + i, i)))
      const [first] = records as [SessionRecord]
      await sessions.touch([use(first, 5_000, 1), use(first, 9_000, 3), use(first, 7_000, 9)])
      for (const [i, record] of records.entries()) {
        const expected =
          i === 0 ? { lastActiveAt: T0 + 9_000, longestIdle: 9 } : { lastActiveAt: T0 + 1000 + i, longestIdle: i }
        assert.deepEqual(await sessions.find(record.id), { ...record, ...expected })
      }
      assert.deepEqual(await watched.changes(), [])
    })

    race('of 50 touching at once, the latest stays', async (one, two) => {
      const record = sampleSession('one')
      await one.sessions.start(record, null, T0)
      await together(50, (i) => (i % 2 ? two : one).sessions.touch([use(record, (i * 37) % 50, (i * 11) % 50)]))
      assert.deepEqual(await two.sessions.find(record.id), { ...record, lastActiveAt: T0 + 49, longestIdle: 49 })
    })
  })

  group('sessions.replace', () => {
    test('sets the new token, keeps the old digest as previous, and resets both activities and the rotation', async ({
      sessions,
    }) => {
      const come = { counter: 7, rotatedAt: T0 + 20, seenAt: T0 + 30 }
      const record = sampleSession('one', { lastActiveAt: T0 + 10, longestIdle: 99, fields: { keep: 1 }, ...come })
      await sessions.start(record, null, T0)
      const watched = await watch(sessions.source)
      const { value, position } = await sessions.replace(record.id, record.digest, NEXT)
      const anew = { counter: 0, rotatedAt: NEXT.authenticatedAt, seenAt: null }
      const expected = { ...record, ...NEXT, previousDigest: record.digest, ...anew }
      assert.deepEqual(value, expected)
      assert.deepEqual(await sessions.find(record.id), expected)
      announced(
        await watched.entries(),
        position,
        (change) => change.kind === 'session' && change.session === record.id,
      )
    })

    test('does nothing unless the expected digest is still the digest', async ({ sessions }) => {
      const record = sampleSession('one')
      await sessions.start(record, null, T0)
      const { source } = sessions
      await findsNothing(source, () => sessions.replace(record.id, 'other', NEXT))
      await findsNothing(source, () => sessions.replace(record.id, '', NEXT))
      assert.deepEqual(await sessions.find(record.id), record)
      const { value } = await sessions.replace(record.id, record.digest, NEXT)
      await findsNothing(source, () => sessions.replace(record.id, record.digest, { ...NEXT, digest: 'late' }))
      assert.deepEqual(await sessions.find(record.id), value)
      await findsNothing(source, () => sessions.replace(idOf('unknown'), record.digest, NEXT))
      assert.equal(await sessions.find(idOf('unknown')), null)
    })

    race('of 50 replacing the same digest at once, one does', async (one, two) => {
      const record = sampleSession('one')
      await one.sessions.start(record, null, T0)
      const watched = await watch(one.sessions.source)
      const replaced = await together(50, (i) =>
        (i % 2 ? two : one).sessions.replace(record.id, record.digest, { ...NEXT, digest: `next-${i}` }),
      )
      const won = replaced.flatMap(({ value }) => (value ? [value] : []))
      assert.equal(won.length, 1)
      assert.deepEqual(await two.sessions.find(record.id), won[0])
      const changes = await watched.changes()
      assert.equal(changes.filter((change) => change.kind === 'session').length, 1)
    })
  })

  group('sessions.setFields', () => {
    test('replaces the fields as a whole and nothing else', async ({ sessions }) => {
      const record = sampleSession('one', { fields: { old: 1 } })
      await sessions.start(record, null, T0)
      const watched = await watch(sessions.source)
      const { value, position } = await sessions.setFields(record.id, TRICKY_FIELDS)
      assert.deepEqual(value, { ...record, fields: TRICKY_FIELDS })
      assert.deepEqual(await sessions.find(record.id), value)
      announced(
        await watched.entries(),
        position,
        (change) => change.kind === 'session' && change.session === record.id,
      )
      await findsNothing(sessions.source, () => sessions.setFields(idOf('unknown'), { new: 1 }))
      assert.equal(await sessions.find(idOf('unknown')), null)
    })
  })

  group('sessions: an ended one stays ended', () => {
    test('P7: end, touch, replace and setFields in every order, one after the other', async ({ sessions }) => {
      for (const [n, order] of permutations(VERBS).entries()) {
        const record = sampleSession(`session-${n}`)
        await sessions.start(record, null, T0)
        let ended: SessionRecord | null = null
        for (const verb of order) {
          await verb(sessions, record)
          const found = await sessions.find(record.id)
          if (verb === VERBS[0]) ended = found
          if (ended) assert.deepEqual(found, ended, 'nothing about it changes any more')
        }
        assert.deepEqual([ended?.endedAt, ended?.endReason], [T0 + 30, 'session_revoked'])
      }
    })

    race('P7: end, touch, replace and setFields in every order, at the same time', async (one, two) => {
      await Promise.all(
        permutations(VERBS).map(async (order, n) => {
          const record = sampleSession(`session-${n}`)
          await one.sessions.start(record, null, T0)
          await Promise.all(order.map((verb, i) => verb((i % 2 ? two : one).sessions, record)))
          const found = await two.sessions.find(record.id)
          assert.deepEqual([found?.endedAt, found?.endReason], [T0 + 30, 'session_revoked'])
          assert.deepEqual(
            (await one.sessions.ofUser(record.userId, 'active', 100)).filter(({ id }) => id === record.id),
            [],
          )
        }),
      )
    })

    race('P7: what a change answered is what was kept, ended or not', async (one, two) => {
      await together(30, async (i) => {
        const record = sampleSession(`session-${i}`)
        await one.sessions.start(record, null, T0)
        const [, replaced, named] = await Promise.all([
          one.sessions.end(record.id, 'signed_out', T0 + 30),
          two.sessions.replace(record.id, record.digest, NEXT),
          one.sessions.setFields(record.id, { named: true }),
        ])
        const found = await two.sessions.find(record.id)
        assert.equal(found?.digest, replaced.value ? NEXT.digest : record.digest)
        assert.deepEqual(found?.fields, named.value ? { named: true } : {})
        assert.equal(found?.endReason, 'signed_out')
      })
    })
  })
}

function use(record: SessionRecord, lastActive: number, longestIdle: number): Activity {
  return { id: record.id, lastActiveAt: T0 + lastActive, longestIdle, authenticatedAt: record.authenticatedAt }
}

const VERBS: readonly ((sessions: Sessions, record: SessionRecord) => Promise<unknown>)[] = [
  (sessions, { id }) => sessions.end(id, 'session_revoked', T0 + 30),
  (sessions, record) => sessions.touch([use(record, 40, 40)]),
  (sessions, { id, digest }) => sessions.replace(id, digest, NEXT),
  (sessions, { id }) => sessions.setFields(id, { late: true }),
]

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]]
  return items.flatMap((first, i) => permutations(items.toSpliced(i, 1)).map((rest) => [first, ...rest]))
}
