import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { macKey } from '../../src/crypto.ts'
import { StoreUnavailable } from '../../src/errors.ts'
import { recorder } from '../../src/flows/recorder.ts'
import { inBackground } from '../../src/stores/sql/sqlite/background.ts'
import { sqliteStore } from '../../src/stores/sql/sqlite/store.ts'
import { type BackgroundVerb, sqliteThread } from '../../src/stores/sql/sqlite/thread.ts'
import { sampleSession, sampleUser, T0 } from '../../src/testing/samples.ts'
import { emailKey } from '../../src/user.ts'
import { sourceOf } from './source-of.ts'
import { later, newFile } from './sqlite-fixture.ts'

const SILENT = { error() {}, warn() {}, info() {}, debug() {} }

/** A store with a thread that is running, and the verbs that were called in it. */
async function threaded(file = newFile()) {
  const thread = sqliteThread(file, 5000)
  const called: BackgroundVerb[] = []
  const watched: typeof thread = {
    ...thread,
    call(verb, given) {
      called.push(verb)
      return thread.call(verb, given)
    },
  }
  const store = inBackground(sqliteStore(file, 5000), watched, file)
  await sourceOf(store).open()
  later(() => sourceOf(store).close())
  return { store, thread, called }
}

describe('what a SQLite store does in a second thread', () => {
  it('does everything in place until the first sweep, as in the life of a command', async () => {
    const { store, thread, called } = await threaded()
    await store.sessions.touch([])
    await store.tickets.purge(T0, 20)
    expect(thread.running()).toBe(false)
    expect(called).toEqual([])
  })

  it('sweeps, touches and appends there, and what it answered is true here', async () => {
    const { store, called } = await threaded()
    const user = sampleUser('owner')
    await store.users.create(user, emailKey(user.email))
    const due = sampleSession('due', { userId: user.id, expiresAt: T0 + 10 })
    const live = sampleSession('live', { userId: user.id })
    for (const record of [due, live]) await store.sessions.start(record, null, T0)

    const swept = await store.sessions.endDue(T0 + 20, 20, T0 + 20)
    expect(swept.value?.map(({ id }) => id)).toEqual([due.id])
    expect(await store.sessions.find(due.id)).toMatchObject({ endReason: 'session_expired_absolute' })
    expect(swept.position).toBe(await sourceOf(store).feed.tail())

    const { id, authenticatedAt } = live
    const seen = { counter: 0, at: T0 + 20 }
    await store.sessions.touch([{ id, authenticatedAt, lastActiveAt: T0 + 30, longestIdle: 30, seen }])
    const moved = { lastActiveAt: T0 + 30, longestIdle: 30, seenAt: T0 + 20 }
    expect(await store.sessions.find(id)).toMatchObject(moved)
    expect(await store.sessions.purge(T0 + 30, 20)).toBe(1)
    expect(called).toEqual(['sessions.endDue', 'sessions.touch', 'sessions.purge'])
  })

  it('appends what happens within 50 ms in one go, the first at once and all of it in order', async () => {
    const { store, called } = await threaded()
    await store.sessions.endDue(T0, 20, T0)
    const collected = recorder(store.audit, systemClock, macKey('test', 'audit'), SILENT, null)
    const record = (n: number) => collected.record({ type: 'user.created', subject: `user-${n}` }, {}, T0 + n)
    const begun = performance.now()
    for (let n = 0; n < 30; n += 1) {
      record(n)
      await setTimeout(1)
    }
    await collected.flush()
    const appends = called.filter((verb) => verb === 'audit.append').length
    expect(appends).toBeLessThanOrEqual(2 + (performance.now() - begun) / 50)
    const { items } = await store.audit.list({}, null, 50)
    expect(items.map(({ subject }) => subject)).toEqual(Array.from({ length: 30 }, (_, n) => `user-${29 - n}`))
  })

  it('closes after what was called is answered', async () => {
    const { store, thread } = await threaded()
    await store.sessions.endDue(T0, 20, T0)
    const called = Array.from({ length: 50 }, () => store.sessions.endDue(T0, 20, T0))
    await sourceOf(store).close()
    await expect(Promise.all(called)).resolves.toHaveLength(50)
    expect(thread.running()).toBe(false)
  })

  it('P3: a file it cannot open is a store that does not answer', async () => {
    const bare = sqliteThread(`${newFile()}/nowhere`, 50)
    bare.start()
    await expect(bare.call('sessions.endDue', [T0, 20, T0])).rejects.toThrow('nowhere')
    await bare.stop()
    await expect(bare.call('sessions.endDue', [T0, 20, T0])).rejects.toBeInstanceOf(StoreUnavailable)
  })
})
