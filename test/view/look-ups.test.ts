import { expect, it } from 'vitest'
import { StoreUnavailable } from '../../src/errors.ts'
import type { Change } from '../../src/feed.ts'
import type { Session } from '../../src/session.ts'
import type { Store } from '../../src/store.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { manualClock } from '../../src/testing/clock.ts'
import { sampleSession, sampleUser } from '../../src/testing/samples.ts'
import { LEASE_MS } from '../../src/view/lease.ts'
import { type Known, view } from '../../src/view/view.ts'

const user = sampleUser('owner')
const record = sampleSession('one')

const alive = (known: Known | null) => known !== null && known.session.endedAt === null

/** A node that asks, and a store whose answers about sessions can be held back. */
async function asking() {
  const real = memory()
  const clock = manualClock()
  await real.users.create(user, user.email)
  await real.sessions.start(record, null, clock.now())
  let gate: Promise<void> | null = null
  let happen = () => {}
  let reads = 0
  const keys = { loaded: true, loads: 0 }
  const store: Store = {
    ...real,
    sessions: {
      ...real.sessions,
      async find(id) {
        reads += 1
        const found = await real.sessions.find(id)
        await gate
        happen()
        return found
      },
    },
  }
  const node = view({
    store,
    clock,
    sessions: 10,
    touchStep: () => 60_000,
    keys: {
      source: real.keys.source,
      apply: (_: Change) => {},
      reset: () => {},
      loaded: () => keys.loaded,
      async load() {
        keys.loads += 1
        keys.loaded = true
      },
    },
    onFault: () => {},
    onState: () => {},
  })
  const hold = () => {
    let open = () => {}
    gate = new Promise((resolve) => {
      open = () => {
        gate = null
        resolve()
      }
    })
    return () => open()
  }
  const meanwhile = (what: () => void) => {
    happen = what
  }
  return { real, clock, node, hold, meanwhile, keys, reads: () => reads }
}

it('P1: what the store said before the machine slept is not decided by', async () => {
  const { real, clock, node, hold, reads } = await asking()
  const open = hold()
  const answer = node.decide(record.id, alive)
  await clock.advance(1)
  await real.sessions.end(record.id, 'signed_out', clock.now())
  clock.suspend(LEASE_MS)
  open()
  expect(await answer).toBe(false)
  expect(reads()).toBe(2)
})

it('P1: what the store said within a lease is', async () => {
  const { clock, node, hold, reads } = await asking()
  const open = hold()
  const answer = node.decide(record.id, alive)
  await clock.advance(LEASE_MS - 1)
  open()
  expect(await answer).toBe(true)
  expect(reads()).toBe(1)
})

it('P3: a store that is always too late is no answer', async () => {
  const { clock, node, meanwhile } = await asking()
  meanwhile(() => clock.suspend(LEASE_MS))
  await expect(async () => node.decide(record.id, alive)).rejects.toThrow(StoreUnavailable)
  meanwhile(() => clock.suspend(LEASE_MS - 1))
  expect(await node.decide(record.id, alive)).toBe(true)
})

it('KM-02: for a signed token the keys are asked for with the session, unless they are known', async () => {
  const { clock, node, keys } = await asking()
  await node.decide(record.id, alive, true)
  expect(keys.loads).toBe(1)
  await node.start()
  await node.decide(record.id, alive, true)
  expect(keys.loads).toBe(1)
  clock.suspend(LEASE_MS)
  await node.decide(record.id, alive)
  expect(keys.loads).toBe(1)
  await node.decide(record.id, alive, true)
  expect(keys.loads).toBe(2)
})

it('KM-02: so they are where the lease ends while the session is asked for', async () => {
  const { real, clock, node, hold, keys } = await asking()
  await node.start()
  real.users.source.feed.read = () => Promise.reject(new StoreUnavailable('cut off'))
  await clock.advance(LEASE_MS / 2)
  const open = hold()
  const answer = node.decide(record.id, alive, true)
  await clock.advance(LEASE_MS / 2)
  expect(keys.loads).toBe(0)
  open()
  expect(await answer).toBe(true)
  expect(keys.loads).toBe(1)
})

it('KM-02, P3: with a lease the keys are asked for as long as they have not been read', async () => {
  const { node, keys } = await asking()
  await node.start()
  await node.decide(record.id, alive)
  keys.loaded = false
  const judged = node.decide(record.id, () => keys.loaded, true)
  expect(judged).toBeInstanceOf(Promise)
  expect(await judged).toBe(true)
  expect(node.decide(record.id, alive, true)).toBe(true)
})

it('P3: so they are for one that has no record', async () => {
  const { node, keys } = await asking()
  await node.start()
  const alone: Session = { ...record }
  await node.decide(alone, alive, true)
  keys.loaded = false
  expect(await node.decide(alone, () => keys.loaded, true)).toBe(true)
})

it.each([
  ['with a record', record.id],
  ['without', { ...record }],
] as const)('P3: data that is lost while the store is asked is noticed, of a session %s', async (_, subject) => {
  const { real, node, meanwhile, hold, clock } = await asking()
  const epochs: string[] = []
  let epoch = 'before'
  const { feed } = real.users.source
  feed.epoch = async () => {
    epochs.push(epoch)
    return epoch
  }
  const lose = () => {
    epoch = 'after'
  }
  const { find } = real.users
  real.users.find = async (id) => {
    lose()
    return find(id)
  }
  meanwhile(lose)
  const open = hold()
  const answer = Promise.resolve(node.decide(subject, (known) => known?.epoch))
  await clock.advance(1)
  open()
  expect(await answer).toBe('after')
  expect(epochs).toEqual(['after'])
})
