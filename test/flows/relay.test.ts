import { afterEach, describe, expect, it } from 'vitest'
import { macKey } from '../../src/crypto.ts'
import { StoreUnavailable } from '../../src/errors.ts'
import type { Feed } from '../../src/feed.ts'
import { relayFeeds } from '../../src/flows/relay-feeds.ts'
import type { SessionId } from '../../src/session.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { sqlite } from '../../src/stores/sql/sqlite.ts'
import { manualClock } from '../../src/testing/clock.ts'
import { SETTLE_MS } from '../../src/view/lease.ts'
import { newFile } from '../stores/sqlite-fixture.ts'
import { type House, house, must, SECRET } from '../support/house.ts'

const MINUTE = 60_000
const BILLING = 'billing'

const opened: House[] = []
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
})

async function begin(options: Parameters<typeof house>[0] = {}): Promise<House> {
  const one = await house(options)
  opened.push(one)
  return one
}

const feedOf = (one: House): Feed => one.store.sessions.source.feed

/** Rows of services: those that the node of the installation does not follow by. */
async function others(one: House, own: readonly string[]): Promise<readonly string[]> {
  return (await feedOf(one).rows()).map(({ id }) => id).filter((id) => !own.includes(id))
}

const rowsOf = async (one: House) => (await feedOf(one).rows()).map(({ id }) => id)

/** A service that follows, and somebody signed in. */
async function following(options: Parameters<typeof house>[0] = {}) {
  const one = await begin(options)
  const own = await rowsOf(one)
  const { relay } = one.auth
  const { signedIn } = await one.enter('ada')
  const { place, feeds } = must(await relay.register(BILLING))
  const read = async (from: string) => {
    const answer = must(await relay.read(BILLING, from))
    const [feed] = answer.feeds
    if (!feed) throw new Error('no feed')
    return { ...answer, ...feed }
  }
  return { ...one, one, relay, own, place, position: feeds[0]?.position, sid: signedIn.session.id, read }
}

const denial = (sid: string) => ({ sid: sid as SessionId, reason: 'signed_out' as const, until: 2e12 })

/** Whether it is done, at any time. */
function watched<T>(operation: Promise<T>) {
  const state = { done: false }
  void operation.then(() => {
    state.done = true
  })
  return state
}

describe.each([
  ['memory', () => memory()],
  ['SQLite', () => sqlite(newFile())],
])('the relay over %s', (_, make) => {
  it('registers at the end of the feed and reads what follows, as the database says it', async () => {
    const { one, auth, own, place, position, sid, read } = await following({ store: make() })
    expect(await others(one, own)).toHaveLength(1)
    const tail = await feedOf(one).tail()
    expect(position?.at).toBe(tail)
    const nothing = await read(place)
    expect(nothing).toMatchObject({ standing: 'good', lost: false, complete: true, lease: true, entries: [], position })
    expect(nothing.epoch).toBe(await feedOf(one).epoch())
    expect(must(await auth.relay.epochs()).feeds).toEqual([{ feed: 0, epoch: nothing.epoch }])
    const ending = auth.end(sid)
    await one.clock.advance(20)
    const news = await read(nothing.place)
    expect(news.entries.map(({ change }) => change)).toMatchObject([{ kind: 'ended', sessions: [sid] }])
    expect(news.position).toEqual({ at: tail + 1, id: news.entries[0]?.id })
    must(await auth.relay.acknowledge(BILLING, news.place))
    await one.patiently(ending)
    expect((await read(news.place)).entries).toEqual([])
    expect((await read(place)).entries).toEqual(news.entries)
  })

  it('P1: an ending returns as soon as the row has acknowledged it, and a read is not that', async () => {
    const { auth, clock, relay, place, sid, read } = await following({ store: make() })
    const ending = auth.end(sid)
    const ended = watched(ending)
    await clock.advance(50)
    const { place: applied } = await read(place)
    must(await relay.read(BILLING, place, { wait: 5 }))
    await clock.advance(500)
    expect(ended.done).toBe(false)
    must(await relay.acknowledge(BILLING, applied))
    await clock.advance(60)
    expect(ended.done).toBe(true)
    await ending
  })

  it('P1: without an acknowledgement it returns when no lease from before can be left, and the row grants none any more', async () => {
    const { one, auth, own, clock, relay, place, sid, read } = await following({ store: make() })
    const ending = auth.end(sid)
    const ended = watched(ending)
    await clock.advance(SETTLE_MS - 1)
    expect(ended.done).toBe(false)
    await one.patiently(ending)
    const marked = await read(place)
    expect(marked).toMatchObject({ standing: 'marked', entries: [{ change: { kind: 'ended' } }] })
    const anew = must(await relay.register(BILLING, { place: marked.place }))
    expect(anew.feeds[0]).toMatchObject({ position: marked.position, epoch: marked.epoch })
    expect(await read(anew.place)).toMatchObject({ standing: 'good', complete: true, entries: [] })
    must(await relay.leave(BILLING, marked.place))
    expect(await others(one, own)).toHaveLength(1)
  })

  it('goes on from where it stood when it registers anew: nothing is passed over', async () => {
    const { one, auth, clock, relay, place, sid, read } = await following({ store: make() })
    await feedOf(one).remove(await others(one, []))
    await one.patiently(auth.end(sid))
    await clock.advance(1500)
    expect(await read(place)).toMatchObject({ standing: 'unknown', lost: false })
    const anew = must(await relay.register(BILLING, { place }))
    expect((await read(anew.place)).entries).toMatchObject([{ change: { sessions: [sid] } }])
  })

  it('nobody waits for a row that was left', async () => {
    const { one, auth, own, clock, relay, place, sid, read } = await following({ store: make() })
    must(await relay.leave(BILLING, place))
    expect(await others(one, own)).toEqual([])
    const ending = auth.end(sid)
    const ended = watched(ending)
    await clock.advance(100)
    expect(ended.done).toBe(true)
    await ending
    expect(await read(place)).toMatchObject({ standing: 'unknown' })
    must(await relay.leave(BILLING, place))
  })

  it('P7: tells that entries are lost, and then the row goes in two steps like any other', async () => {
    const { one, own, clock, relay, store, place: old, read } = await following({ store: make() })
    for (const sid of ['a', 'b']) await store.denials.deny(denial(sid), clock.now())
    must(await relay.acknowledge(BILLING, (await read(old)).place))
    await clock.advance(1500)
    await feedOf(one).trim(0)
    const [row] = await others(one, own)
    expect(await read(old)).toMatchObject({ lost: true, complete: false, entries: [] })
    await clock.advance(10)
    expect(await feedOf(one).rows()).toContainEqual(expect.objectContaining({ id: row, marked: true }))
    await clock.advance(SETTLE_MS - 20)
    expect(await others(one, own)).toEqual([row])
    await clock.advance(20)
    expect(await others(one, own)).toEqual([])
  })
})

