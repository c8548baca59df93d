import { expect, it } from 'vitest'
import type { Source, Store } from '../../src/store.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { manualClock } from '../../src/testing/clock.ts'
import { house } from '../support/house.ts'

const MINUTE = 60_000

/** One node's handle on a store, which counts how often it looks for expired sessions. What it closes, others go on using. */
function counted(store: Store) {
  let sweeps = 0
  const { sessions } = store
  const source: Source = { ...sessions.source, close: async () => {} }
  const own = Object.fromEntries(Object.entries(store).map(([name, port]) => [name, { ...port, source }]))
  const counting: Store = {
    ...(own as Store),
    sessions: {
      ...sessions,
      source,
      endDue(before, limit, now) {
        sweeps += 1
        return sessions.endDue(before, limit, now)
      },
    },
  }
  return { store: counting, sweeps: () => sweeps }
}

/** Three nodes over one store, each counted. */
async function three() {
  const clock = manualClock()
  const shared = memory()
  const counts = [counted(shared), counted(shared), counted(shared)] as const
  const houses = await Promise.all(counts.map(({ store }) => house({ store, clock })))
  return { clock, houses, sweeps: () => counts.map((one) => one.sweeps()) }
}

it('of three nodes one sweeps at a time, and another goes on when it stops', async () => {
  const { clock, houses, sweeps } = await three()
  await clock.advance(MINUTE)
  const first = sweeps()
  expect(first.filter((count) => count > 0)).toHaveLength(1)
  expect(Math.max(...first)).toBeGreaterThanOrEqual(11)
  const leader = first.findIndex((count) => count > 0)
  await houses[leader]?.close()
  const stopped = sweeps()
  await clock.advance(10_000)
  const after = sweeps().map((count, i) => count - (stopped[i] ?? 0))
  expect(after[leader]).toBe(0)
  expect(after.filter((count) => count > 0)).toHaveLength(1)
  for (const [i, one] of houses.entries()) if (i !== leader) await one.close()
})

it('another goes on within half a minute when the one that sweeps is gone without a word', async () => {
  const clock = manualClock()
  const shared = memory()
  const { source } = shared.sessions
  const gone = 'a node that was killed'
  expect(await source.turn('sweeping', gone, clock.now(), clock.now() + 30_000)).toBe(true)
  const one = counted(shared)
  const h = await house({ store: one.store, clock })
  await clock.advance(29_000)
  expect(one.sweeps()).toBe(0)
  await clock.advance(6_000)
  expect(one.sweeps()).toBeGreaterThan(0)
  await h.close()
})

it('sweeps on when its own turn could not be asked for, as soon as it can be again', async () => {
  const clock = manualClock()
  const shared = memory()
  let isDown = true
  const source: Source = {
    ...shared.sessions.source,
    turn: (...given) => (isDown ? Promise.reject(new Error('down')) : shared.sessions.source.turn(...given)),
  }
  const one = counted({ ...shared, sessions: { ...shared.sessions, source } })
  const h = await house({ store: one.store, clock })
  await clock.advance(20_000)
  expect(one.sweeps()).toBe(0)
  isDown = false
  await clock.advance(5_000)
  expect(one.sweeps()).toBe(1)
  await h.close()
})
