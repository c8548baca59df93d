import { describe, expect, it } from 'vitest'
import type { Change, Feed, FeedRead, Told } from '../../src/feed.ts'
import type { SessionId } from '../../src/session.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { manualClock } from '../../src/testing/clock.ts'
import { follower } from '../../src/view/follower.ts'
import { LEASE_MS } from '../../src/view/lease.ts'

/** A follower of a real feed, with a way to change what the feed answers. */
function following(distort: (feed: Feed) => Partial<Feed> = () => ({})) {
  const store = memory()
  const clock = manualClock()
  const applied: Change[] = []
  const seen = { resets: 0, faults: 0 }
  const feed = store.users.source.feed
  const own = follower({ ...feed, ...distort(feed) }, clock, {
    apply: (change) => applied.push(change),
    reset: () => {
      seen.resets += 1
    },
    onFault: () => {
      seen.faults += 1
    },
    onRound: () => {},
  })
  const deny = (n: number) =>
    store.denials.deny({ sid: `s${n}` as SessionId, reason: 'signed_out', until: 2e12 }, clock.now())
  return { store, clock, feed, own, applied, seen, deny }
}

describe('a follower', () => {
  it('holds a lease after its first complete read, and renews it while the feed answers', async () => {
    const { own, clock } = following()
    expect(own.leased()).toBe(false)
    await own.start()
    expect(own.leased()).toBe(true)
    await clock.advance(10 * LEASE_MS)
    expect(own.leased()).toBe(true)
  })

  it('P3: loses the lease when the feed stops answering, and gets it back when it answers again', async () => {
    let down = false
    const { own, clock, seen } = following((feed) => ({
      read: (...asked) => (down ? Promise.reject(new Error('down')) : feed.read(...asked)),
    }))
    await own.start()
    down = true
    await clock.advance(LEASE_MS)
    expect(own.leased()).toBe(false)
    expect(seen.faults).toBeGreaterThan(0)
    down = false
    await clock.advance(1000)
    expect(own.leased()).toBe(true)
  })

  it('P3: a feed that never answers costs the lease, and is asked again', async () => {
    let hangs = false
    const { own, clock } = following((feed) => ({
      read: (...asked) => (hangs ? new Promise(() => {}) : feed.read(...asked)),
    }))
    await own.start()
    hangs = true
    await clock.advance(LEASE_MS)
    expect(own.leased()).toBe(false)
    hangs = false
    await clock.advance(LEASE_MS)
    expect(own.leased()).toBe(true)
  })

  it('P1: counts the lease from the question: a slow answer grants only what is left', async () => {
    let slow = false
    const { own, clock } = following((feed) => ({
      async read(...asked) {
        const answer = await feed.read(...asked)
        if (slow) await new Promise<void>((resolve) => clock.after(2500, resolve))
        return answer
      },
    }))
    await own.start()
    slow = true
    // Asked at 1000 and answered at 3500, when the first lease (until 3000) is over: it holds until 4000 and no longer.
    await clock.advance(3500)
    expect(own.leased()).toBe(true)
    await clock.advance(499)
    expect(own.leased()).toBe(true)
    await clock.advance(1)
    expect(own.leased()).toBe(false)
  })

  it('P1: a page is no complete read and grants nothing', async () => {
    let paging = false
    const { own, clock } = following((feed) => ({
      read: async (...asked): Promise<FeedRead> => {
        const answer = await feed.read(...asked)
        if (!paging) return answer
        await new Promise<void>((resolve) => clock.after(100, resolve))
        return { ...answer, complete: false }
      },
    }))
    await own.start()
    paging = true
    await clock.advance(LEASE_MS)
    expect(own.leased()).toBe(false)
  })

  it('applies every change once and in order, and acknowledges after applying', async () => {
    const acknowledged: [at: number, applied: number][] = []
    const { own, feed, applied, deny } = following((feed) => ({
      async acknowledge(row, at) {
        acknowledged.push([at, applied.length])
        await feed.acknowledge(row, at)
      },
    }))
    await own.start()
    for (let n = 1; n <= 1200; n++) await deny(n)
    const tail = await feed.tail()
    expect(await own.applied(tail, 1000)).toBe(true)
    const ids = applied.map((change) => (change.kind === 'ended' ? change.sessions[0] : null))
    expect(ids).toEqual(Array.from({ length: 1200 }, (_, i) => `s${i + 1}`))
    for (const [at, count] of acknowledged) expect(count).toBeGreaterThanOrEqual(at)
  })

  it('registers anew when its row was marked, and holds no lease on the marked row', async () => {
    const { own, feed, clock } = following()
    await own.start()
    const first = own.row() as string
    await feed.mark([first])
    await clock.advance(1500)
    expect(own.row()).not.toBe(first)
    expect(own.leased()).toBe(true)
  })

  it('goes on from where it was when its row was removed: nothing is passed over', async () => {
    const { own, feed, clock, applied, deny, seen } = following()
    await own.start()
    await feed.remove([own.row() as string])
    await deny(1)
    await clock.advance(1500)
    expect(applied).toHaveLength(1)
    expect(seen.resets).toBe(1)
  })

  it('forgets everything when the feed lost entries, before it holds a lease again', async () => {
    let lose = false
    const { own, clock, seen } = following((feed) => ({
      async read(...asked) {
        const answer = { ...(await feed.read(...asked)), lost: lose }
        lose = false
        return answer
      },
    }))
    await own.start()
    expect(seen.resets).toBe(1)
    lose = true
    await clock.advance(1000)
    expect(seen.resets).toBe(2)
    expect(own.leased()).toBe(true)
  })

  it('gives up the lease and removes its row when it stops', async () => {
    const { own, feed } = following()
    await own.start()
    await own.stop()
    expect(own.leased()).toBe(false)
    expect(await feed.rows()).toEqual([])
  })

  it('answers that it has not applied something in time', async () => {
    const { own, clock, store } = following()
    await own.start()
    const waiting = own.applied((await store.users.source.feed.tail()) + 5, 700)
    await clock.advance(700)
    expect(await waiting).toBe(false)
  })
})