describe('several feeds', () => {
  it('are followed in one order, together or each for itself', async () => {
    const store = { ...memory(), sessions: memory().sessions }
    const { auth, clock, enter, patiently } = await begin({ store })
    const { relay } = auth
    const all = must(await relay.register(BILLING))
    expect(all).toMatchObject({ total: 2, feeds: [{ feed: 0 }, { feed: 1 }] })
    const second = must(await relay.register(BILLING, { feed: 1 }))
    expect(second).toMatchObject({ total: 2, feeds: [{ feed: 1 }] })
    expect(must(await relay.epochs(1)).feeds).toEqual([{ feed: 1, epoch: await store.sessions.source.feed.epoch() }])
    const { signedIn } = await enter('ada')
    const ending = auth.end(signedIn.session.id)
    await clock.advance(5)
    const together = must(await relay.read(BILLING, all.place))
    expect(together.feeds.map(({ feed, entries }) => [feed, entries.length])).toEqual([
      [0, 0],
      [1, 1],
    ])
    const alone = must(await relay.read(BILLING, second.place))
    expect(alone.feeds).toMatchObject([{ feed: 1, entries: together.feeds[1]?.entries }])
    must(await relay.acknowledge(BILLING, together.place))
    must(await relay.acknowledge(BILLING, alone.place))
    await patiently(ending)
    for (const feed of [2, -1, 0.5, Number.NaN]) {
      expect(await relay.register(BILLING, { feed })).toMatchObject({ refusal: { code: 'invalid_request' } })
      expect(await relay.epochs(feed)).toMatchObject({ refusal: { code: 'invalid_request' } })
    }
  })

  it('get rows all or none', async () => {
    const store = { ...memory(), sessions: memory().sessions }
    const clock = manualClock()
    const [users, sessions] = [store.users.source, store.sessions.source]
    const down = { ...sessions.feed, register: () => Promise.reject(new StoreUnavailable('down')) }
    const feeds = [
      { feed: users.feed, source: users },
      { feed: down, source: sessions },
    ]
    const relay = relayFeeds({ feeds, clock, keys: [macKey(SECRET, 'x')] })
    for (let i = 0; i < 100; i++) await expect(relay.register(BILLING)).rejects.toThrow(StoreUnavailable)
    expect(await users.feed.rows()).toEqual([])
  })
})

