import { expect, it } from 'vitest'
import { memory } from '../../src/stores/memory/memory.ts'
import { manualClock } from '../../src/testing/clock.ts'
import { follower } from '../../src/view/follower.ts'
import { LEASE_MS } from '../../src/view/lease.ts'

it('P1: a read on a marked row grants nothing, also while no new row is to be had', async () => {
  const { feed } = memory().users.source
  const clock = manualClock()
  let full = false
  const own = follower(
    { ...feed, register: (from) => (full ? Promise.reject(new Error('no row')) : feed.register(from)) },
    clock,
    { apply: () => {}, reset: () => {}, onFault: () => {}, onRound: () => {} },
  )
  await own.start()
  await feed.mark([own.row() as string])
  full = true
  await clock.advance(LEASE_MS - 1)
  expect(own.leased()).toBe(true)
  await clock.advance(1)
  expect(own.leased()).toBe(false)
  await clock.advance(10 * LEASE_MS)
  expect(own.leased()).toBe(false)
  full = false
  await clock.advance(LEASE_MS)
  expect(own.leased()).toBe(true)
})
