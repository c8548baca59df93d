import { afterEach, describe, expect, it } from 'vitest'
import { fresh, section } from '../../src/guard.ts'
import { cookieOf, type House, holding, house, must, PASSWORD } from '../support/house.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

let open: House | null = null
afterEach(async () => {
  await open?.close()
  open = null
})

async function begin(options: Parameters<typeof house>[0] = {}) {
  open = await house(options)
  return open
}

const codeOf = (result: Awaited<ReturnType<House['auth']['authenticate']>>) => (result.ok ? 'in' : result.refusal.code)

describe('lifetimes', () => {
  it('TO-01 TO-08: idle for one millisecond less is in, idle for the limit is out', async () => {
    const { auth, clock, enter } = await begin()
    const [early, late] = [await enter('ann'), await enter('bea')]
    clock.suspend(30 * MINUTE - 1)
    expect(codeOf(await auth.authenticate(early.carrier))).toBe('in')
    clock.suspend(1)
    expect(codeOf(await auth.authenticate(late.carrier))).toBe('session_expired_idle')
  })

  it('TO-02: activity every minute does not carry a session past the absolute limit, not by a millisecond', async () => {
    const { auth, clock, enter } = await begin()
    const { carrier, signedIn } = await enter('cy')
    const end = signedIn.session.expiresAt
    expect(end).toBe(signedIn.session.createdAt + 12 * HOUR)
    while (clock.now() + MINUTE < end) {
      clock.suspend(MINUTE)
      const who = must(await auth.authenticate(carrier))
      expect(who.session.expiresAt).toBe(end)
      must(await auth.renew(who))
    }
    clock.suspend(end - clock.now() - 1)
    expect(codeOf(await auth.authenticate(carrier))).toBe('in')
    clock.suspend(1)
    expect(codeOf(await auth.authenticate(carrier))).toBe('session_expired_absolute')
  })

  it('TO-06: what the client still holds after expiry is refused, swept or not', async () => {
    const { auth, clock, enter } = await begin()
    const { carrier } = await enter('dee')
    clock.suspend(13 * HOUR)
    expect(codeOf(await auth.authenticate(carrier))).toBe('session_expired_idle')
    await auth.sweep()
    expect(codeOf(await auth.authenticate(carrier))).toBe('session_expired_idle')
  })

  it('TO-05: a session that is over stays over: neither a password nor a renewal resumes it, a new sign-in does', async () => {
    const { auth, clock, enter } = await begin()
    const { carrier } = await enter('ed')
    const who = must(await auth.authenticate(carrier))
    clock.suspend(30 * MINUTE)
    expect(codeOf(await auth.authenticate(carrier))).toBe('session_expired_idle')
    expect((await auth.reauthenticate(who, PASSWORD)).ok).toBe(false)
    expect((await auth.renew(who)).ok).toBe(false)
    expect(codeOf(await auth.authenticate(carrier))).toBe('session_expired_idle')
    const again = must(await auth.signIn({ email: 'ed@example.com', password: PASSWORD }, {}, carrier))
    if (again.status !== 'signed_in') throw new Error(again.status)
    expect(again.session.id).not.toBe(who.session.id)
    expect(codeOf(await auth.authenticate(holding({ cookie: cookieOf(again) })))).toBe('in')
  })

  it('TO-07: reading passively for longer than the idle limit does not keep a session', async () => {
    const { auth, clock, enter } = await begin()
    const { carrier } = await enter('eve')
    for (let i = 0; i < 29; i++) {
      clock.suspend(MINUTE)
      expect(codeOf(await auth.authenticate(carrier, { passive: true }))).toBe('in')
    }
    clock.suspend(MINUTE)
    expect(codeOf(await auth.authenticate(carrier, { passive: true }))).toBe('session_expired_idle')
  })

  it('TO-04: activity moves the idle deadline only, re-authentication moves freshness too, neither the absolute one', async () => {
    const { auth, clock, enter } = await begin()
    const { carrier, signedIn } = await enter('flo')
    clock.suspend(20 * MINUTE)
    const used = must(await auth.authenticate(carrier))
    expect(used.session.lastActiveAt).toBe(clock.now())
    expect(used.session.authenticatedAt).toBe(signedIn.session.authenticatedAt)
    expect(auth.guard(used, [fresh('10m')]).ok).toBe(false)
    const again = must(await auth.reauthenticate(used, PASSWORD))
    expect(again.session.authenticatedAt).toBe(clock.now())
    expect(again.session.expiresAt).toBe(signedIn.session.expiresAt)
    const who = must(await auth.authenticate(holding({ cookie: cookieOf(again) })))
    expect(auth.guard(who, [fresh('10m')]).ok).toBe(true)
  })

  it('TO-07: extending is refused once it is over', async () => {
    const { auth, clock, enter } = await begin()
    const { carrier } = await enter('gus')
    const who = must(await auth.authenticate(carrier))
    await auth.signOut(carrier)
    const renewed = await auth.renew(who)
    expect(renewed.ok ? null : renewed.refusal.code).toBe('signed_out')
    clock.suspend(HOUR)
  })

  it('TO-10: the strictest of the roles counts, also for sessions that are open already', async () => {
    const { auth, clock, enter } = await begin({
      timeouts: { roles: { admin: { idle: '10m' }, auditor: { idle: '5m' } } },
    })
    const { carrier, signedIn } = await enter('hal')
    clock.suspend(11 * MINUTE)
    expect(codeOf(await auth.authenticate(carrier))).toBe('in')
    must(await auth.setRoles(signedIn.user.id, ['member', 'admin', 'auditor']))
    clock.suspend(5 * MINUTE - 1)
    expect(codeOf(await auth.authenticate(carrier))).toBe('in')
    clock.suspend(5 * MINUTE)
    expect(codeOf(await auth.authenticate(carrier))).toBe('session_expired_idle')
  })

  it('SL-09: "remember me" has its own limits, and is not an authentication', async () => {
    const { auth, clock, enter } = await begin()
    await enter('ivy')
    const remembered = must(await auth.signIn({ email: 'ivy@example.com', password: PASSWORD, remember: true }))
    if (remembered.status !== 'signed_in') throw new Error(remembered.status)
    const carrier = holding({ cookie: cookieOf(remembered) })
    clock.suspend(13 * DAY)
    const who = must(await auth.authenticate(carrier))
    expect(auth.guard(who, [fresh('10m')]).ok).toBe(false)
    clock.suspend(14 * DAY - 1)
    expect(codeOf(await auth.authenticate(carrier))).toBe('in')
    clock.suspend(3 * DAY + 1)
    expect(codeOf(await auth.authenticate(carrier))).toBe('session_expired_absolute')
  })

  it('CK-04: the cookie of a session ends with the browser, of a remembered one not after the session', async () => {
    const { auth, enter } = await begin()
    const { signedIn } = await enter('jo')
    expect(signedIn.carried.cookies[0]).not.toMatch(/Max-Age|Expires/)
    const remembered = must(await auth.signIn({ email: 'jo@example.com', password: PASSWORD, remember: true }))
    if (remembered.status !== 'signed_in') throw new Error(remembered.status)
    const seconds = Number(/Max-Age=(\d+)/.exec(remembered.carried.cookies[0] ?? '')?.[1])
    expect(seconds * 1000).toBe(remembered.session.expiresAt - remembered.session.createdAt)
  })

  it('a pause is remembered: a section with a tighter idle limit is not opened by a click elsewhere first', async () => {
    const { auth, clock, enter } = await begin({ timeouts: { sections: [{ path: '/billing', idle: '5m' }] } })
    const { carrier } = await enter('kim')
    const billing = section('/billing/invoices')
    expect(auth.guard(must(await auth.authenticate(carrier)), [billing]).ok).toBe(true)
    clock.suspend(6 * MINUTE)
    expect(codeOf(await auth.authenticate(carrier))).toBe('in')
    const who = must(await auth.authenticate(carrier))
    const refused = auth.guard(who, [billing])
    expect(refused.ok ? null : refused.refusal.code).toBe('reauth_required')
    expect(auth.guard(who, [section('/billings')]).ok).toBe(true)
    const again = must(await auth.reauthenticate(who, PASSWORD))
    const renewed = must(await auth.authenticate(holding({ cookie: cookieOf(again) })))
    expect(auth.guard(renewed, [billing]).ok).toBe(true)
  })

  it('SL-04: never more open sessions than allowed under 20 parallel sign-ins; the oldest learn why', async () => {
    const { auth, enter, clock } = await begin({ sessionLimit: { max: 3, whenFull: 'end-oldest' } })
    const first = await enter('lou')
    clock.suspend(1)
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => auth.signIn({ email: 'lou@example.com', password: PASSWORD })),
    )
    expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(20)
    expect(await auth.sessions(first.signedIn.user.id)).toHaveLength(3)
    expect(codeOf(await auth.authenticate(first.carrier))).toBe('session_evicted')
    const states = await Promise.all(
      outcomes.map(async (outcome) => {
        const value = must(outcome)
        if (value.status !== 'signed_in') throw new Error(value.status)
        return codeOf(await auth.authenticate(holding({ cookie: cookieOf(value) })))
      }),
    )
    expect(states.filter((state) => state === 'in')).toHaveLength(3)
    expect(states.filter((state) => state === 'session_evicted')).toHaveLength(17)
  })

  it('SL-04: with "refuse" the ones too many are turned away and the open ones stay', async () => {
    const { auth, enter } = await begin({ sessionLimit: { max: 3, whenFull: 'refuse' } })
    const first = await enter('mia')
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => auth.signIn({ email: 'mia@example.com', password: PASSWORD })),
    )
    expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(2)
    expect(outcomes.filter((outcome) => !outcome.ok && outcome.refusal.code === 'session_limit_reached')).toHaveLength(
      18,
    )
    expect(codeOf(await auth.authenticate(first.carrier))).toBe('in')
  })

  it('LG-05 P5: sweeping ends what expired, once, with its reason', async () => {
    const { auth, clock, enter, events } = await begin()
    for (const label of ['ned', 'oda', 'pat']) await enter(label)
    clock.suspend(31 * MINUTE)
    expect(await auth.sweep()).toBe(3)
    expect(await auth.sweep()).toBe(0)
    await Promise.resolve()
    const ended = events.filter((event) => event.type === 'session.ended')
    expect(ended.map((event) => event.reason)).toEqual([
      'session_expired_idle',
      'session_expired_idle',
      'session_expired_idle',
    ])
  })

  it('P5: idle is judged by uses on every node', async () => {
    const { nodes, clock, enter } = await begin({ nodes: 2 })
    const [here, there] = nodes as [House['auth'], House['auth']]
    const { carrier } = await enter('quin')
    await there.authenticate(carrier)
    await clock.advance(20 * MINUTE)
    await here.authenticate(carrier)
    await clock.advance(20 * MINUTE)
    // There it was last seen 40 minutes ago; the store knows better.
    expect(codeOf(await there.authenticate(carrier))).toBe('in')
  })
})
