import assert from 'node:assert/strict'
import type { Activity, SessionRecord } from '../../session.ts'
import type { Sessions } from '../../store.ts'
import { idOf, sampleSession, T0 } from '../samples.ts'
import { type Cases, findsNothing, mentions, together, watch } from './harness.ts'

/** The cases of `Sessions.end`, `endOf` and `purge`. */
export function sessionEndCases({ group, test, race }: Cases): void {
  group('sessions.end', () => {
    test('ends one, says so in the feed, and keeps the record', async ({ sessions }) => {
      const [one, two] = await start(sessions, 'one', 'two')
      const watched = await watch(sessions.source)
      const { value, position } = await sessions.end(one.id, 'signed_out', T0 + 9)
      const expected = { ...one, endedAt: T0 + 9, endReason: 'signed_out' }
      assert.deepEqual(value, expected)
      assert.deepEqual(await sessions.find(one.id), expected)
      assert.deepEqual(await sessions.find(two.id), two)
      const [entry, ...further] = await watched.entries()
      assert.deepEqual(entry?.change, { kind: 'ended', sessions: [one.id], reason: 'signed_out', at: T0 + 9 })
      assert.ok(entry.at <= position && further.length === 0)
    })

    test('ends nothing that has ended or is unknown: the first reason and time stay', async ({ sessions }) => {
      const [one] = await start(sessions, 'one')
      const first = await sessions.end(one.id, 'signed_out', T0 + 9)
      const { source } = sessions
      await findsNothing(source, () => sessions.end(one.id, 'session_revoked', T0 + 10))
      await findsNothing(source, () => sessions.end(idOf('unknown'), 'session_revoked', T0 + 10))
      assert.deepEqual(await sessions.find(one.id), first.value)
      assert.equal(await sessions.find(idOf('unknown')), null)
    })

    test('with unlessUsedAfter only what was not used later', async ({ sessions }) => {
      for (const [used, ends] of [
        [-1, true],
        [0, true],
        [1, false],
      ] as const) {
        const record = sampleSession(`used-${used}`, { lastActiveAt: T0 + 100 + used })
        await sessions.start(record, null, T0)
        const end = () => sessions.end(record.id, 'session_expired_idle', T0 + 200, T0 + 100)
        if (ends) assert.equal((await end()).value?.endReason, 'session_expired_idle')
        else await findsNothing(sessions.source, end)
        assert.equal((await sessions.find(record.id))?.endedAt, ends ? T0 + 200 : null)
      }
    })

    race('of 50 ending one at once, one does, and the feed has it once', async (one, two) => {
      const [record] = await start(one.sessions, 'one')
      const watched = await watch(one.sessions.source)
      const ended = await together(50, (i) => (i % 2 ? two : one).sessions.end(record.id, 'session_revoked', T0 + i))
      const won = ended.flatMap(({ value }) => (value ? [value] : []))
      assert.equal(won.length, 1)
      assert.deepEqual(await two.sessions.find(record.id), won[0])
      const [entry, ...further] = mentions(await watched.entries(), record.id)
      assert.ok(entry && further.length === 0)
      for (const { position } of ended) assert.ok(position >= entry.at, 'a loser waits for the ending as well')
    })

    race('an expiry and a use at once: the one that comes first wins whole', async (one, two) => {
      await together(40, async (i) => {
        const [record] = await start(one.sessions, `session-${i}`)
        const touch = () => two.sessions.touch([use(record, T0 + 500)])
        const end = () => one.sessions.end(record.id, 'session_expired_idle', T0 + 600, T0)
        const [{ value }] = i % 2 ? await Promise.all([end(), touch()]) : await swap(Promise.all([touch(), end()]))
        const found = await two.sessions.find(record.id)
        assert.equal(found?.lastActiveAt, value ? T0 : T0 + 500)
        assert.equal(found?.endedAt, value ? T0 + 600 : null)
      })
    })
  })

  group('sessions.endOf', () => {
    test("ends all of a user's but one, of whatever generation, and none of others", async ({ sessions }) => {
      await start(sessions, 'one', 'two', 'stay', 'over')
      await sessions.start(sampleSession('older', { generation: 0, everyone: 0 }), null, T0)
      await sessions.start(sampleSession('other', { userId: idOf('other') }), null, T0)
      const { value: over } = await sessions.end(idOf('over'), 'signed_out', T0 + 1)
      const watched = await watch(sessions.source)
      const { value, position } = await sessions.endOf(idOf('owner'), 'session_revoked', T0 + 5, idOf('stay'))
      const ids = ['older', 'one', 'two'].map((label) => idOf(label))
      assert.deepEqual(value?.map(({ id }) => id).sort(), ids)
      for (const record of value ?? []) {
        assert.deepEqual([record.endedAt, record.endReason], [T0 + 5, 'session_revoked'])
        assert.deepEqual(await sessions.find(record.id), record)
      }
      assert.deepEqual(await sessions.find(idOf('over')), over)
      assert.equal((await sessions.find(idOf('stay')))?.endedAt, null)
      assert.equal((await sessions.find(idOf('other')))?.endedAt, null)
      const entries = await watched.entries()
      const said = entries.flatMap(({ change }) => (change.kind === 'ended' ? change.sessions : []))
      assert.deepEqual([...said].sort(), ids)
      assert.ok(
        entries.every(
          ({ at, change }) => at <= position && change.kind === 'ended' && change.reason === 'session_revoked',
        ),
      )
      await findsNothing(sessions.source, () => sessions.endOf(idOf('owner'), 'signed_out', T0 + 6, idOf('stay')))
      await findsNothing(sessions.source, () => sessions.endOf(idOf('nobody'), 'signed_out', T0 + 6, null))
      assert.equal((await sessions.endOf(idOf('owner'), 'signed_out', T0 + 6, null)).value?.length, 1)
    })

    test('a great many are announced in entries of at most 500, none beyond the position', async ({ sessions }) => {
      const labels = Array.from({ length: 1201 }, (_, i) => `session-${i}`)
      await start(sessions, ...labels)
      const watched = await watch(sessions.source)
      const { value, position } = await sessions.endOf(idOf('owner'), 'user_locked', T0 + 5, null)
      assert.equal(value?.length, 1201)
      const entries = await watched.entries()
      const lists = entries.map(({ change }) => (change.kind === 'ended' ? change.sessions : []))
      assert.ok(lists.every((list) => list.length <= 500))
      assert.deepEqual(lists.flat().sort(), labels.map((label) => idOf(label)).sort())
      assert.ok(entries.every(({ at }) => at <= position))
    })

    race('of 20 ending everything of one user at once, each session ends once', async (one, two) => {
      await start(one.sessions, ...Array.from({ length: 30 }, (_, i) => `session-${i}`))
      const watched = await watch(one.sessions.source)
      const ended = await together(20, (i) =>
        (i % 2 ? two : one).sessions.endOf(idOf('owner'), 'signed_out', T0 + i, null),
      )
      const ids = ended.flatMap(({ value }) => value ?? []).map(({ id }) => id)
      assert.deepEqual([ids.length, new Set(ids).size], [30, 30])
      const entries = await watched.entries()
      const last = Math.max(...entries.map(({ at }) => at))
      for (const { value, position } of ended) {
        for (const { id } of value ?? []) assert.ok(mentions(entries, id).every(({ at }) => at <= position))
        if (!value?.length) assert.ok(position >= last, 'who found nothing left waits for what the others ended')
      }
      assert.ok(ids.every((id) => mentions(entries, id).length === 1))
    })
  })

  group('sessions: what has ended is kept until it is purged', () => {
    test('purge forgets what ended before the moment, at most as many as asked', async ({ sessions }) => {
      await start(sessions, 'live', 'a', 'b', 'c', 'just', 'later')
      for (const [label, at] of [
        ['c', -1],
        ['a', -3],
        ['b', -2],
        ['just', 0],
        ['later', 1],
      ] as const) {
        await sessions.end(idOf(label), 'signed_out', T0 + 100 + at)
      }
      const left = async () => {
        const found = await Promise.all(
          ['a', 'b', 'c', 'just', 'later', 'live'].map((label) => sessions.find(idOf(label))),
        )
        return found.flatMap((record) => (record ? [record.id.replace(/-+$/, '')] : []))
      }
      assert.equal(await sessions.purge(T0 + 100, 2), 2)
      assert.equal((await left()).length, 4)
      assert.equal(await sessions.purge(T0 + 100, 2), 1)
      assert.equal(await sessions.purge(T0 + 100, 2), 0)
      assert.deepEqual(await left(), ['just', 'later', 'live'])
      const listed = (await sessions.list({}, null, 10, T0)).items.map(({ id }) => id)
      assert.deepEqual(
        [...listed].sort(),
        ['just', 'later', 'live'].map((label) => idOf(label)),
      )
      assert.equal((await sessions.ofUser(idOf('owner'), 'ended', 10)).length, 2)
      assert.equal(await sessions.purge(T0 + 1e9, 10), 2)
      assert.deepEqual(await left(), ['live'])
    })

    race('of many purging at once, each is counted once', async (one, two) => {
      const labels = Array.from({ length: 30 }, (_, i) => `session-${i}`)
      await start(one.sessions, ...labels)
      await one.sessions.endOf(idOf('owner'), 'signed_out', T0, null)
      const counts = await together(10, (i) => (i % 2 ? two : one).sessions.purge(T0 + 1, 5))
      const first = counts.reduce((sum, n) => sum + n, 0)
      const rest = await one.sessions.purge(T0 + 1, 100)
      assert.equal(first + rest, 30)
      assert.equal((await two.sessions.list({}, null, 100, T0)).items.length, 0)
    })
  })
}

async function start(sessions: Sessions, ...labels: readonly string[]): Promise<[SessionRecord, SessionRecord]> {
  const records = labels.map((label) => sampleSession(label))
  await Promise.all(records.map((record) => sessions.start(record, null, T0)))
  return records as [SessionRecord, SessionRecord]
}

function use({ id, authenticatedAt }: SessionRecord, lastActiveAt: number): Activity {
  return { id, lastActiveAt, longestIdle: 1, authenticatedAt }
}

async function swap<A, B>(pair: Promise<[A, B]>): Promise<[B, A]> {
  const [a, b] = await pair
  return [b, a]
}
