import assert from 'node:assert/strict'
import type { SessionRecord } from '../../session.ts'
import { HOUR, idOf, MINUTE, sampleSession, T0 } from '../samples.ts'
import { type Cases, findsNothing, mentions, together, watch } from './harness.ts'

const IDLE = 30 * MINUTE

/** The cases of `Sessions.endDue` and `endOlder`. */
export function sessionDueCases({ group, test, race }: Cases): void {
  group('sessions.endDue', () => {
    test('TO-08: ends from the very instant a limit is reached, with the reason of the one reached', async ({
      sessions,
    }) => {
      const before = T0 + 5 * HOUR
      const expected: Record<string, string | null> = {}
      for (const offset of [-1, 0, 1]) {
        const idle = sampleSession(`idle${offset}`, { lastActiveAt: before - IDLE + offset })
        const absolute = sampleSession(`absolute${offset}`, {
          lastActiveAt: before - MINUTE,
          expiresAt: before + offset,
        })
        expected[idle.id] = offset > 0 ? null : 'session_expired_idle'
        expected[absolute.id] = offset > 0 ? null : 'session_expired_absolute'
        for (const record of [idle, absolute]) await sessions.start(record, null, T0)
      }
      const watched = await watch(sessions.source)
      const { value, position } = await sessions.endDue(before, 100, before + 7)
      assert.equal(value?.length, 4)
      const entries = await watched.entries()
      for (const [id, reason] of Object.entries(expected)) {
        const found = await sessions.find(idOf(id))
        assert.deepEqual([found?.endReason, found?.endedAt], [reason, reason ? before + 7 : null], id)
        const said = mentions(entries, id)
        assert.equal(said.length, reason ? 1 : 0)
        for (const { at, change } of said) {
          assert.ok(at <= position)
          assert.ok(change.kind === 'ended' && change.reason === reason && change.at === before + 7)
        }
        if (reason)
          assert.deepEqual(
            value.find((record) => record.id === id),
            found,
          )
      }
      await findsNothing(sessions.source, () => sessions.endDue(before, 100, before + 8))
      assert.equal((await sessions.endDue(before + 1, 100, before + 8)).value?.length, 2)
    })

    test('of two limits that have both passed, the one reached first is the reason', async ({ sessions }) => {
      const late = T0 + 48 * HOUR
      await sessions.start(sampleSession('idle-first', { expiresAt: T0 + IDLE + 1 }), null, T0)
      await sessions.start(sampleSession('absolute-first', { expiresAt: T0 + IDLE - 1 }), null, T0)
      await sessions.endDue(late, 100, late)
      assert.equal((await sessions.find(idOf('idle-first')))?.endReason, 'session_expired_idle')
      assert.equal((await sessions.find(idOf('absolute-first')))?.endReason, 'session_expired_absolute')
    })

    test('ends at most as many as asked, the rest the next time, and none that had ended', async ({ sessions }) => {
      for (let i = 0; i < 25; i += 1) await sessions.start(sampleSession(`session-${i}`), null, T0)
      const { value: over } = await sessions.end(idOf('session-3'), 'signed_out', T0)
      const ended: string[] = []
      for (const expected of [10, 10, 4, 0]) {
        const { value } = await sessions.endDue(T0 + IDLE, 10, T0 + IDLE)
        assert.equal(value?.length ?? 0, expected)
        ended.push(...(value ?? []).map(({ id }) => id))
      }
      assert.equal(new Set(ended).size, 24)
      assert.deepEqual(await sessions.find(idOf('session-3')), over)
    })

    test('a use puts the moment off, as far as the absolute limit allows', async ({ sessions }) => {
      const record = sampleSession('one', { expiresAt: T0 + HOUR })
      await sessions.start(record, null, T0)
      const use = (lastActiveAt: number) => sessions.touch([{ ...record, lastActiveAt, longestIdle: 0 }])
      await use(T0 + 20 * MINUTE)
      assert.equal((await sessions.endDue(T0 + IDLE, 10, T0 + IDLE)).value?.length ?? 0, 0)
      assert.equal((await sessions.endDue(T0 + 50 * MINUTE - 1, 10, T0)).value?.length ?? 0, 0)
      await use(T0 + 49 * MINUTE)
      assert.equal((await sessions.endDue(T0 + HOUR - 1, 10, T0)).value?.length ?? 0, 0)
      const { value } = await sessions.endDue(T0 + HOUR, 10, T0 + HOUR)
      assert.equal(value?.[0]?.endReason, 'session_expired_absolute')
    })

    test('a replacement that resets activity to an earlier moment brings the moment forward', async ({ sessions }) => {
      const record = sampleSession('one', { lastActiveAt: T0 + HOUR })
      await sessions.start(record, null, T0)
      const again = { digest: 'x', amr: [], longestIdle: 0, generation: 1, everyone: 0, authenticatedAt: T0 }
      const { value } = await sessions.replace(record.id, record.digest, { ...again, lastActiveAt: T0 + 10 * MINUTE })
      const due = T0 + 40 * MINUTE
      assert.equal(value?.lastActiveAt, T0 + 10 * MINUTE)
      assert.equal((await sessions.endDue(due - 1, 10, due)).value?.length ?? 0, 0)
      assert.equal((await sessions.endDue(due, 10, due)).value?.length, 1)
    })

    race('of many sweeping at once, each session ends once', async (one, two) => {
      await together(60, (i) => one.sessions.start(sampleSession(`session-${i}`, { createdAt: T0 + i }), null, T0))
      const watched = await watch(one.sessions.source)
      const before = T0 + IDLE + 59
      const swept = await together(10, (i) => (i % 2 ? two : one).sessions.endDue(before, 6, before))
      const rest = await one.sessions.endDue(before, 100, before)
      const ids = [...swept, rest].flatMap(({ value }) => value ?? []).map(({ id }) => id)
      assert.deepEqual([ids.length, new Set(ids).size], [60, 60])
      const entries = await watched.entries()
      assert.ok(ids.every((id) => mentions(entries, id).length === 1))
    })

    race('a sweep and a use at once: the one that comes first wins whole', async (one, two) => {
      const records = Array.from({ length: 40 }, (_, i) => sampleSession(`session-${i}`))
      for (const record of records) await one.sessions.start(record, null, T0)
      const lastActiveAt = T0 + IDLE - 1
      await Promise.all([
        one.sessions.endDue(T0 + IDLE, 20, T0 + IDLE),
        ...records.map((record) => two.sessions.touch([{ ...record, lastActiveAt }])),
        one.sessions.endDue(T0 + IDLE, 20, T0 + IDLE),
      ])
      for (const { id } of records) {
        const found = await two.sessions.find(id)
        assert.equal(found?.lastActiveAt, found?.endedAt === null ? lastActiveAt : T0)
      }
    })
  })

  group('sessions.endOlder', () => {
    test('ends what holds a lower generation of the installation, at most as many as asked', async ({ sessions }) => {
      const over = await older(sessions.start, 'over', 1)
      for (const [label, everyone] of [
        ['a', 0],
        ['b', 2],
        ['c', 1],
        ['same', 3],
        ['newer', 4],
      ] as const) {
        await older(sessions.start, label, everyone)
      }
      await sessions.end(over.id, 'signed_out', T0)
      const watched = await watch(sessions.source)
      const ended: SessionRecord[] = []
      for (const expected of [2, 1]) {
        const { value, position } = await sessions.endOlder(3, 2, T0 + 9)
        assert.equal(value?.length, expected)
        ended.push(...(value ?? []))
        assert.ok((await watched.entries()).every(({ at }) => at <= position))
      }
      assert.deepEqual(
        ended.map(({ id }) => id).sort(),
        ['a', 'b', 'c'].map((label) => idOf(label)),
      )
      const entries = await watched.entries()
      for (const record of ended) {
        assert.deepEqual(await sessions.find(record.id), record)
        assert.equal(record.endedAt, T0 + 9)
        const [entry, ...further] = mentions(entries, record.id)
        assert.ok(entry?.change.kind === 'ended' && further.length === 0)
        assert.ok(record.endReason !== null && record.endReason === entry.change.reason)
      }
      for (const label of ['same', 'newer']) assert.equal((await sessions.find(idOf(label)))?.endedAt, null)
      assert.equal((await sessions.find(over.id))?.endReason, 'signed_out')
      await findsNothing(sessions.source, () => sessions.endOlder(3, 2, T0 + 10))
    })

    test('goes by the generation of now: a replacement may have raised it', async ({ sessions }) => {
      const record = await older(sessions.start, 'one', 1)
      const renewed = { digest: 'x', authenticatedAt: T0, amr: [], lastActiveAt: T0, longestIdle: 0, generation: 1 }
      await sessions.replace(record.id, record.digest, { ...renewed, everyone: 2 })
      await findsNothing(sessions.source, () => sessions.endOlder(2, 10, T0))
      assert.equal((await sessions.endOlder(3, 10, T0)).value?.length, 1)
    })
  })
}

async function older(
  start: (record: SessionRecord, limit: null, now: number) => Promise<unknown>,
  label: string,
  everyone: number,
) {
  const record = sampleSession(label, { everyone })
  await start(record, null, T0)
  return record
}
