import { describe, expect, it } from 'vitest'
import type { SessionId } from '../../src/session.ts'
import type { Denial, Store } from '../../src/store.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { jwt } from '../../src/strategies/jwt.ts'
import { manualClock } from '../../src/testing/clock.ts'
import { denialsView } from '../../src/view/denials.ts'
import { holding, house, must, PASSWORD } from '../support/house.ts'

const LIFE = 900_000

const id = (n: number) => `sid${String(n).padStart(19, '0')}` as SessionId

function viewed(most?: number) {
  const [clock, store] = [manualClock(), memory()]
  const faults: unknown[] = []
  const view = denialsView({
    denials: store.denials,
    clock,
    life: () => LIFE,
    onFault: (fault) => faults.push(fault),
    ...(most !== undefined && { most }),
  })
  const deny = (n: number) =>
    store.denials.deny({ sid: id(n), reason: 'signed_out', until: clock.now() + LIFE }, clock.now())
  const ended = (n: number) => view.apply({ kind: 'ended', sessions: [id(n)], reason: 'user_locked', at: clock.now() })
  return { clock, store, view, deny, ended, faults }
}

describe('denials in memory', () => {
  it('P1: are complete once everything that was denied before has been read, in pages', async () => {
    const { view, deny } = viewed()
    for (let n = 0; n < 2500; n++) await deny(n)
    expect(view.complete()).toBe(false)
    await view.load()
    expect(view.complete()).toBe(true)
    expect(view.size()).toBe(2500)
    expect(view.reasonOf(id(2499))).toBe('signed_out')
    expect(view.reasonOf(id(2500))).toBeNull()
  })

  it('P1: take in what is denied while they are being read', async () => {
    const { view, deny, ended } = viewed()
    await deny(1)
    const loading = view.load()
    ended(2)
    await loading
    expect([view.reasonOf(id(1)), view.reasonOf(id(2))]).toEqual(['signed_out', 'user_locked'])
  })

  it('are forgotten when no token they are about can be good', async () => {
    const { view, ended, clock } = viewed()
    await view.load()
    ended(1)
    await clock.advance(LIFE - 1)
    ended(2)
    expect(view.reasonOf(id(1))).toBe('user_locked')
    await clock.advance(60_001)
    ended(3)
    expect([view.reasonOf(id(1)), view.size()]).toEqual([null, 2])
  })

  it('P3: say that they are not complete when there are too many, and never forget one for another', async () => {
    const { view, ended } = viewed(3)
    await view.load()
    for (let n = 0; n < 4; n++) ended(n)
    expect([view.complete(), view.size()]).toEqual([false, 3])
    expect(view.reasonOf(id(0))).toBe('user_locked')
  })

  it('P1: say so too when the one too many is on the last page that was read', async () => {
    const { view, deny } = viewed(3)
    for (let n = 0; n < 4; n++) await deny(n)
    await view.load()
    expect([view.complete(), view.size()]).toEqual([false, 3])
  })

  it('P1: say so too when the one too many comes while they are being read', async () => {
    const { view, deny, ended } = viewed(3)
    for (let n = 0; n < 3; n++) await deny(n)
    const loading = view.load()
    for (let n = 10; n < 14; n++) ended(n)
    await loading
    expect(view.complete()).toBe(false)
  })

  it('are complete again once there is room for all', async () => {
    const { view, ended, clock } = viewed(3)
    await view.load()
    for (let n = 0; n < 4; n++) ended(n)
    expect(view.complete()).toBe(false)
    await clock.advance(LIFE + 60_000)
    ended(5)
    await new Promise(setImmediate)
    expect([view.complete(), view.size()]).toEqual([true, 1])
  })

  it('know nothing when data was lost, until they have been read anew', async () => {
    const { view, deny } = viewed()
    await deny(1)
    await view.load()
    view.reset()
    expect([view.complete(), view.reasonOf(id(1))]).toEqual([false, null])
    await new Promise(setImmediate)
    expect([view.complete(), view.reasonOf(id(1))]).toEqual([true, 'signed_out'])
  })

  it('P1: are not what an older reading says that arrives after a newer one began', async () => {
    const { store, clock } = viewed()
    const answers: ((page: { items: readonly Denial[]; nextCursor: null }) => void)[] = []
    const denials = {
      ...store.denials,
      list: () => new Promise<{ items: readonly Denial[]; nextCursor: null }>((resolve) => answers.push(resolve)),
    }
    const view = denialsView({ denials, clock, life: () => LIFE, onFault: () => {} })
    const older = view.load()
    const newer = view.load()
    answers[0]?.({ items: [{ sid: id(1), reason: 'signed_out', until: clock.now() + LIFE }], nextCursor: null })
    await older
    expect([view.complete(), view.size()]).toEqual([false, 0])
    answers[1]?.({ items: [], nextCursor: null })
    await newer
    expect([view.complete(), view.size()]).toEqual([true, 0])
  })

  it('P3: say so when they cannot be read', async () => {
    const { view, store, faults } = viewed()
    const broken: Store['denials'] = { ...store.denials, list: () => Promise.reject(new Error('down')) }
    const clock = manualClock()
    const other = denialsView({ denials: broken, clock, life: () => LIFE, onFault: (fault) => faults.push(fault) })
    other.reset()
    await new Promise(setImmediate)
    expect([other.complete(), view.complete(), faults.length]).toEqual([false, false, 1])
  })
})

