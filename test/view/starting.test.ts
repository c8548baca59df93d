import { expect, it } from 'vitest'
import { StoreUnavailable } from '../../src/errors.ts'
import type { Feed } from '../../src/feed.ts'
import type { Source, Store } from '../../src/store.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { manualClock } from '../../src/testing/clock.ts'
import { LEASE_MS } from '../../src/view/lease.ts'
import { view } from '../../src/view/view.ts'

/** A view over a store whose feed does some things otherwise. */
function begin(otherwise: (feed: Feed) => Partial<Feed>) {
  const real = memory()
  const clock = manualClock()
  const { source } = real.users
  const own: Source = { ...source, feed: { ...source.feed, ...otherwise(source.feed) } }
  const store = Object.fromEntries(
    Object.entries(real).map(([name, port]) => [name, { ...port, source: own }]),
  ) as unknown as Store
  const node = view({ store, clock, sessions: 10, touchStep: () => 60_000, onFault: () => {}, onState: () => {} })
  return { node, clock, feed: source.feed }
}

it('P3: a beginning that failed may be waited for again, and succeeds once the store answers', async () => {
  let down = true
  const { node, clock, feed } = begin(({ read }) => ({
    read: (...asked) => (down ? Promise.reject(new StoreUnavailable('down')) : read(...asked)),
  }))
  await expect(node.start()).rejects.toThrow('down')
  await expect(node.start()).rejects.toThrow('down')
  down = false
  await node.start()
  expect(node.leased()).toBe(true)
  await node.stop()
  await clock.advance(2 * LEASE_MS)
  expect(await feed.rows()).toEqual([])
})

it('P3: it begins although the rows of others are never told', async () => {
  const { node, clock } = begin(() => ({ rows: () => new Promise(() => {}) }))
  const started = node.start()
  await clock.advance(LEASE_MS)
  await started
  expect(node.leased()).toBe(true)
})
