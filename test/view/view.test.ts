import { describe, expect, it } from 'vitest'
import { StoreUnavailable } from '../../src/errors.ts'
import type { SessionRecord } from '../../src/session.ts'
import type { Store } from '../../src/store.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { type ManualClock, manualClock } from '../../src/testing/clock.ts'
import { sampleSession, sampleUser } from '../../src/testing/samples.ts'
import { type Known, view } from '../../src/view/view.ts'

const user = sampleUser('owner')
const record = sampleSession('one')

function node(store: Store, clock: ManualClock, sessions = 100) {
  const faults: string[] = []
  const states: string[] = []
  const made = view({
    store,
    clock,
    sessions,
    touchStep: () => 60_000,
    onFault: (_, doing) => faults.push(doing),
    onState: (state) => states.push(state),
  })
  return { ...made, faults, states }
}

async function house(distort: (store: Store) => Partial<Store> = () => ({})) {
  const real = memory()
  const clock = manualClock()
  await real.users.create(user, user.email)
  await real.sessions.start(record, null, clock.now())
  let reads = 0
  const counted: Store = {
    ...real,
    sessions: {
      ...real.sessions,
      find: (id) => {
        reads += 1
        return real.sessions.find(id)
      },
    },
  }
  const store = { ...counted, ...distort(counted) }
  return { real, store, clock, reads: () => reads }
}

/** Alive as far as the view knows. */
const alive = (known: Known | null) => known !== null && known.session.endedAt === null && known.user !== null

