import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Auth } from '../../src/auth.ts'
import { StoreUnavailable } from '../../src/errors.ts'
import type { FeedRead } from '../../src/feed.ts'
import type { StrategyFactory } from '../../src/options.ts'
import type { Source, Store } from '../../src/store.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { hybrid } from '../../src/strategies/hybrid.ts'
import { jwt } from '../../src/strategies/jwt.ts'
import { LEASE_MS } from '../../src/view/lease.ts'
import { type House, holding, house, must, PASSWORD } from '../support/house.ts'

vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('../faults/support/quick-argon2.ts'))

let open: House | null = null
afterEach(async () => {
  await open?.close()
  open = null
})

const EMAIL = 'ann@example.com'

/** A node that hears nothing, forgets everything, or is told nothing of the keys, when it is told so; and one beside it. */
async function begin(strategy: () => StrategyFactory) {
  const real = memory()
  const state = { deaf: false, lost: false, keyless: false, tailless: false }
  const { source } = real.users
  const own: Source = {
    ...source,
    feed: {
      ...source.feed,
      async read(...asked): Promise<FeedRead> {
        if (state.deaf) throw new StoreUnavailable('deaf')
        const read = await source.feed.read(...asked)
        if (!state.lost) return read
        state.lost = false
        return { ...read, lost: true, complete: false, entries: [] }
      },
      onAppend: (wake) => source.feed.onAppend((told) => state.deaf || wake(told)),
      tail: () => (state.tailless ? new Promise(() => {}) : source.feed.tail()),
    },
  }
  const ports = Object.entries(real).map(([name, port]) => [name, { ...port, source: own }])
  const store = Object.fromEntries(ports) as unknown as Store
  const list = () => (state.keyless ? Promise.reject(new StoreUnavailable('down')) : real.keys.list())
  open = await house({ store: { ...store, keys: { ...store.keys, list } }, strategy: strategy() })
  const { auth, clock, patiently } = open
  const other = await house({ store: real, strategy: strategy(), clock })
  must(await auth.signUp({ email: EMAIL, password: PASSWORD }))
  // The rows that the second node found when it started are gone by then.
  await clock.advance(3 * LEASE_MS)
  const signIn = async (at: Auth) => {
    const outcome = must(await at.signIn({ email: EMAIL, password: PASSWORD, transport: 'bearer' }))
    if (outcome.status !== 'signed_in') throw new Error(outcome.status)
    return { ...outcome, carrier: holding({ bearer: outcome.carried.tokens?.accessToken ?? '' }) }
  }
  return { auth, other: other.auth, clock, state, signIn, patiently }
}

const STRATEGIES = [
  ['hybrid', hybrid],
  ['jwt', jwt],
] as const

describe.each(STRATEGIES)('a node that has forgotten the keys and cannot read them, by %s', (_, make) => {
  it('P3: refuses nobody for it, ends nothing by mistake, and goes on once it can', async () => {
    const { auth, clock, state, signIn } = await begin(make)
    const { carrier } = await signIn(auth)
    must(await auth.authenticate(carrier))
    state.keyless = true
    state.lost = true
    await clock.advance(2000)
    expect(await auth.authenticate(carrier)).toMatchObject({ refusal: { code: 'unavailable' } })
    await expect(auth.signOut(carrier)).rejects.toThrow(StoreUnavailable)
    state.keyless = false
    must(await auth.authenticate(carrier))
    expect(auth.authenticate(carrier)).not.toBeInstanceOf(Promise)
  })
})

describe('a node that has not heard yet', () => {
  it.each(STRATEGIES)('P3: of an unlocking lets in who has signed in since, by %s', async (_, make) => {
    const { auth, other, state, signIn, patiently } = await begin(make)
    const before = await signIn(other)
    must(await auth.authenticate(before.carrier))
    must(await patiently(other.lock(before.user.id)))
    expect(await auth.authenticate(before.carrier)).toMatchObject({ ok: false })
    state.deaf = true
    const unlocking = other.unlock(before.user.id)
    const { carrier } = await signIn(other)
    must(await auth.authenticate(carrier))
    must(await patiently(unlocking))
  })
})

describe('endings', () => {
  it('P1: the end of a session without a record waits for a node that hears nothing once', async () => {
    const { auth, other, clock, state, signIn, patiently } = await begin(jwt)
    const { carrier, session } = await signIn(auth)
    const another = await signIn(auth)
    must(await auth.authenticate(carrier))
    state.deaf = true
    const began = clock.monotonic()
    // There is something that it has not heard of already.
    const before = other.end(another.session.id)
    await clock.advance(50)
    expect(await patiently(other.end(session.id))).toBe(true)
    expect(clock.monotonic() - began).toBeLessThan(3200)
    expect(await before).toBe(true)
    expect((await auth.authenticate(carrier)).ok).toBe(false)
  })

  it('TE-10: a sign-out that is not told the tail of the feed fails in bounded time', async () => {
    const { auth, state, patiently } = await begin(jwt)
    state.tailless = true
    await expect(patiently(auth.signOut({ get: () => null }))).rejects.toThrow(StoreUnavailable)
  })
})
