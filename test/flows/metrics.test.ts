import { expect, it } from 'vitest'
import type { Feed } from '../../src/feed.ts'
import type { Store } from '../../src/store.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { manualClock } from '../../src/testing/clock.ts'
import { house } from '../support/house.ts'

/** A store whose feed can be cut off, while everything else of it answers. */
function cuttable() {
  const whole = memory()
  let isCut = false
  const { source } = whole.users
  const { feed } = source
  const unlessCut =
    <A extends readonly unknown[], R>(verb: (...given: A) => Promise<R>) =>
    (...given: A) =>
      isCut ? Promise.reject(new Error('cut')) : verb(...given)
  const cut: Feed = { ...feed, read: unlessCut(feed.read), register: unlessCut(feed.register) }
  const own = { ...source, feed: cut }
  const store = Object.fromEntries(Object.entries(whole).map(([name, port]) => [name, { ...port, source: own }]))
  return {
    store: store as Store,
    cut(to: boolean) {
      isCut = to
    },
  }
}

it('a node says what it decides by, how old that is, and what it had to ask', async () => {
  const clock = manualClock()
  const h = await house({ clock })
  const { carrier } = await h.enter('ada')
  await h.auth.authenticate(carrier)
  const asked = h.auth.metrics().lookups.count
  for (let i = 0; i < 10; i += 1) await h.auth.authenticate(carrier)
  const { state, feeds, cachedSessions, lookups } = h.auth.metrics()
  expect(state).toBe('leased')
  expect(feeds).toEqual([{ source: 'memory', leased: true, position: await h.store.users.source.feed.tail(), age: 0 }])
  expect(cachedSessions).toBe(1)
  expect(lookups).toEqual({ underWay: 0, count: asked, refused: 0 })
  await clock.advance(600)
  expect(h.auth.metrics().feeds[0]?.age).toBe(600)
  await clock.advance(400)
  expect(h.auth.metrics().feeds[0]?.age).toBe(0)
  await h.close()
})

it('a node tells when it loses its lease and when it has one again, whether or not anybody asks it for anything', async () => {
  const clock = manualClock()
  const { store, cut } = cuttable()
  const h = await house({ clock, store })
  const told = () => h.events.filter(({ type }) => type.startsWith('view.')).map(({ type }) => type)
  expect(told()).toEqual(['view.leased'])
  cut(true)
  await clock.advance(2_900)
  expect(told()).toEqual(['view.leased'])
  await clock.advance(1_500)
  expect(told()).toEqual(['view.leased', 'view.lookup'])
  expect(h.auth.metrics()).toMatchObject({ state: 'lookup', feeds: [{ leased: false }] })
  cut(false)
  await clock.advance(300)
  expect(told()).toEqual(['view.leased', 'view.lookup', 'view.leased'])
  await h.close()
})

it('how long endings took to be true everywhere is told by its distribution', async () => {
  const clock = manualClock()
  const shared = memory()
  const h = await house({ clock, store: shared, nodes: 2 })
  const one = await h.enter('ada')
  const before = h.auth.metrics().settling
  await h.patiently(h.auth.signOut(one.carrier))
  // A row that nobody acknowledges for: the ending waits for as long as a lease could last.
  const two = await h.enter('bea')
  await shared.users.source.feed.register(null)
  const leaving = h.auth.signOut(two.carrier)
  await clock.advance(1000)
  const { waiting } = h.auth.metrics()
  expect(waiting.count).toBe(1)
  expect(waiting.longest).toBeGreaterThan(900)
  expect(waiting.longest).toBeLessThanOrEqual(1000)
  await h.patiently(leaving)
  expect(h.auth.metrics().waiting).toEqual({ count: 0, longest: 0 })
  const { bounds, counts, count, sum } = h.auth.metrics().settling
  expect(count - before.count).toBe(2)
  expect(counts).toHaveLength(bounds.length + 1)
  expect(counts.reduce((total, some) => total + some, 0)).toBe(count)
  expect(sum - before.sum).toBeGreaterThanOrEqual(3030)
  expect((counts[bounds.indexOf(3100)] ?? 0) - (before.counts[bounds.indexOf(3100)] ?? 0)).toBe(1)
  await h.close()
})
