import { afterEach, describe, expect, it } from 'vitest'
import type { Change } from '../../src/feed.ts'
import type { Store } from '../../src/store.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { sqlite } from '../../src/stores/sql/sqlite.ts'
import type { ManualClock } from '../../src/testing/clock.ts'
import { relayedFeed } from '../../src/verify/feed.ts'
import { setting } from '../../src/verify/options.ts'
import { server as serverAt } from '../../src/verify/server.ts'
import { type Follower, follower } from '../../src/view/follower.ts'
import { LEASE_MS, SETTLE_MS } from '../../src/view/lease.ts'
import { random } from '../simulation/random.ts'
import { newFile } from '../stores/sqlite-fixture.ts'
import { type House, house, must, SECRET } from '../support/house.ts'

type Sending = (request: Request) => Promise<Response>

const cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

/** What lies between a program and the server: loses, and delays, requests and answers; none by default. */
type Way = { lost: () => boolean; delay: () => number; down: boolean }

/** A program without access to the database, whose follower is the one that servers have. */
function program(
  one: House,
  service: { id: string; secret: string },
  { feed = 0, server = () => one.auth.handler } = {},
) {
  const { clock } = one
  const way: Way = { lost: () => false, delay: () => 0, down: false }
  const pass = async () => {
    const ms = way.delay()
    if (ms > 0) await new Promise<void>((done) => clock.after(ms, done))
    // What is lost is noticed by nobody.
    if (way.down || way.lost()) await new Promise(() => {})
  }
  const send: Sending = async (request) => {
    await pass()
    const response = await server()(request)
    await pass()
    return response
  }
  const applied: Change[] = []
  const seen = { resets: 0, asked: 0 }
  const counted: Sending = (request) => {
    if (request.method === 'GET' && !request.url.includes('wait=')) seen.asked = clock.monotonic()
    return send(request)
  }
  const fetch = (url: string | URL | Request, init?: RequestInit) => counted(new Request(url, init))
  const chosen = setting({ issuer: one.auth.setting.baseUrl.origin, service, fetch, clock })
  const relayed = relayedFeed({ server: serverAt(chosen), api: chosen.api, clock, feed, onTotal: () => {} })
  const own = follower(relayed, clock, {
    apply: (change) => void applied.push(change),
    reset: () => {
      seen.resets += 1
      applied.length = 0
    },
    onFault: () => {},
    onRound: () => {},
  })
  const knows = (sid: string) => applied.some((change) => change.kind === 'ended' && change.sessions.includes(sid))
  cleanUps.push(() => one.patiently(own.stop()))
  return { own, way, applied, seen, knows }
}

async function installation(store: Store = memory()) {
  const one = await house({ store })
  cleanUps.push(() => one.patiently(one.close()))
  const { id, secret } = must(await one.auth.services.create('billing'))
  const service = { id, secret }
  let count = 0
  const enter = async () => {
    count += 1
    return (await one.enter(`user${count}`)).signedIn.session.id
  }
  return { ...one, one, service, newSession: enter, rows: () => store.sessions.source.feed.rows() }
}

const started = async (clock: ManualClock, own: Follower) => {
  await Promise.all([own.start(), clock.advance(10)])
  expect(own.leased()).toBe(true)
}

describe.each([
  ['memory', () => memory()],
  ['SQLite', () => sqlite(newFile())],
])('a program that follows over HTTP what is in %s', (_, make) => {
  it('P1: has applied an ending when it returns, which is at once', async () => {
    const { one, auth, clock, service, newSession } = await installation(make())
    const sids = [await newSession(), await newSession(), await newSession()]
    const { own, knows, seen } = program(one, service)
    await started(clock, own)
    for (const sid of sids) {
      await clock.advance(1700)
      const began = clock.monotonic()
      await one.patiently(auth.end(sid))
      expect(knows(sid)).toBe(true)
      expect(clock.monotonic() - began).toBeLessThan(200)
      expect(own.leased()).toBe(true)
    }
    expect(seen.resets).toBe(1)
    await clock.advance(60_000)
    expect(own.leased()).toBe(true)
  })

  it('P1: that is cut off holds its lease no longer than L from its last request, and an ending waits for that', async () => {
    const { one, auth, clock, service, newSession } = await installation(make())
    const sid = await newSession()
    const { own, way, knows, seen } = program(one, service)
    await started(clock, own)
    await clock.advance(2345)
    way.down = true
    const { asked } = seen
    const began = clock.monotonic()
    let settled = false
    const ending = auth.end(sid).finally(() => {
      settled = true
    })
    while (!settled) {
      await clock.advance(10)
      if (clock.monotonic() - asked >= LEASE_MS) expect(own.leased()).toBe(false)
    }
    await ending
    expect(clock.monotonic() - began).toBeGreaterThanOrEqual(SETTLE_MS)
    expect([own.leased(), knows(sid)]).toEqual([false, false])
    await clock.advance(2 * SETTLE_MS)
    way.down = false
    await clock.advance(3 * LEASE_MS)
    expect([own.leased(), knows(sid), seen.resets]).toEqual([true, true, 1])
  })

  it('leaves, and no ending waits for it', async () => {
    const { one, auth, clock, service, newSession, rows } = await installation(make())
    const sid = await newSession()
    const before = (await rows()).length
    const { own } = program(one, service)
    await started(clock, own)
    expect(await rows()).toHaveLength(before + 1)
    await one.patiently(own.stop())
    expect(own.leased()).toBe(false)
    expect(await rows()).toHaveLength(before)
    const began = clock.monotonic()
    await one.patiently(auth.end(sid))
    expect(clock.monotonic() - began).toBeLessThan(100)
  })

  it('goes on with another server, and with one that began anew', async () => {
    const store = make()
    const { one, auth, clock, service, newSession } = await installation(store)
    const sid = await newSession()
    const next = await house({ store, clock })
    cleanUps.push(() => one.patiently(next.close()))
    let turn = 0
    const server = () => (turn++ % 2 === 0 ? one : next).auth.handler
    const { own, knows, seen } = program(one, service, { server })
    await started(clock, own)
    await clock.advance(10_000)
    expect(own.leased()).toBe(true)
    await one.patiently(auth.end(sid))
    expect([knows(sid), seen.resets]).toEqual([true, 1])
  })
})