describe('the leased view', () => {
  it('P2: asks the store once, then decides synchronously and without I/O', async () => {
    const { store, clock, reads } = await house()
    const one = node(store, clock)
    await one.start()
    expect(await one.decide(record.id, alive)).toBe(true)
    for (let i = 0; i < 100; i++) expect(one.decide(record.id, alive)).toBe(true)
    expect(reads()).toBe(1)
  })

  it('P1: an ending that has settled is refused by another node that had the session in memory', async () => {
    const { store, clock, real } = await house()
    const [one, two] = [node(store, clock), node(store, clock)]
    await Promise.all([one.start(), two.start()])
    expect(await two.decide(record.id, alive)).toBe(true)
    const { position } = await real.sessions.end(record.id, 'signed_out', clock.now())
    const settled = one.settle({ source: real.sessions.source, position })
    await clock.advance(50)
    await settled
    expect(two.decide(record.id, (known) => known?.session.endReason)).toBe('signed_out')
  })

  it('P1: a node that hears nothing makes the ending wait until its lease is over, and then asks the store', async () => {
    const { store, clock, real } = await house()
    const deaf = { ...real.sessions.source.feed }
    const one = node(store, clock)
    const silent = { ...store.sessions.source, feed: { ...deaf, read: deaf.read, onAppend: () => () => {} } }
    const withSilence = <P extends object>(port: P): P => ({ ...port, source: silent })
    const two = node(
      {
        ...store,
        users: withSilence(store.users),
        sessions: withSilence(store.sessions),
        denials: withSilence(store.denials),
      },
      clock,
    )
    await Promise.all([one.start(), two.start()])
    expect(await two.decide(record.id, alive)).toBe(true)
    // From now on two cannot read its feed at all.
    silent.feed.read = () => Promise.reject(new StoreUnavailable('cut off'))
    const { position } = await real.sessions.end(record.id, 'signed_out', clock.now())
    let settled = false
    const settling = one.settle({ source: real.sessions.source, position }).then(() => {
      settled = true
    })
    while (!settled) {
      await clock.advance(10)
      // While the ending has not returned, two may still decide alone; once it has, never.
      if (settled) expect(two.leased()).toBe(false)
    }
    await settling
    expect(await two.decide(record.id, alive)).toBe(false)
  })

  it('P1: a read that an ending overtook is not decided on and not kept', async () => {
    let overtake = async () => {}
    const { store, clock, real } = await house((counted) => ({
      sessions: {
        ...counted.sessions,
        async find(id) {
          const old = await counted.sessions.find(id)
          await overtake()
          return old
        },
      },
    }))
    const one = node(store, clock)
    await one.start()
    overtake = async () => {
      overtake = async () => {}
      const { position } = await real.sessions.end(record.id, 'session_revoked', clock.now())
      await one.settle({ source: real.sessions.source, position })
    }
    expect(await one.decide(record.id, alive)).toBe(false)
    expect(one.decide(record.id, alive)).toBe(false)
  })

  it('drops a user when they change, and knows the new roles at the next question', async () => {
    const { store, clock, real } = await house()
    const one = node(store, clock)
    await one.start()
    await one.decide(record.id, alive)
    const { position } = await real.users.setRoles(user.id, ['admin'])
    await one.settle({ source: real.users.source, position })
    expect(await one.decide(record.id, (known) => known?.user?.roles)).toEqual(['admin'])
  })

  it('P3: without a lease it asks the store for every question', async () => {
    const { store, clock, reads } = await house()
    const one = node(store, clock)
    await one.start()
    await one.decide(record.id, alive)
    clock.suspend(60_000)
    const before = reads()
    expect(await one.decide(record.id, alive)).toBe(true)
    expect(await one.decide(record.id, alive)).toBe(true)
    expect(reads()).toBe(before + 2)
    expect(one.states).toEqual(['leased', 'lookup'])
  })

  it('P3: a store that cannot answer lets nobody in', async () => {
    let down = false
    const { store, clock } = await house((counted) => ({
      sessions: {
        ...counted.sessions,
        find: (id) => (down ? Promise.reject(new StoreUnavailable('down')) : counted.sessions.find(id)),
      },
    }))
    const one = node(store, clock)
    await one.start()
    down = true
    await expect(async () => one.decide(record.id, alive)).rejects.toThrow(StoreUnavailable)
  })

  it('P3: a store that hangs is no answer: the question is refused in bounded time', async () => {
    const { store, clock } = await house((counted) => ({
      sessions: { ...counted.sessions, find: () => new Promise<SessionRecord | null>(() => {}) },
    }))
    const one = node(store, clock)
    await one.start()
    const asking = Promise.resolve(one.decide(record.id, alive)).catch((error: unknown) => error)
    await clock.advance(5000)
    expect(await asking).toBeInstanceOf(StoreUnavailable)
  })

  it('P3: look-ups are bounded: one too many is refused, not queued', async () => {
    const { store, clock } = await house((counted) => ({
      sessions: { ...counted.sessions, find: () => new Promise<SessionRecord | null>(() => {}) },
    }))
    const one = node(store, clock)
    await one.start()
    for (let i = 0; i < 1000; i++) Promise.resolve(one.decide(record.id, alive)).catch(() => {})
    await expect(async () => one.decide(record.id, alive)).rejects.toThrow(StoreUnavailable)
  })

  it('keeps a bounded number of sessions, the most recently used ones', async () => {
    const { store, clock, real, reads } = await house()
    for (const label of ['two', 'three']) await real.sessions.start(sampleSession(label), null, clock.now())
    const one = node(store, clock, 2)
    await one.start()
    const [first, second, third] = ['one', 'two', 'three'].map((label) => sampleSession(label).id) as [
      typeof record.id,
      typeof record.id,
      typeof record.id,
    ]
    await one.decide(first, alive)
    await one.decide(second, alive)
    await one.decide(first, alive)
    await one.decide(third, alive)
    expect(one.metrics().cachedSessions).toBe(2)
    const before = reads()
    expect(one.decide(first, alive)).toBe(true)
    expect(one.decide(third, alive)).toBe(true)
    expect(reads()).toBe(before)
    await one.decide(second, alive)
    expect(reads()).toBe(before + 1)
  })

  it('retires the rows that dead nodes left, so that they hold up no more than one lease of endings', async () => {
    const { store, clock, real } = await house()
    await real.users.source.feed.register(null)
    const one = node(store, clock)
    await one.start()
    await clock.advance(3030)
    expect(await real.users.source.feed.rows()).toHaveLength(1)
  })

  it('writes buffered activity when it stops', async () => {
    const { store, clock, real } = await house()
    const one = node(store, clock)
    await one.start()
    await one.decide(record.id, (known) => known && one.use(known.use, clock.now() + 5000))
    await one.stop()
    expect((await real.sessions.find(record.id))?.lastActiveAt).toBe(clock.now() + 5000)
    expect(await real.users.source.feed.rows()).toEqual([])
  })
})
