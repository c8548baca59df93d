import { afterEach, describe, expect, it } from 'vitest'
import { StoreUnavailable } from '../../src/errors.ts'
import type { SessionId } from '../../src/session.ts'
import type { Store } from '../../src/store.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { sqlite } from '../../src/stores/sql/sqlite.ts'
import { hybrid } from '../../src/strategies/hybrid.ts'
import { jwt } from '../../src/strategies/jwt.ts'
import { newFile } from '../stores/sqlite-fixture.ts'
import { type House, holding, house, must, PASSWORD } from '../support/house.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

const opened: House[] = []
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
})

/** Somebody signed in, and a node that has seen nothing of them besides: services are used there. */
async function signedIn(options: Parameters<typeof house>[0] = {}) {
  const one = await house({ nodes: 2, ...options })
  opened.push(one)
  const { store, nodes, clock } = one
  const who = must(await one.auth.signUp({ email: 'ada@example.com', password: PASSWORD, transport: 'bearer' }))
  const tokens = who.carried.tokens as { readonly accessToken: string; readonly refreshToken: string }
  const carrier = holding({ bearer: tokens.accessToken })
  const sid = who.session.id
  const record = async (of: string = sid) => {
    const found = await store.sessions.find(of as SessionId)
    if (!found) throw new Error('no record')
    return found
  }
  const relay = (nodes[1] ?? one.auth).relay
  /** Tells of them, and waits until everything is written. */
  const tell = async (...uses: Parameters<typeof relay.used>[0]) => {
    await relay.used(uses)
    await clock.advance(2 * MINUTE)
  }
  const later = async (ms: number) => {
    clock.step(ms - 4000)
    await clock.advance(4000)
  }
  return { ...one, who, tokens, carrier, sid, record, relay, tell, later }
}

