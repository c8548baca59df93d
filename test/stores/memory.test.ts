import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StoreUnavailable } from '../../src/errors.ts'
import { sources } from '../../src/store.ts'
import { deadlines } from '../../src/stores/memory/deadlines.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { compare, type Key, timeline } from '../../src/stores/memory/timeline.ts'
import { sampleKey, sampleService } from '../../src/testing/samples.ts'
import { feedContract, idOf, sampleEvent, sampleSession, sampleUser, storeContract } from '../../src/testing.ts'

const api = { describe, it }

storeContract({
  name: 'memory',
  api,
  make: async () => {
    const store = memory()
    return { store, close: () => store.users.source.close() }
  },
})

feedContract({
  name: 'memory',
  api,
  make: async () => {
    const { users } = memory()
    const append = async () => (await users.endEveryone()).position
    return { feed: users.source.feed, append, close: () => users.source.close() }
  },
})

describe('memory()', () => {
  it('is one database: its ports share one source', () => {
    const store = memory()
    expect(sources(store).map(({ name }) => name)).toEqual(['memory'])
    expect(sources(memory())[0]).not.toBe(sources(store)[0])
  })

  it('comes back with all it held when it is opened again', async () => {
    const store = memory()
    const { source } = store.users
    await store.users.create(sampleUser('anna'), 'anna')
    await source.close()
    await source.close()
    await expect(store.users.find(idOf('anna'))).rejects.toBeInstanceOf(StoreUnavailable)
    await source.open()
    await source.open()
    expect((await store.users.find(idOf('anna'))).user).toEqual(sampleUser('anna'))
  })

  it('does its work when called, before anything is awaited', async () => {
    const { users, sessions } = memory()
    const created = users.create(sampleUser('anna'), 'anna')
    const found = users.find(idOf('anna'))
    const started = sessions.start(sampleSession('one'), null, 0)
    const ended = sessions.end(idOf('one'), 'signed_out', 0)
    expect((await found).user?.name).toBe('anna')
    expect((await ended).value?.endReason).toBe('signed_out')
    await Promise.all([created, started])
  })

  it('hands out nothing that can be changed', async () => {
    const { users, sessions, keys, services, audit } = memory()
    await users.create(sampleUser('anna', { fields: { deep: { list: [1] } } }), 'anna')
    await sessions.start(sampleSession('one', { fields: { deep: {} } }), null, 0)
    await sessions.setFields(idOf('one'), { deep: {} })
    await audit.append([sampleEvent('one')])
    await keys.add(sampleKey('a'), null)
    await services.add(sampleService('one'))
    const { user } = await users.find(idOf('anna'))
    const kept = [
      ...(await keys.list()),
      ...(await services.list()),
      await sessions.advance(idOf('one'), sampleSession('one').digest, 0, 1, 0),
    ]
    const session = await sessions.find(idOf('one'))
    const [event] = (await audit.list({}, null, 1)).items
    const parts = [
      user,
      user?.roles,
      user?.fields,
      user?.fields.deep,
      session,
      session?.amr,
      session?.device,
      session?.fields,
    ]
    for (const part of [...parts, ...kept, session?.fields.deep, event, event?.data])
      expect(Object.isFrozen(part)).toBe(true)
  })

  it('numbers its feed 1, 2, 3 from an origin of 0 and wakes within the same turn', async () => {
    const { users } = memory()
    const { feed } = users.source
    const { row, position } = await feed.register(null)
    expect(position).toEqual({ at: 0, id: '' })
    let woken = 0
    feed.onAppend(() => {
      woken += 1
    })
    void users.endEveryone()
    void users.endEveryone()
    expect(woken).toBe(0)
    await Promise.resolve()
    expect(woken).toBeGreaterThan(0)
    expect((await feed.read(row, position, 10)).entries.map(({ at }) => at)).toEqual([1, 2])
  })

  it('counts a place beyond its tail as acknowledged no further than the tail', async () => {
    const { feed } = memory().users.source
    const { row } = await feed.register({ at: 50, id: 'elsewhere' })
    expect(await feed.rows()).toEqual([{ id: row, acknowledged: 0, marked: false }])
    expect((await feed.read(row, { at: 50, id: 'elsewhere' }, 10)).lost).toBe(true)
  })

  it('sweeps and purges what is due without looking at what is not', () => {
    let looked = 0
    const live = deadlines((id) => {
      looked += 1
      return Number(id)
    })
    for (let i = 0; i < 10_000; i += 1) live.add(String(i))
    looked = 0
    expect(live.take(4, 100)).toEqual(['0', '1', '2', '3', '4'])
    expect(live.take(4, 100)).toEqual([])
    expect(looked).toBe(5)
  })
})

describe('deadlines', () => {
  it('agree with a plain search under any sequence of changes', () => {
    const id = fc.integer({ min: 0, max: 9 }).map(String)
    const moment = fc.integer({ min: 0, max: 50 })
    const step = fc.oneof(
      fc.record({ kind: fc.constant('set' as const), id, moment }),
      fc.record({ kind: fc.constant('drop' as const), id }),
      fc.record({ kind: fc.constant('take' as const), moment, limit: fc.integer({ min: 0, max: 4 }) }),
    )
    const agrees = fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const moments = new Map<string, number>()
      const heap = deadlines((one) => moments.get(one) ?? null)
      for (const change of steps) {
        if (change.kind === 'drop') moments.delete(change.id)
        if (change.kind === 'set') {
          const before = moments.get(change.id)
          moments.set(change.id, change.moment)
          if (before === undefined || change.moment < before) heap.add(change.id)
        }
        if (change.kind === 'take') {
          const due = [...moments.values()].filter((at) => at <= change.moment).sort((a, b) => a - b)
          const taken = heap.take(change.moment, change.limit)
          expect(taken.map((one) => moments.get(one))).toEqual(due.slice(0, change.limit))
          for (const one of taken) moments.delete(one)
        }
      }
    })
    fc.assert(agrees, { seed: 20_261, numRuns: 400 })
  })
})

describe('timeline', () => {
  it('walks what is there from any key, newest first, however things came and went', () => {
    const key = fc.record({ at: fc.integer({ min: 0, max: 5 }), id: fc.integer({ min: 0, max: 30 }).map(String) })
    const steps = fc.array(fc.record({ key, gone: fc.boolean() }), { maxLength: 200 })
    const agrees = fc.property(steps, key, (given, cursor) => {
      const there = new Map<string, Key>()
      const text = ({ at, id }: Key) => `${at} ${id}`
      const line = timeline((one) => there.has(text(one)))
      for (const { key: one, gone } of given) {
        if (!gone && !there.has(text(one))) {
          there.set(text(one), one)
          line.add(one)
        }
        if (gone && there.delete(text(one))) line.removed()
      }
      const newest = [...there.values()].sort((a, b) => compare(b, a))
      const walked = (from: Key | null) => [...line.newest(from)].filter((one) => there.has(text(one)))
      expect(walked(null)).toEqual(newest)
      expect(walked(cursor)).toEqual(newest.filter((one) => compare(one, cursor) < 0))
    })
    fc.assert(agrees, { seed: 20_262, numRuns: 300 })
  })
})