describe('a program that follows over HTTP', () => {
  it.each(Array.from({ length: 12 }, (_, i) => i + 1))(
    'P1: decides by nothing older than an ending that has returned, whatever is lost and late on the way (%i)',
    async (seed) => {
      const { chance, whole } = random(seed, 'way')
      const { one, auth, clock, service, newSession } = await installation()
      const { own, way, knows } = program(one, service)
      await started(clock, own)
      way.lost = () => chance(0.1)
      way.delay = () => (chance(0.2) ? whole(4000) : whole(50))
      for (let i = 0; i < 12; i++) {
        const sid = await newSession()
        way.down = chance(0.2)
        await clock.advance(whole(3000))
        await one.patiently(auth.end(sid))
        if (own.leased()) expect(knows(sid)).toBe(true)
      }
      Object.assign(way, { lost: () => false, delay: () => 0, down: false })
      await clock.advance(4 * LEASE_MS)
      expect(own.leased()).toBe(true)
    },
  )

  it('P1: takes no lease from news: without reads it is over', async () => {
    const { one, clock, auth, service, newSession } = await installation()
    let deaf = false
    const server = () => (request: Request) =>
      deaf && request.method === 'GET' && !request.url.includes('wait=')
        ? new Promise<Response>(() => {})
        : one.auth.handler(request)
    const { own, knows } = program(one, service, { server })
    await started(clock, own)
    await clock.advance(100)
    deaf = true
    for (let i = 0; i < 3; i++) {
      const sid = await newSession()
      await one.patiently(auth.end(sid))
      expect(own.leased() && !knows(sid)).toBe(false)
      await clock.advance(1200)
    }
    expect(own.leased()).toBe(false)
  })

  it('registers anew after its row was marked, and goes on from where it was', async () => {
    const { one, clock, service, rows, store } = await installation()
    const { own, seen } = program(one, service)
    const before = (await rows()).map(({ id }) => id)
    await started(clock, own)
    const first = own.row()
    const marked = (await rows()).map(({ id }) => id).filter((id) => !before.includes(id))
    await store.sessions.source.feed.mark(marked)
    await clock.advance(1500)
    expect([own.row() === first, own.leased(), seen.resets]).toEqual([false, true, 1])
    expect((await rows()).filter(({ id }) => marked.includes(id))).toEqual([])
  })

  it('begins anew where its place is none any more', async () => {
    const { one, clock, service, store } = await installation()
    let now = one.auth.handler
    const { own, seen } = program(one, service, { server: () => now })
    await started(clock, own)
    const next = await house({ store, clock, secret: `another-${SECRET}` })
    cleanUps.push(() => one.patiently(next.close()))
    now = next.auth.handler
    await clock.advance(2500)
    expect([own.leased(), seen.resets]).toEqual([true, 2])
  })

  it('follows every feed there is, each for itself', async () => {
    const store = { ...memory(), sessions: memory().sessions }
    const { one, auth, clock, service, newSession } = await installation(store)
    const [sid, later] = [await newSession(), await newSession()]
    const both = [0, 1].map((feed) => program(one, service, { feed }))
    for (const { own } of both) await started(clock, own)
    await one.patiently(auth.end(sid))
    expect(both.map(({ knows }) => knows(sid))).toEqual([false, true])
    const who = await auth.users.findByEmail('user2@example.com')
    await one.patiently(auth.lock(who?.id ?? ''))
    expect(both[0]?.applied).toMatchObject([{ kind: 'user', ended: 'user_locked' }])
    expect(both[1]?.knows(later)).toBe(true)
    expect(both.every(({ own }) => own.leased())).toBe(true)
  })

  it('asks for little while nothing happens: a read a second, and one that waits', async () => {
    const { one, clock, service } = await installation()
    const asked: string[] = []
    const server = () => (request: Request) => {
      asked.push(request.url.includes('wait=') ? 'wait' : request.method)
      return one.auth.handler(request)
    }
    const { own } = program(one, service, { server })
    await started(clock, own)
    asked.length = 0
    await clock.advance(60_000)
    expect(asked.filter((kind) => kind === 'GET').length).toBeLessThanOrEqual(60)
    expect(asked.filter((kind) => kind === 'wait').length).toBeLessThanOrEqual(4)
    expect(asked.filter((kind) => kind === 'POST')).toEqual([])
  })
})