describe('uses that a service tells of', () => {
  it.each([
    ['memory', () => memory()],
    ['SQLite', () => sqlite(newFile())],
  ])('TO-04: move the activity of a session over %s, and nothing else of it', async (_, make) => {
    const { sid, record, tell, later, clock, auth } = await signedIn({ store: make() })
    const before = await record()
    await later(10 * MINUTE)
    const at = clock.now() - 5000
    await tell({ sid, at }, { sid, at: at - 3000 })
    const after = await record()
    expect(after.lastActiveAt).toBe(at)
    expect(after.longestIdle).toBe(at - 3000 - before.lastActiveAt)
    const { lastActiveAt, longestIdle } = after
    expect({ ...before, lastActiveAt, longestIdle }).toEqual(after)
    const { items } = await auth.audit({}, null, 100)
    const types = items.map(({ type }) => type).filter((type) => !type.startsWith('view.'))
    expect(types.sort()).toEqual(['session.created', 'user.created'])
  })

  it('TO-02: keep it from idling out, and not past its absolute limit', async () => {
    const { sid, tell, clock, auth, carrier } = await signedIn()
    for (let passed = 0; passed < 11.5 * HOUR; passed += 22 * MINUTE) {
      clock.step(20 * MINUTE)
      await tell({ sid, at: clock.now() })
    }
    must(await auth.authenticate(carrier))
    clock.step(20 * MINUTE)
    await tell({ sid, at: clock.now() })
    expect(await auth.authenticate(carrier)).toMatchObject({ refusal: { code: 'session_expired_absolute' } })
  })

  it('count no more than an hour back, and never ahead', async () => {
    const { sid, record, tell, later, clock } = await signedIn({ timeouts: { idle: '4h', absolute: '12h' } })
    await later(2 * HOUR)
    const now = clock.now()
    await tell({ sid, at: 0 })
    expect((await record()).lastActiveAt).toBe(now - HOUR)
    const next = clock.now()
    await tell({ sid, at: next + 5 * HOUR })
    expect((await record()).lastActiveAt).toBe(next)
  })

  it('TO-05, SL-08: bring nothing back that ended, was idle for too long, or never was', async () => {
    const { sid, record, tell, later, clock, auth, carrier, enter, patiently, store } = await signedIn()
    const over = await enter('bea')
    await patiently(auth.end(over.signedIn.session.id))
    const ended = await record(over.signedIn.session.id)
    await later(31 * MINUTE)
    const at = clock.now() - 20 * MINUTE
    const idle = await store.sessions.find(sid as SessionId)
    await tell(...[sid, ended.id, 'nobody', 'A'.repeat(22)].map((sid) => ({ sid, at })))
    expect(await record(ended.id)).toEqual(ended)
    expect((await record()).lastActiveAt).toBe(idle?.lastActiveAt)
    expect(await auth.authenticate(carrier)).toMatchObject({ refusal: { code: 'session_expired_idle' } })
  })

  it('of a locked user, or of one whose sessions all ended, are passed over', async () => {
    const { sid, record, tell, later, clock, auth, who, patiently } = await signedIn()
    const before = await record()
    await patiently(auth.lock(who.user.id))
    await later(10 * MINUTE)
    await tell({ sid, at: clock.now() })
    expect((await record()).lastActiveAt).toBe(before.lastActiveAt)
  })

  it('of sessions without a record are passed over', async () => {
    const { sid, tell, clock, auth, carrier } = await signedIn({ strategy: jwt() })
    await tell({ sid, at: clock.now(), counter: 0 })
    must(await auth.authenticate(carrier))
  })

  it('ask the store where another node may know more: a pause is not longer than it was', async () => {
    const options = { timeouts: { sections: [{ path: '/billing', idle: '5m', reauthenticate: '1h' }] } } as const
    const { sid, record, tell, later, clock, auth, carrier, relay } = await signedIn(options)
    await relay.used([{ sid, at: clock.now() + 1 }])
    for (let i = 0; i < 3; i++) {
      await later(4 * MINUTE)
      must(await auth.authenticate(carrier))
    }
    await clock.advance(2 * MINUTE)
    await tell({ sid, at: clock.now() })
    expect((await record()).longestIdle).toBeLessThan(5 * MINUTE)
  })

  it('ER-02: are not lost without a word when the store does not answer', async () => {
    const store = memory()
    const failing = { find: false }
    const sessions: Store['sessions'] = {
      ...store.sessions,
      find: (id) => (failing.find ? Promise.reject(new StoreUnavailable('down')) : store.sessions.find(id)),
    }
    const { sid, relay, clock } = await signedIn({ store: { ...store, sessions } })
    failing.find = true
    await expect(relay.used([{ sid, at: clock.now() }])).rejects.toThrow(StoreUnavailable)
    failing.find = false
    await relay.used([{ sid, at: clock.now() }])
  })

  it('are looked up a few at a time', async () => {
    const store = memory()
    const looks = { now: 0, most: 0 }
    const sessions: Store['sessions'] = {
      ...store.sessions,
      async find(id) {
        looks.now += 1
        looks.most = Math.max(looks.most, looks.now)
        await new Promise((done) => setImmediate(done))
        looks.now -= 1
        return store.sessions.find(id)
      },
    }
    const { relay } = await signedIn({ store: { ...store, sessions } })
    await relay.used(Array.from({ length: 1000 }, (_, i) => ({ sid: `nobody${i}`, at: 0 })))
    expect(looks.most).toBe(8)
  })
})

describe('that an access token has arrived', () => {
  const none = { get: () => null }

  /** Refreshed once, a while ago. */
  async function refreshed() {
    const made = await signedIn({ strategy: hybrid() })
    const { refreshToken } = made.tokens
    await made.later(MINUTE)
    const { counter } = await made.record()
    must(await made.auth.refresh(none, refreshToken))
    return { ...made, refreshToken, counter }
  }

  it('P4, RT-02: is told by its counter: the refresh token before it is theft from then on', async () => {
    for (const told of [true, false]) {
      const { sid, refreshToken, counter, tell, clock, auth, record, patiently } = await refreshed()
      await tell({ sid, at: clock.now(), ...(told && { counter: counter + 1 }) })
      expect((await record()).seenAt !== null).toBe(told)
      const again = await patiently(auth.refresh(none, refreshToken))
      if (told) expect(again).toMatchObject({ refusal: { code: 'token_reused' } })
      else must(again)
    }
  })

  it('P4: is not believed of a counter that is not the newest: what is not there yet hides nothing', async () => {
    const { sid, counter, tell, clock, auth, record, relay } = await refreshed()
    await tell({ sid, at: clock.now(), counter })
    await tell({ sid, at: clock.now(), counter: counter + 2 }, { sid, at: clock.now(), counter: 2 ** 50 })
    expect((await record()).seenAt).toBeNull()
    const at = clock.now() - 1000
    await relay.used([{ sid, at, counter: counter + 1 }])
    await clock.advance(1000)
    expect((await record()).seenAt).toBe(at)
    expect(auth.metrics().state).toBe('leased')
  })
})
