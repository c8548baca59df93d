import { describe, expect, it } from 'vitest'
import type { Feed } from '../../src/feed.ts'
import type { SessionId } from '../../src/session.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { manualClock } from '../../src/testing/clock.ts'
import { SETTLE_MS } from '../../src/view/lease.ts'
import { settle } from '../../src/view/settle.ts'

/** A feed with one change, and a row that is behind it. */
async function behind() {
  const store = memory()
  const clock = manualClock()
  const feed: Feed = store.users.source.feed
  const { row } = await feed.register(null)
  const { position } = await store.denials.deny(
    { sid: 's' as SessionId, reason: 'signed_out', until: 2e12 },
    clock.now(),
  )
  let settled = false
  const run = (through: Feed = feed) => {
    const done = settle(through, null, position, clock).then(() => {
      settled = true
    })
    return done
  }
  return { store, clock, feed, row, position, run, settled: () => settled }
}

describe('settling', () => {
  it('P1: waits for a row that is behind, and returns as soon as it has acknowledged', async () => {
    const { clock, feed, row, position, run, settled } = await behind()
    const done = run()
    await clock.advance(1000)
    expect(settled()).toBe(false)
    await feed.acknowledge(row, position)
    await clock.advance(30)
    expect(settled()).toBe(true)
    await done
    expect((await feed.rows())[0]?.marked).toBe(false)
  })

  it('P1: returns without an acknowledgement only when no lease from before can be left', async () => {
    const { clock, run, settled } = await behind()
    const done = run()
    await clock.advance(SETTLE_MS - 1)
    expect(settled()).toBe(false)
    await clock.advance(1)
    expect(settled()).toBe(true)
    await done
  })

  it('marks a row that made it wait, and removes it only a whole lease after that', async () => {
    const { clock, feed, run } = await behind()
    const done = run()
    await clock.advance(SETTLE_MS)
    await done
    expect(await feed.rows()).toMatchObject([{ marked: true }])
    await clock.advance(SETTLE_MS - 1)
    expect(await feed.rows()).toHaveLength(1)
    await clock.advance(1)
    expect(await feed.rows()).toHaveLength(0)
  })

  it('marks it also where every look at the rows takes a while', async () => {
    const { clock, feed, run } = await behind()
    const slowly = () => new Promise<void>((resolve) => clock.after(5, resolve)).then(() => feed.rows())
    const done = run({ ...feed, rows: slowly })
    await clock.advance(SETTLE_MS + 2)
    await done
    expect(await feed.rows()).toMatchObject([{ marked: true }])
  })

  it('P1: settles by time alone when the rows cannot be read', async () => {
    const { clock, feed, run, settled } = await behind()
    const done = run({ ...feed, rows: () => Promise.reject(new Error('down')) })
    await clock.advance(SETTLE_MS - 1)
    expect(settled()).toBe(false)
    await clock.advance(1)
    await done
    expect(settled()).toBe(true)
  })

  it('P1: settles by time alone when the rows are never answered', async () => {
    const { clock, feed, run, settled } = await behind()
    const done = run({ ...feed, rows: () => new Promise(() => {}) })
    await clock.advance(SETTLE_MS - 1)
    expect(settled()).toBe(false)
    await clock.advance(2)
    await done
    expect(settled()).toBe(true)
  })

  it('returns at once when nobody follows', async () => {
    const { feed, row, run, settled } = await behind()
    await feed.remove([row])
    await run()
    expect(settled()).toBe(true)
  })
})