describe('an entry that is told of', () => {
  /** A follower whose feed tells of nothing by itself, and what its feed was asked. */
  async function told() {
    const asked: string[] = []
    let tell = (_?: Told) => {}
    const made = following((feed) => ({
      onAppend(wake) {
        tell = wake
        return () => {}
      },
      read(...given) {
        asked.push('read')
        return feed.read(...given)
      },
      acknowledge(row, at) {
        asked.push(`acknowledge ${at}`)
        return feed.acknowledge(row, at)
      },
    }))
    const entries: Told[] = []
    made.feed.onAppend((entry) => void (entry && entries.push(entry)))
    await made.own.start()
    const append = async (n: number) => {
      await made.deny(n)
      return entries.at(-1) as Told
    }
    asked.length = 0
    return { ...made, asked, append, tell: (entry?: Told) => tell(entry), settled: () => made.clock.advance(0) }
  }

  it('is applied and acknowledged at once where it is the next, and nothing is read', async () => {
    const { own, applied, asked, append, tell, settled } = await told()
    for (const n of [1, 2]) tell(await append(n))
    expect(applied).toHaveLength(2)
    expect(await own.applied(2, 0)).toBe(true)
    await settled()
    expect(asked).toEqual(['acknowledge 1', 'acknowledge 2'])
  })

  it('P1: is not taken where others lie between, and comes with them', async () => {
    const { applied, asked, append, tell, settled } = await told()
    await append(1)
    tell(await append(2))
    expect(applied).toEqual([])
    await settled()
    expect(applied).toHaveLength(2)
    expect(asked).toEqual(['read', 'acknowledge 2'])
  })

  it('P1: is not taken where it follows another entry of the same number: the feed has lost one', async () => {
    const { applied, asked, append, tell, settled } = await told()
    tell(await append(1))
    tell({ ...(await append(2)), follows: 'another' })
    expect(applied).toHaveLength(1)
    await settled()
    expect(applied).toHaveLength(2)
    expect(asked).toContain('read')
  })

  it('is applied once, however often it is told of', async () => {
    const { applied, asked, append, tell, settled } = await told()
    const entry = await append(1)
    for (let i = 0; i < 3; i++) tell(entry)
    await settled()
    expect(applied).toHaveLength(1)
    expect(asked).toEqual(['acknowledge 1'])
  })

  it('P3: grants nothing: without reads the lease ends', async () => {
    let deaf = false
    const { own, clock, feed, deny } = following((feed) => ({
      read: (...given) => (deaf ? Promise.reject(new Error('down')) : feed.read(...given)),
    }))
    await own.start()
    deaf = true
    for (let i = 0; i < 6; i++) {
      await deny(i)
      await clock.advance(500)
    }
    expect(await feed.tail()).toBe(6)
    expect(await own.applied(6, 0)).toBe(true)
    expect(own.leased()).toBe(false)
  })

  it('while a read is under way is read once more only where that read did not bring it', async () => {
    const { own, applied, asked, append, tell, settled } = await told()
    tell()
    const entry = await append(1)
    tell(entry)
    await own.applied(1, 1000)
    await settled()
    expect(applied).toHaveLength(1)
    expect(asked.filter((verb) => verb === 'read').length).toBeLessThanOrEqual(2)
  })
})
