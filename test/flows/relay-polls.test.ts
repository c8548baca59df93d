import { afterEach, describe, expect, it } from 'vitest'
import { macKey } from '../../src/crypto.ts'
import type { Feed, FeedRead, Told } from '../../src/feed.ts'
import { relayFeeds } from '../../src/flows/relay-feeds.ts'
import type { SessionId } from '../../src/session.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { manualClock } from '../../src/testing/clock.ts'
import { must, SECRET } from '../support/house.ts'

const BILLING = 'billing'
const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

/** A relay of one real feed whose reads and listeners are counted, and may answer something else. */
async function counted(distort: (answer: FeedRead) => FeedRead | Promise<FeedRead> = (answer) => answer) {
  const clock = manualClock()
  const store = memory()
  const { source } = store.sessions
  const seen = { reads: 0, listeners: 0, subscriptions: 0 }
  let spurious = (_?: Told) => {}
  const feed: Feed = {
    ...source.feed,
    async read(...asked) {
      seen.reads += 1
      return distort(await source.feed.read(...asked))
    },
    onAppend(wake) {
      seen.listeners += 1
      seen.subscriptions += 1
      spurious = wake
      const cancel = source.feed.onAppend(wake)
      return () => {
        seen.listeners -= 1
        cancel()
      }
    },
  }
  const relay = relayFeeds({ feeds: [{ feed, source }], clock, keys: [macKey(SECRET, 'x')] })
  stops.push(relay.stopWaiting)
  const { place } = must(await relay.register(BILLING))
  let count = 0
  const append = () => {
    count += 1
    const denial = { sid: `s${count}` as SessionId, reason: 'signed_out', until: 2e12 } as const
    return store.denials.deny(denial, clock.now())
  }
  const wait = (seconds: number, signal?: AbortSignal) => {
    const state = { done: false }
    const answer = relay.read(BILLING, place, { wait: seconds, ...(signal && { signal }) }).then(must)
    answer.then(
      () => {
        state.done = true
      },
      () => {},
    )
    return { answer, state }
  }
  return { clock, relay, seen, place, append, wait, wake: (told?: Told) => spurious(told) }
}

