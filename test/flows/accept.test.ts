import { describe, expect, it } from 'vitest'
import type { StrategyFactory } from '../../src/options.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { hybrid } from '../../src/strategies/hybrid.ts'
import { jwt } from '../../src/strategies/jwt.ts'
import { session } from '../../src/strategies/session.ts'
import { manualClock } from '../../src/testing/clock.ts'
import { cookieOf, type House, holding, house, must, PASSWORD } from '../support/house.ts'

/** The same strategy under an older cookie name, read by promise: as one that has to look something up would be. */
const older: StrategyFactory = (setting) => {
  const made = session()({ ...setting, cookies: { ...setting.cookies, name: 'old' } })
  return { ...made, name: 'older', identify: async (carrier, now) => made.identify(carrier, now) }
}

/** What a browser sends that was handed these. */
const jarOf = (cookies: readonly string[]) => cookies.map((cookie) => cookie.split(';')[0]).join('; ')

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

  it('P9: a live user base moves from session to hybrid and on to jwt, and nobody is signed out on the way', async () => {
    const [store, clock] = [memory(), manualClock()]
    const people = ['ann', 'ben', 'cid', 'dee']
    const stages = [
      { strategy: session(), accept: [] },
      { strategy: hybrid(), accept: [session()] },
      { strategy: jwt(), accept: [hybrid(), session()] },
    ]
    /** Everybody who ever signed in, by what their browser holds. */
    const jars: { cookie: string; by: string }[] = []
    const houses: House[] = []
    for (const [i, stage] of stages.entries()) {
      const now = await house({ store, clock, ...stage })
      // Both run side by side while the new one is rolled out.
      const signedIn = must(await now.auth.signUp({ email: `${people[i]}@example.com`, password: PASSWORD }))
      jars.push({ cookie: jarOf(signedIn.carried.cookies), by: signedIn.session.strategy })
      for (const jar of jars) {
        const who = must(await now.auth.authenticate(holding(jar)))
        expect(who.via).toEqual({ strategy: jar.by, transport: 'cookie' })
      }
      await clock.advance(60_000)
      // Each goes on in the way of its own strategy: refreshed, renewed, proved again.
      for (const jar of jars) {
        const carrier = holding(jar)
        const who = must(await now.auth.authenticate(carrier))
        const next =
          jar.by === 'hybrid'
            ? must(await now.auth.refresh(carrier, null))
            : must(await now.patiently(now.auth.reauthenticate(who, PASSWORD)))
        jar.cookie = jarOf(next.carried.cookies)
        expect(must(await now.auth.authenticate(holding(jar))).via.strategy).toBe(jar.by)
      }
      houses.push(now)
    }
    expect(jars.map(({ by }) => by)).toEqual(['session', 'hybrid', 'jwt'])
    // Whoever signs in now, signs in by the new one, and what the browser held before is ended.
    const last = houses.at(-1) as House
    const again = must(
      await last.patiently(
        last.auth.signIn({ email: 'ann@example.com', password: PASSWORD }, {}, holding(jars[0] as { cookie: string })),
      ),
    )
    if (again.status !== 'signed_in') throw new Error(again.status)
    expect(again.session.strategy).toBe('jwt')
    expect((await last.auth.authenticate(holding(jars[0] as { cookie: string }))).ok).toBe(false)
    for (const jar of jars.slice(1)) expect((await last.auth.authenticate(holding(jar))).ok).toBe(true)
    for (const one of houses) await one.close()
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
