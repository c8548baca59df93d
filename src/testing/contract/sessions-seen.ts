import assert from 'node:assert/strict'
import type { Activity, SessionRecord } from '../../session.ts'
import type { Sessions } from '../../store.ts'
import { idOf, sampleSession, T0 } from '../samples.ts'
import { type Cases, together, watch } from './harness.ts'

/** The cases of `Sessions.touch` with what was seen of the newest tokens. */
export function sessionSeenCases({ group, test, race }: Cases): void {
  group('sessions.touch: seen', () => {
    test('counts once, whatever time a later one says, and the feed has none of it', async ({ sessions }) => {
      const record = await begin(sessions, 'one')
      const watched = await watch(sessions.source)
      for (const at of [5, 9, 1, 5]) {
        await sessions.touch([seen(record, 0, at)])
        assert.deepEqual(await sessions.find(record.id), { ...record, seenAt: T0 + 5 })
      }
      for (const [at, lastActiveAt] of [
        [9, T0 + 20],
        [1, T0 + 30],
      ] as const) {
        await sessions.touch([{ ...seen(record, 0, at), lastActiveAt }])
        assert.deepEqual(await sessions.find(record.id), { ...record, lastActiveAt, seenAt: T0 + 5 })
      }
      assert.deepEqual(await watched.changes(), [])
    })

    test('counts for the newest counter only: one that is late for an older changes nothing', async ({ sessions }) => {
      const record = await begin(sessions, 'one')
      await sessions.touch([seen(record, 0, 5)])
      let advanced = await sessions.advance(record.id, record.digest, 0, 1, T0 + 10)
      for (const counter of [0, 2, -1]) {
        await sessions.touch([seen(record, counter, 20)])
        assert.deepEqual(await sessions.find(record.id), advanced, `seen under ${counter}`)
        const lastActiveAt = T0 + 30 + counter
        await sessions.touch([{ ...seen(record, counter, 20), lastActiveAt }])
        const found = await sessions.find(record.id)
        assert.equal(found?.seenAt, null, `seen under ${counter}, by a use that moves`)
        advanced = found
      }
      await sessions.touch([seen(record, 1, 30)])
      assert.deepEqual(await sessions.find(record.id), { ...advanced, seenAt: T0 + 30 })
      await sessions.touch([seen(record, 0, 40)])
      assert.deepEqual(await sessions.find(record.id), { ...advanced, seenAt: T0 + 30 })
    })

    test('counts though the activity moves nothing, and the activity counts though it does not', async ({
      sessions,
    }) => {
      const record = await begin(sessions, 'one', { lastActiveAt: T0 + 100, longestIdle: 7 })
      await sessions.touch([{ ...seen(record, 0, 5), lastActiveAt: T0 + 50, longestIdle: 3 }])
      assert.deepEqual(await sessions.find(record.id), { ...record, seenAt: T0 + 5 })
      await sessions.touch([{ ...seen(record, 3, 6), lastActiveAt: T0 + 200, longestIdle: 9 }])
      assert.deepEqual(await sessions.find(record.id), {
        ...record,
        lastActiveAt: T0 + 200,
        longestIdle: 9,
        seenAt: T0 + 5,
      })
    })

    test('a use without it says nothing about it', async ({ sessions }) => {
      const record = await begin(sessions, 'one')
      const { seen: _, ...plain } = seen(record, 0, 5)
      await sessions.touch([{ ...plain, lastActiveAt: T0 + 50 }])
      assert.deepEqual(await sessions.find(record.id), { ...record, lastActiveAt: T0 + 50 })
    })

    test('a use of before a re-authentication says nothing of the tokens since', async ({ sessions }) => {
      const record = await begin(sessions, 'one')
      const { digest, amr, generation, everyone } = record
      const proved = { authenticatedAt: T0 + 50, lastActiveAt: T0 + 50, longestIdle: 0 }
      const next = { digest: `${digest} next`, amr, generation, everyone, ...proved }
      const { value: renewed } = await sessions.replace(record.id, digest, next)
      await sessions.touch([seen(record, 0, 5)])
      assert.deepEqual(await sessions.find(record.id), renewed)
      await sessions.touch([{ ...seen(record, 0, 55), lastActiveAt: T0 + 55 }])
      assert.deepEqual(await sessions.find(record.id), { ...renewed, lastActiveAt: T0 + 55 })
      await sessions.touch([{ ...seen(record, 0, 60), ...proved }])
      assert.deepEqual(await sessions.find(record.id), { ...renewed, lastActiveAt: T0 + 55, seenAt: T0 + 60 })
    })

    test('passes over what has ended or does not exist, and takes any number at once', async ({ sessions }) => {
      const records = await together(300, (i) => begin(sessions, `session-${i}`, { userId: idOf(`user-${i % 7}`) }))
      const { value: ended } = await sessions.end(idOf('session-7'), 'signed_out', T0 + 1)
      await sessions.touch([
        ...records.map((record, i) => seen(record, 0, 100 + i)),
        seen(sampleSession('unknown'), 0, 100),
        ...records.map((record) => seen(record, 0, 50)),
      ])
      for (const [i, record] of records.entries()) {
        const expected = i === 7 ? ended : { ...record, seenAt: T0 + 100 + i }
        assert.deepEqual(await sessions.find(record.id), expected)
      }
      assert.equal(await sessions.find(idOf('unknown')), null)
    })

    race('of 50 at once the first stays, and nothing moves it', async (one, two) => {
      const record = await begin(one.sessions, 'one')
      await together(50, (i) => (i % 2 ? two : one).sessions.touch([seen(record, 0, i + 1)]))
      const found = await two.sessions.find(record.id)
      const at = (found?.seenAt ?? 0) - T0
      assert.ok(at >= 1 && at <= 50, `seen at ${at}`)
      await together(50, (i) => (i % 2 ? two : one).sessions.touch([seen(record, 0, i * 4 - 50)]))
      assert.deepEqual(await one.sessions.find(record.id), found)
    })

    race(
      'RT-01: an advance and what was seen of the counter before, at once: the new one is not seen',
      async (one, two) => {
        await together(40, async (n) => {
          const record = await begin(one.sessions, `session-${n}`)
          const touch = () => one.sessions.touch([seen(record, 0, 5)])
          const advance = () => two.sessions.advance(record.id, record.digest, 0, 1, T0 + 10)
          await Promise.all(n % 2 ? [touch(), advance()] : [advance(), touch()])
          assert.deepEqual(await two.sessions.find(record.id), { ...record, counter: 1, rotatedAt: T0 + 10 })
        })
      },
    )
  })
}

async function begin(sessions: Sessions, label: string, over: Partial<SessionRecord> = {}): Promise<SessionRecord> {
  const record = sampleSession(label, over)
  await sessions.start(record, null, T0)
  return record
}

/** A use that moves nothing else. */
function seen({ id, authenticatedAt }: SessionRecord, counter: number, at: number): Activity {
  return { id, authenticatedAt, lastActiveAt: T0, longestIdle: 0, seen: { counter, at: T0 + at } }
}