describe('a read that waits', () => {
  it('answers at once where something is new, and grants no lease even then', async () => {
    const { wait, append, clock, seen } = await counted()
    await append()
    const { answer, state } = wait(25)
    await clock.advance(0)
    expect(state.done).toBe(true)
    expect(await answer).toMatchObject({ lease: false, feeds: [{ entries: [{ change: { sessions: ['s1'] } }] }] })
    expect(seen).toMatchObject({ reads: 1, listeners: 0 })
  })

  it('P1: wakes at an append, by a read that is asked after it', async () => {
    const { wait, append, clock, seen } = await counted()
    const { answer, state } = wait(25)
    await clock.advance(10_000)
    expect([state.done, seen.reads, seen.listeners]).toEqual([false, 1, 1])
    await append()
    await clock.advance(0)
    expect(await answer).toMatchObject({ lease: false, feeds: [{ entries: [{ change: { sessions: ['s1'] } }] }] })
    expect(seen).toMatchObject({ reads: 2, listeners: 0 })
  })

  it('ends with the wait, by a read of that moment, and says that nothing is new', async () => {
    const { wait, clock, seen, place } = await counted()
    const { answer, state } = wait(5)
    await clock.advance(4999)
    expect(state.done).toBe(false)
    await clock.advance(1)
    expect(await answer).toMatchObject({
      place,
      lease: false,
      feeds: [{ standing: 'good', complete: true, entries: [] }],
    })
    expect(seen).toMatchObject({ reads: 2, listeners: 0 })
  })

  it('waits no longer than 25 seconds, whatever is asked', async () => {
    const { wait, clock } = await counted()
    const { state } = wait(1000)
    await clock.advance(25_000)
    expect(state.done).toBe(true)
  })

  it('goes on waiting when it was woken for nothing', async () => {
    const { wait, wake, clock, seen } = await counted()
    const { state } = wait(5)
    await clock.advance(100)
    wake()
    await clock.advance(100)
    expect([state.done, seen.reads]).toEqual([false, 2])
    await clock.advance(4800)
    expect(state.done).toBe(true)
  })

  it('misses nothing that is appended while its first read is under way', async () => {
    const slow = { by: 100 }
    const { wait, append, clock } = await counted(async (answer) => {
      await new Promise<void>((done) => clock.after(slow.by, done))
      return answer
    })
    const { answer, state } = wait(25)
    await clock.advance(50)
    await append()
    slow.by = 0
    await clock.advance(60)
    expect(state.done).toBe(true)
    expect((await answer).feeds[0]?.entries).toHaveLength(1)
  })

  it.each([
    ['the row grants nothing any more', { standing: 'marked' }],
    ['the row is gone', { standing: 'unknown' }],
    ['entries are lost', { lost: true }],
    ['there is more to read', { complete: false }],
  ] as const)('answers at once where %s', async (_, changed) => {
    const { wait, clock } = await counted((answer) => ({ ...answer, ...changed }))
    const { answer, state } = wait(25)
    await clock.advance(0)
    expect(state.done).toBe(true)
    expect((await answer).feeds[0]).toMatchObject(changed)
  })

  it('leaves nothing behind when its client goes', async () => {
    const { wait, clock, seen, append } = await counted()
    const gone = new AbortController()
    const many = Array.from({ length: 64 }, () => wait(25, gone.signal))
    await clock.advance(10)
    expect(seen).toMatchObject({ listeners: 1, subscriptions: 1 })
    gone.abort()
    await clock.advance(10)
    expect(many.every(({ state }) => state.done)).toBe(true)
    expect(seen.listeners).toBe(0)
    const { reads } = seen
    await append()
    await clock.advance(30_000)
    expect(seen.reads).toBe(reads)
    const { state } = wait(25, gone.signal)
    await clock.advance(10)
    expect([state.done, seen.listeners]).toEqual([true, 0])
  })

  it('leaves nothing behind when the database fails', async () => {
    let down = false
    const { wait, wake, clock, seen } = await counted((answer) => (down ? Promise.reject(new Error('down')) : answer))
    const { answer } = wait(25)
    await clock.advance(10)
    down = true
    wake()
    await expect(answer).rejects.toThrow('down')
    expect(seen.listeners).toBe(0)
  })

  it('is one of 64 of its service at most, and of 1000 of all', async () => {
    const { wait, relay, clock, place } = await counted()
    const waiting = Array.from({ length: 64 }, () => wait(25))
    await clock.advance(10)
    const beyond = { ok: false, refusal: { code: 'throttled', retryAfter: 5 } }
    expect(await relay.read(BILLING, place, { wait: 1 })).toMatchObject(beyond)
    must(await relay.read(BILLING, place))
    for (let i = 1; i <= 15; i++) {
      const { place } = must(await relay.register(`service ${i}`))
      const room = i < 15 ? 64 : 1000 - 15 * 64
      for (let n = 0; n < room; n++) void relay.read(`service ${i}`, place, { wait: 20 })
    }
    const { place: last } = must(await relay.register('last'))
    expect(await relay.read('last', last, { wait: 1 })).toMatchObject(beyond)
    await clock.advance(25_000)
    expect(waiting.every(({ state }) => state.done)).toBe(true)
    const again = wait(1)
    await clock.advance(1000)
    expect(again.state.done).toBe(true)
  })

  it('is answered when the server stops, and none waits from then on', async () => {
    const { wait, relay, clock, seen } = await counted()
    const before = wait(25)
    await clock.advance(10)
    relay.stopWaiting()
    await clock.advance(10)
    const after = wait(25)
    await clock.advance(10)
    expect([before.state.done, after.state.done, seen.listeners]).toEqual([true, true, 0])
    expect(await after.answer).toMatchObject({ lease: false })
  })
})

describe('a read that does not wait', () => {
  it('P1: is asked of the database for itself, whatever else is under way', async () => {
    const { relay, place, seen, append, clock } = await counted(async (answer) => {
      await new Promise<void>((done) => clock.after(100, done))
      return answer
    })
    const first = relay.read(BILLING, place)
    await clock.advance(50)
    await append()
    const second = relay.read(BILLING, place)
    await clock.advance(100)
    expect(must(await first)).toMatchObject({ lease: true, feeds: [{ entries: [] }] })
    expect(must(await second)).toMatchObject({ lease: true, feeds: [{ entries: [{}] }] })
    expect(seen.reads).toBe(2)
  })

  it('P3: fails where the database does not answer in the time of a lease', async () => {
    const { relay, place, clock } = await counted(() => new Promise(() => {}))
    const asked = expect(relay.read(BILLING, place)).rejects.toThrow('did not answer in time')
    await clock.advance(3000)
    await asked
  })

  it('relays what the database says of it, and nothing of its own', async () => {
    const said: FeedRead = { epoch: 'other', standing: 'marked', lost: true, complete: false, entries: [] }
    const { relay, place } = await counted(() => said)
    expect(must(await relay.read(BILLING, place)).feeds).toEqual([{ feed: 0, position: { at: 0, id: '' }, ...said }])
  })
})
