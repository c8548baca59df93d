import { describe, expect, it } from 'vitest'
import type { Feed } from '../../src/feed.ts'
import type { SessionId } from '../../src/session.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { manualClock } from '../../src/testing/clock.ts'
import { follower } from '../../src/view/follower.ts'
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

  describe('after data was lost', () => {
    /** A node that follows, and the rows of the database as they are after it. */
    async function follows() {
      const made = await behind()
      await made.feed.remove([made.row])
      let epoch: string | null = null
      const feed: Feed = {
        ...made.feed,
        read: async (...asked) => {
          const read = await made.feed.read(...asked)
          return epoch === null ? read : { ...read, epoch }
        },
        register: async (from) => ({ ...(await made.feed.register(from)), ...(epoch !== null && { epoch }) }),
      }
      const ignore = () => {}
      const own = follower(feed, made.clock, { apply: ignore, reset: ignore, onFault: ignore, onRound: ignore })
      await own.start()
      let settled = false
      const end = (through: Feed = feed) =>
        settle(through, own, made.position, made.clock).then(() => {
          settled = true
        })
      const lose = () => {
        epoch = 'another'
      }
      return { ...made, own, end, lose, settled: () => settled }
    }

    it('P1: rows without one’s own say nothing: time alone settles', async () => {
      const { clock, own, end, settled, feed } = await follows()
      const done = end({ ...feed, rows: async () => [] })
      await clock.advance(SETTLE_MS - 1)
      expect(settled()).toBe(false)
      await clock.advance(1)
      await done
      await own.stop()
    })

    it('P1: nor do they for a lease after it was noticed; after that they do', async () => {
      const { clock, own, end, lose } = await follows()
      await end()
      lose()
      await clock.advance(1000)
      expect(own.epoch()).toBe('another')
      const since = clock.monotonic() - own.lostAt()
      const outcomes: number[] = []
      const done = end().then(() => outcomes.push(clock.monotonic() - own.lostAt()))
      for (let passed = since; passed < SETTLE_MS + 50; passed += 10) await clock.advance(10)
      await done
      expect(outcomes[0]).toBeGreaterThanOrEqual(SETTLE_MS)
      await end()
      await own.stop()
    })
  })

  it('returns at once when nobody follows', async () => {
    const { feed, row, run, settled } = await behind()
    await feed.remove([row])
    await run()
    expect(settled()).toBe(true)
  })
})