describe('a place', () => {
  const REFUSED = { refusal: { code: 'invalid_request', errors: [{ path: 'place', code: 'invalid' }] } }

  it('TP-11: is nobody else’s, and nothing that was altered or made up is one', async () => {
    const { relay, place } = await following()
    const [written = '', code = ''] = place.split('.')
    const longer = Buffer.from(JSON.stringify([[0, 'row', 9, 'id']])).toString('base64url')
    const forged = ['', '.', written, `${written}.`, `.${code}`, `${place}A`, `${place}.${code}`, place.slice(0, -1)]
    const altered = [`${written.slice(0, -1)}.${code}`, `${longer}.${code}`, ` ${place}`, 'x'.repeat(100_000)]
    for (const text of [...forged, ...altered]) {
      expect(await relay.read(BILLING, text), text).toMatchObject(REFUSED)
    }
    for (const verb of [relay.read, relay.acknowledge, relay.leave]) {
      expect(await verb('other', place)).toMatchObject(REFUSED)
    }
    expect(await relay.register('other', { place })).toMatchObject(REFUSED)
    must(await relay.read(BILLING, place))
  })

  it('P1: acknowledges no more than was read', async () => {
    const { one, own, auth, clock, relay, place, sid } = await following()
    const ending = auth.end(sid)
    const ended = watched(ending)
    await clock.advance(10)
    must(await relay.acknowledge(BILLING, place))
    await clock.advance(100)
    expect(ended.done).toBe(false)
    const [row] = await others(one, own)
    const found = (await feedOf(one).rows()).find(({ id }) => id === row)
    expect(found?.acknowledged).toBe((await feedOf(one).tail()) - 1)
    await one.patiently(ending)
  })

  it('is good on every server, after a restart, and under a new secret as long as the old one is listed', async () => {
    const { store, clock, place } = await following()
    const NEXT = 'another-secret-0123456789-abcdefghijk'
    for (const [secret, good] of [
      [SECRET, true],
      [[NEXT, SECRET], true],
      [NEXT, false],
    ] as const) {
      const next = await begin({ store, clock, secret })
      expect((await next.auth.relay.read(BILLING, place)).ok).toBe(good)
    }
  })
})

describe('rows', () => {
  it('are 64 of one service at most; what was left or is not read any more makes room', async () => {
    const { one, own, clock, relay, place } = await following()
    const more: string[] = []
    for (let i = 1; i < 64; i++) more.push(must(await relay.register(BILLING)).place)
    expect(await relay.register(BILLING)).toMatchObject({ refusal: { code: 'throttled', retryAfter: 60 } })
    must(await relay.register('other'))
    must(await relay.leave(BILLING, more[0] as string))
    must(await relay.register(BILLING))
    expect((await relay.register(BILLING)).ok).toBe(false)

    clock.step(-MINUTE)
    await clock.advance(4 * MINUTE)
    for (const one of more.slice(1)) must(await relay.read(BILLING, one))
    await clock.advance(MINUTE)
    const before = await others(one, own)
    must(await relay.register(BILLING))
    await clock.advance(10)
    expect(must(await relay.read(BILLING, place)).feeds).toMatchObject([{ standing: 'marked' }])
    await clock.advance(SETTLE_MS)
    expect(must(await relay.read(BILLING, place)).feeds).toMatchObject([{ standing: 'unknown' }])
    expect(await others(one, own)).toHaveLength(before.length)
  })

  it('of another server count from their first read here', async () => {
    const { store, clock, relay } = await following()
    const next = await begin({ store, clock })
    const made: string[] = []
    for (let i = 1; i < 64; i++) made.push(must(await relay.register(BILLING)).place)
    for (const place of made) must(await next.auth.relay.read(BILLING, place))
    must(await next.auth.relay.register(BILLING))
    expect((await next.auth.relay.register(BILLING)).ok).toBe(false)
  })

  it('that an ender marked count no more: all of them may register anew', async () => {
    const { one, auth, relay, place, sid, read } = await following()
    const all = [place]
    for (let i = 1; i < 64; i++) all.push(must(await relay.register(BILLING)).place)
    await one.patiently(auth.end(sid))
    for (const place of all) expect((await read(place)).standing).toBe('marked')
    for (const place of all) must(await relay.register(BILLING, { place }))
    expect((await relay.register(BILLING)).ok).toBe(false)
  })

  it('whose registration failed, or came too late, leave nothing behind', async () => {
    const clock = manualClock()
    const store = memory()
    const { source } = store.sessions
    const { feed } = source
    let slow = true
    const slowly: Feed = {
      ...feed,
      async register(from) {
        if (slow) await new Promise<void>((done) => clock.after(4000, done))
        return feed.register(from)
      },
    }
    const relay = relayFeeds({ feeds: [{ feed: slowly, source }], clock, keys: [macKey(SECRET, 'x')] })
    const failed = expect(relay.register(BILLING)).rejects.toThrow(StoreUnavailable)
    await clock.advance(5000)
    await failed
    expect(await feed.rows()).toEqual([])
    slow = false
    await store.denials.deny(denial('s'), clock.now())
    for (let i = 0; i < 64; i++) must(await relay.register(BILLING))
  })
})
