import { describe, expect, it } from 'vitest'
import type { StrategyFactory } from '../../src/options.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { session } from '../../src/strategies/session.ts'
import { manualClock } from '../../src/testing/clock.ts'
import { cookieOf, holding, house, must, PASSWORD } from '../support/house.ts'

/** The same strategy under an older cookie name, read by promise: as one that has to look something up would be. */
const older: StrategyFactory = (setting) => {
  const made = session()({ ...setting, cookies: { ...setting.cookies, name: 'old' } })
  return { ...made, name: 'older', identify: async (carrier, now) => made.identify(carrier, now) }
}

describe('accepting several strategies', () => {
  it('P9: a user base moves from one to another without anybody being signed out', async () => {
    const [store, clock] = [memory(), manualClock()]
    const before = await house({ store, clock, strategy: older })
    const { cookie, carrier } = await before.enter('ann')
    expect(cookie).toMatch(/^__Host-old=/)

    const after = await house({ store, clock, strategy: session(), accept: [older] })
    expect(must(await after.auth.authenticate(carrier)).via).toEqual({ strategy: 'session', transport: 'cookie' })
    const again = must(await after.auth.signIn({ email: 'ann@example.com', password: PASSWORD }))
    if (again.status !== 'signed_in') throw new Error(again.status)
    expect(cookieOf(again)).toMatch(/^__Host-sid=/)
    expect((await after.auth.authenticate(holding({ cookie: cookieOf(again) }))).ok).toBe(true)

    // Signing out clears what either of them may have set.
    const out = await after.patiently(after.auth.signOut(carrier))
    expect(out.cookies.map((one) => one.split('=')[0])).toEqual(['__Host-sid', '__Host-old'])
    expect((await after.auth.authenticate(carrier)).ok).toBe(false)

    const strict = await house({ store, clock, strategy: session() })
    expect((await strict.auth.authenticate({ get: () => null })).ok).toBe(false)
    for (const one of [before, after, strict]) await one.close()
  })

  it('CS-11: the first that finds its credential has the word: a bad one does not fall through to the next', async () => {
    const both = await house({ strategy: session(), accept: [older] })
    const { cookie } = await both.enter('bea')
    const old = cookie.replace('__Host-sid', '__Host-old')
    expect((await both.auth.authenticate(holding({ cookie: old }))).ok).toBe(true)
    const spoilt = await both.auth.authenticate(holding({ cookie: `__Host-sid=nonsense; ${old}` }))
    expect(spoilt.ok).toBe(false)
    await both.close()
  })
})