describe('a token without a record', () => {
  it('P1: is over no later than tokens of now: a shortened life is that of the denials too', async () => {
    const [store, clock] = [memory(), manualClock()]
    const timeouts = { idle: '2h', absolute: '12h' } as const
    const before = await house({ store, clock, timeouts, strategy: jwt({ ttl: '1h' }) })
    const { carrier, signedIn } = await before.enter('ada')
    const after = await house({ store, clock, timeouts, strategy: jwt({ ttl: '15m' }) })
    must(await after.auth.authenticate(carrier))
    await after.patiently(after.auth.end(signedIn.session.id))
    clock.step(20 * 60_000)
    await clock.advance(4000)
    await store.denials.purge(clock.now(), 100)
    const restarted = await house({ store, clock, timeouts, strategy: jwt({ ttl: '15m' }) })
    expect((await restarted.auth.authenticate(carrier)).ok).toBe(false)
    for (const one of [before, after, restarted]) await one.close()
  })

  it('P2: is decided without I/O by a node that has never seen it, once its user is known', async () => {
    const store = memory()
    let calls = 0
    const counted = <P extends object>(port: P): P =>
      new Proxy(port, {
        get(of, name) {
          const verb: unknown = Reflect.get(of, name)
          if (typeof verb !== 'function') return verb
          return (...given: unknown[]) => {
            calls += 1
            return Reflect.apply(verb, of, given)
          }
        },
      })
    const { users, denials, sessions } = store
    const wrapped = { ...store, users: counted(users), denials: counted(denials), sessions: counted(sessions) }
    const { auth, enter, close, patiently } = await house({ store: wrapped, strategy: jwt() })
    const { carrier, signedIn } = await enter('ada')
    const who = must(await auth.authenticate(carrier))
    const next = must(await auth.renew(who))
    const again = must(await auth.signIn({ email: signedIn.user.email, password: PASSWORD, transport: 'bearer' }))
    if (again.status !== 'signed_in') throw new Error(again.status)
    const [other, renewed] = [again.carried.tokens?.accessToken ?? '', next.carried.cookies[0]?.split(';')[0] ?? '']
    calls = 0
    expect(auth.authenticate(holding({ bearer: other }))).toMatchObject({ ok: true })
    expect(auth.authenticate(holding({ cookie: renewed }))).toMatchObject({ ok: true })
    expect(calls).toBe(0)
    await patiently(auth.end(again.session.id))
    expect(await auth.authenticate(holding({ bearer: other }))).toMatchObject({ refusal: { code: 'session_revoked' } })
    expect(auth.authenticate(holding({ cookie: renewed }))).toMatchObject({ ok: true })
    // One that was ended before it was ever shown here.
    const unseen = must(await auth.signIn({ email: signedIn.user.email, password: PASSWORD, transport: 'bearer' }))
    if (unseen.status !== 'signed_in') throw new Error(unseen.status)
    await patiently(auth.end(unseen.session.id))
    const bearer = unseen.carried.tokens?.accessToken ?? ''
    expect(await auth.authenticate(holding({ bearer }))).toMatchObject({ refusal: { code: 'session_revoked' } })
    await close()
  })
})
