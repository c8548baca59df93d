import assert from 'node:assert/strict'
import type { SessionRecord } from '../../session.ts'
import type { SessionLimit, Sessions, Store } from '../../store.ts'
import type { UserId } from '../../user.ts'
import { HOUR, idOf, MINUTE, sampleSession, T0, TRICKY_FIELDS } from '../samples.ts'
import { alongside, type Cases, mentions, tailsOf, together, watch } from './harness.ts'
import { letter } from './users-list.ts'

const OWNER: UserId = idOf('owner')
const EVICT: SessionLimit = { max: 3, whenFull: 'end-oldest' }
const REFUSE: SessionLimit = { max: 3, whenFull: 'refuse' }

/** The cases of `Sessions.start` and `Sessions.find`. */
export function sessionStartCases({ group, test, race }: Cases): void {
  group('sessions.start, find', () => {
    test('a session is found exactly as started', async ({ sessions }) => {
      const record = sampleSession('one', {
        amr: ['pwd', 'otp'],
        remember: true,
        device: { browser: "Brow'ser %", os: 'Ünix 🦊', type: '' },
        ip: '2001:db8::1',
        fields: TRICKY_FIELDS,
        previousDigest: 'before',
        longestIdle: 7,
        strategy: 'jwt',
        digest: '',
        counter: 3,
        rotatedAt: T0 + 1,
        seenAt: T0 + 2,
      })
      const tails = await tailsOf(sessions.source)
      const started = await sessions.start(record, null, T0)
      assert.ok(started.started && started.evicted.length === 0)
      assert.ok(started.position >= (tails[started.part ?? 0] ?? 0))
      assert.deepEqual(await sessions.find(record.id), record)
      assert.equal(await sessions.find(idOf('unknown')), null)
    })

    test('an id that exists, live or ended, makes it throw, and nothing is changed', async ({ sessions }) => {
      const [live, over] = [sampleSession('live'), sampleSession('over')]
      await sessions.start(live, null, T0)
      await sessions.start(over, null, T0)
      const { value: ended } = await sessions.end(over.id, 'signed_out', T0 + 1)
      const watched = await watch(sessions.source)
      const tight: SessionLimit = { max: 1, whenFull: 'end-oldest' }
      for (const { id } of [live, over]) {
        await assert.rejects(sessions.start(sampleSession('x', { id, userId: idOf('thief') }), null, T0 + 2))
        await assert.rejects(sessions.start(sampleSession('x', { id }), tight, T0 + 2))
      }
      assert.deepEqual(await sessions.find(live.id), live)
      assert.deepEqual(await sessions.find(over.id), ended)
      assert.deepEqual(await watched.changes(), [])
    })

    race('of 50 starting one id at once, one does', async (one, two) => {
      const starts = await Promise.allSettled(
        Array.from({ length: 50 }, (_, i) =>
          (i % 2 ? two : one).sessions.start(sampleSession('same', { userId: idOf(`user-${i}`) }), null, T0),
        ),
      )
      const won = starts.flatMap(({ status }, i) => (status === 'fulfilled' ? [i] : []))
      assert.equal(won.length, 1)
      assert.equal((await two.sessions.find(idOf('same')))?.userId, idOf(`user-${won[0]}`))
      assert.equal((await one.sessions.list({}, null, 100, T0)).items.length, 1)
    })
  })

  group('sessions.start with a limit', () => {
    test('when full, the oldest by time and then by id ends as evicted', async ({ sessions }) => {
      await start(sessions, 'b', { createdAt: T0 + 1 })
      await start(sessions, 'c', { createdAt: T0 + 2 })
      await start(sessions, 'a', { createdAt: T0 + 1 })
      const watched = await watch(sessions.source)
      const started = await sessions.start(sampleSession('d', { createdAt: T0 + 3 }), EVICT, T0 + 3)
      assert.ok(started.started)
      const a = sampleSession('a', { createdAt: T0 + 1, endedAt: T0 + 3, endReason: 'session_evicted' })
      assert.deepEqual(started.evicted, [a])
      assert.deepEqual(await sessions.find(a.id), a)
      assert.deepEqual(await open(sessions), ['d', 'c', 'b'])
      const entries = await watched.entries()
      const [entry] = mentions(entries, a.id)
      assert.deepEqual(entry?.change, { kind: 'ended', sessions: [a.id], reason: 'session_evicted', at: T0 + 3 })
      assert.ok(entry.at <= started.position, 'the eviction is at or before the position')
    })

    test('as many end as have to, when the limit was lowered', async ({ sessions }) => {
      for (const i of [0, 1, 2, 3, 4]) await start(sessions, letter(i), { createdAt: T0 + i })
      const limit: SessionLimit = { max: 2, whenFull: 'end-oldest' }
      const started = await sessions.start(sampleSession('new', { createdAt: T0 + 9 }), limit, T0 + 9)
      assert.ok(started.started)
      assert.deepEqual(
        started.evicted.map(({ id }) => id).sort(),
        [0, 1, 2, 3].map((i) => idOf(letter(i))),
      )
      assert.deepEqual(await open(sessions), ['new', letter(4)])
    })

    test('when full and refusing, nothing is changed', async ({ sessions }) => {
      for (const i of [0, 1, 2]) await start(sessions, letter(i))
      const watched = await watch(sessions.source)
      assert.deepEqual(await sessions.start(sampleSession('new'), REFUSE, T0), { started: false })
      assert.equal(await sessions.find(idOf('new')), null)
      assert.equal((await open(sessions)).length, 3)
      assert.deepEqual(await watched.changes(), [])
      await sessions.end(idOf(letter(1)), 'signed_out', T0)
      assert.equal((await sessions.start(sampleSession('new'), REFUSE, T0)).started, true)
    })

    test('only live ones count: not ended, of the same generations, not due, and of the same user', async ({
      sessions,
    }) => {
      const now = T0 + HOUR
      const fresh = { lastActiveAt: now, expiresAt: now + 1, everyone: 5 }
      await start(sessions, 'other-user', { ...fresh, userId: idOf('other') })
      await start(sessions, 'old-generation', { ...fresh, generation: 0 })
      await start(sessions, 'new-generation', { ...fresh, generation: 2 })
      await start(sessions, 'old-everyone', { ...fresh, everyone: 4 })
      await start(sessions, 'idle-due', { ...fresh, expiresAt: now + HOUR, lastActiveAt: now - 30 * MINUTE })
      await start(sessions, 'absolute-due', { ...fresh, expiresAt: now })
      await start(sessions, 'ended', fresh)
      await sessions.end(idOf('ended'), 'signed_out', now)
      await start(sessions, 'live-1', fresh)
      const one = sampleSession('one', fresh)
      const started = await sessions.start(one, { max: 2, whenFull: 'refuse' }, now)
      assert.deepEqual(started.started && started.evicted, [])
      const idle = { ...fresh, lastActiveAt: now - 30 * MINUTE + 1 }
      await sessions.end(one.id, 'signed_out', now)
      await start(sessions, 'not-yet-due', idle)
      const two = sampleSession('two', fresh)
      assert.equal((await sessions.start(two, { max: 2, whenFull: 'refuse' }, now)).started, false)
    })

    race('20 starting at once under a limit of 3: three stay, each other one is evicted once', async (one, two) => {
      for (const step of [0, 1]) {
        const owner: UserId = idOf(`owner-${step}`)
        const watched = await watch(one.sessions.source)
        const { results, most } = await startMany(one, two, owner, step, EVICT)
        assert.ok(most <= 3, `${most} were live at the same time`)
        assert.ok(results.every(({ started }) => started))
        const evicted = results.flatMap((result) => (result.started ? result.evicted : []))
        assert.equal(new Set(evicted.map(({ id }) => id)).size, 17)
        assert.equal(evicted.length, 17)
        const entries = await watched.entries()
        for (const result of results) {
          if (!result.started) continue
          for (const { id, endReason } of result.evicted) {
            assert.equal(endReason, 'session_evicted')
            assert.equal((await two.sessions.find(id))?.endReason, 'session_evicted')
            const found = mentions(entries, id)
            assert.equal(found.length, 1, 'the feed has every evicted one once')
            assert.ok(found.every(({ at }) => at <= result.position))
          }
        }
        assert.equal((await two.sessions.ofUser(owner, 'active', 100)).length, 3)
        assert.equal((await two.sessions.ofUser(owner, 'ended', 100)).length, 17)
      }
    })

    race('20 starting at once under a limit of 3 that refuses: exactly three start', async (one, two) => {
      const { results, most } = await startMany(one, two, OWNER, 1, REFUSE)
      assert.ok(most <= 3, `${most} were live at the same time`)
      assert.equal(results.filter(({ started }) => started).length, 3)
      assert.equal((await two.sessions.list({}, null, 100, T0)).items.length, 3)
    })
  })
}

async function start(sessions: Sessions, label: string, over: Partial<SessionRecord> = {}) {
  assert.equal((await sessions.start(sampleSession(label, over), null, over.createdAt ?? T0)).started, true)
}

/** Labels of the owner's open sessions, newest first. */
async function open(sessions: Sessions): Promise<readonly string[]> {
  return (await sessions.ofUser(OWNER, 'active', 100)).map(({ id }) => id.replace(/-+$/, ''))
}

/** 20 starts at once, and how many were seen to be live at the most while they ran. */
async function startMany(one: Store, two: Store, userId: UserId, step: number, limit: SessionLimit) {
  let most = 0
  const look = async () => {
    most = Math.max(most, (await two.sessions.ofUser(userId, 'active', 100)).length)
  }
  const results = await alongside(look, () =>
    together(20, (i) => {
      const record = sampleSession(`${userId.slice(0, 8)}-${letter(i)}`, { userId, createdAt: T0 + i * step })
      return (i % 2 ? two : one).sessions.start(record, limit, T0 + 100)
    }),
  )
  return { results, most }
}
