import assert from 'node:assert/strict'
import type { SessionRecord } from '../../session.ts'
import type { Replacement, Sessions } from '../../store.ts'
import { HOUR, idOf, sampleSession, T0 } from '../samples.ts'
import { type Cases, together, watch } from './harness.ts'

const NEXT: Replacement = {
  digest: 'next',
  authenticatedAt: T0 + 50,
  amr: ['pwd'],
  lastActiveAt: T0 + 50,
  longestIdle: 0,
  generation: 1,
  everyone: 0,
}

/** The cases of `Sessions.advance`. */
export function sessionRotateCases({ group, test, race }: Cases): void {
  group('sessions.advance', () => {
    test('RT-01: moves the counter; the rotation is of now and not seen, all else stays, and the feed has none of it', async ({
      sessions,
    }) => {
      const record = sampleSession('one', { counter: 3, rotatedAt: T0 + 1, seenAt: T0 + 2, previousDigest: 'before' })
      await begin(sessions, record)
      await begin(sessions, sampleSession('two', { counter: 3 }))
      const watched = await watch(sessions.source)
      const expected = { ...record, counter: 4, rotatedAt: T0 + 99, seenAt: null }
      assert.deepEqual(await advance(sessions, record, 3, 4, T0 + 99), expected)
      assert.deepEqual(await sessions.find(record.id), expected)
      assert.deepEqual(await sessions.find(idOf('two')), sampleSession('two', { counter: 3 }))
      assert.deepEqual(await watched.changes(), [])
    })

    test('RT-01: a counter that was advanced from is spent', async ({ sessions }) => {
      const record = await begin(sessions, sampleSession('one'))
      for (let from = 0; from < 4; from += 1) {
        const advanced = await advance(sessions, record, from, from + 1, T0 + from)
        assert.equal(advanced?.counter, from + 1)
        for (let spent = 0; spent <= from; spent += 1) {
          assert.equal(await advance(sessions, record, spent, spent + 1, T0 + 90), null)
        }
        assert.deepEqual(await sessions.find(record.id), advanced)
      }
    })

    test('RT-04: to the same counter only takes down that its token was handed out again, and never back', async ({
      sessions,
    }) => {
      const record = await begin(sessions, sampleSession('one', { counter: 3, rotatedAt: T0 + 10, seenAt: T0 + 12 }))
      assert.deepEqual(await advance(sessions, record, 3, 3, T0 + 20), { ...record, rotatedAt: T0 + 20 })
      assert.deepEqual(await advance(sessions, record, 3, 3, T0 + 15), { ...record, rotatedAt: T0 + 20 })
      assert.equal(await advance(sessions, record, 2, 2, T0 + 30), null)
      assert.deepEqual(await sessions.find(record.id), { ...record, rotatedAt: T0 + 20 })
    })

    test('does nothing unless both counter and digest are still what is stored', async ({ sessions }) => {
      const record = await begin(sessions, sampleSession('one', { counter: 5, previousDigest: 'before' }))
      for (const from of [4, 6, 0, -5]) assert.equal(await advance(sessions, record, from, 6, T0 + 9), null)
      for (const digest of ['other', 'before', '']) {
        assert.equal(await sessions.advance(record.id, digest, 5, 6, T0 + 9), null)
      }
      assert.equal(await sessions.advance(idOf('unknown'), record.digest, 5, 6, T0 + 9), null)
      assert.deepEqual(await sessions.find(record.id), record)
      assert.equal(await sessions.find(idOf('unknown')), null)
    })

    test('moves on by as much as asked, for a store that has lost writes', async ({ sessions }) => {
      const record = await begin(sessions, sampleSession('one', { counter: 2 }))
      const expected = { ...record, counter: 40, rotatedAt: T0 + 9 }
      assert.deepEqual(await advance(sessions, record, 2, 40, T0 + 9), expected)
      assert.deepEqual(await sessions.find(record.id), expected)
    })

    test('RT-01: a replacement begins anew: what the counter was before opens nothing under the new digest', async ({
      sessions,
    }) => {
      const record = await begin(sessions, sampleSession('one', { counter: 5 }))
      await sessions.replace(record.id, record.digest, NEXT)
      assert.equal(await advance(sessions, record, 5, 6, T0 + 60), null)
      assert.equal(await advance(sessions, record, 0, 1, T0 + 60), null)
      assert.equal(await sessions.advance(record.id, NEXT.digest, 5, 6, T0 + 60), null)
      assert.equal((await sessions.advance(record.id, NEXT.digest, 0, 1, T0 + 60))?.counter, 1)
    })

    test('RT-07: of a refresh nothing is kept but three numbers', async ({ sessions }) => {
      const record = await begin(sessions, sampleSession('one'))
      await advance(sessions, record, 0, 1, T0 + 9)
      const { id, authenticatedAt } = record
      await sessions.touch([
        { id, authenticatedAt, lastActiveAt: T0, longestIdle: 0, seen: { counter: 1, at: T0 + 10 } },
      ])
      const { counter, rotatedAt, seenAt, ...others } = (await sessions.find(record.id)) as SessionRecord
      assert.deepEqual([counter, rotatedAt, seenAt], [1, T0 + 9, T0 + 10])
      const { counter: _, rotatedAt: __, seenAt: ___, ...before } = record
      assert.deepEqual(others, before)
    })

    race('RT-03: of 50 advancing one counter at once, one does', async (one, two) => {
      const record = await begin(one.sessions, sampleSession('one'))
      for (const from of [0, 1, 2]) {
        const advanced = await together(50, (i) =>
          advance((i % 2 ? two : one).sessions, record, from, from + 1, T0 + from * 100 + i),
        )
        const [made, ...further] = advanced.flatMap((found) => found ?? [])
        assert.ok(made && further.length === 0)
        const rotatedAt = T0 + from * 100 + advanced.indexOf(made)
        assert.deepEqual(made, { ...record, counter: from + 1, rotatedAt })
        assert.deepEqual(await two.sessions.find(record.id), made)
      }
    })

    race(
      'RT-03: those that look again after they lost make one line, without a gap and without a fork',
      async (one, two) => {
        const record = await begin(one.sessions, sampleSession('one'))
        const made = await together(20, async (i) => {
          const { sessions } = i % 2 ? two : one
          for (;;) {
            const from = (await sessions.find(record.id))?.counter ?? Number.NaN
            const advanced = await advance(sessions, record, from, from + 1, T0 + i)
            if (advanced) return advanced.counter
          }
        })
        assert.deepEqual(
          made.sort((a, b) => a - b),
          Array.from({ length: 20 }, (_, i) => i + 1),
        )
        assert.equal((await one.sessions.find(record.id))?.counter, 20)
      },
    )

    race('RT-03: an advance and a replacement at once: the rotation has begun anew', async (one, two) => {
      await together(30, async (n) => {
        const record = await begin(one.sessions, sampleSession(`session-${n}`, { counter: 5, seenAt: T0 }))
        const replace = () => one.sessions.replace(record.id, record.digest, NEXT)
        const next = () => advance(two.sessions, record, 5, 6, T0 + 60)
        await Promise.all(n % 2 ? [replace(), next()] : [next(), replace()])
        const { digest, counter, rotatedAt, seenAt } = (await two.sessions.find(record.id)) as SessionRecord
        assert.deepEqual([digest, counter, rotatedAt, seenAt], [NEXT.digest, 0, NEXT.authenticatedAt, null])
      })
    })
  })

  group('sessions.advance: an ended one stays ended', () => {
    test('P7: an ended session never advances, however it ended', async ({ sessions }) => {
      const endings: Readonly<Record<string, (record: SessionRecord) => Promise<unknown>>> = {
        end: ({ id }) => sessions.end(id, 'token_reused', T0 + 9),
        endOf: ({ userId }) => sessions.endOf(userId, 'user_locked', T0 + 9, null),
        endDue: () => sessions.endDue(T0 + HOUR, 100, T0 + HOUR),
        endOlder: () => sessions.endOlder(1, 100, T0 + 9),
        evicted: ({ userId }) =>
          sessions.start(sampleSession('newer', { userId }), { max: 1, whenFull: 'end-oldest' }, T0 + 9),
      }
      for (const [label, end] of Object.entries(endings)) {
        const record = await begin(sessions, sampleSession(label, { userId: idOf(`user of ${label}`) }))
        await end(record)
        const ended = await sessions.find(record.id)
        assert.notEqual(ended?.endedAt ?? null, null, label)
        assert.equal(await advance(sessions, record, 0, 1, T0 + 10), null, label)
        assert.deepEqual(await sessions.find(record.id), ended, label)
      }
    })

    race(
      'P7 RT-11: an advance and an ending at once leave one state: over, with the counter that was answered',
      async (one, two) => {
        await together(40, async (n) => {
          const record = await begin(one.sessions, sampleSession(`session-${n}`))
          const end = () => one.sessions.end(record.id, 'signed_out', T0 + 30)
          const next = () => advance(two.sessions, record, 0, 1, T0 + 20)
          const [ended, advanced] =
            n % 2 ? await Promise.all([end(), next()]) : (await Promise.all([next(), end()])).reverse()
          const found = await two.sessions.find(record.id)
          assert.deepEqual([found?.endedAt, found?.counter], [T0 + 30, advanced ? 1 : 0])
          assert.deepEqual((ended as { value: unknown }).value, found)
          assert.equal(await advance(two.sessions, record, found?.counter ?? 0, 2, T0 + 40), null)
        })
      },
    )

    test('RT-11: how far the tokens had come is kept as long as the ended session is, and forgotten with it', async ({
      sessions,
    }) => {
      const record = await begin(sessions, sampleSession('one'))
      await advance(sessions, record, 0, 1, T0 + 1)
      await sessions.end(record.id, 'signed_out', T0 + 2)
      assert.equal((await sessions.find(record.id))?.counter, 1)
      assert.equal(await sessions.purge(T0 + 3, 10), 1)
      assert.equal(await advance(sessions, record, 1, 2, T0 + 4), null)
      assert.equal(await sessions.find(record.id), null)
    })
  })
}

async function begin(sessions: Sessions, record: SessionRecord): Promise<SessionRecord> {
  await sessions.start(record, null, T0)
  return record
}

function advance(sessions: Sessions, { id, digest }: SessionRecord, from: number, to: number, now: number) {
  return sessions.advance(id, digest, from, to, now)
}
