import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Credential } from '../../src/credential.ts'
import { fresh } from '../../src/guard.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { manualClock } from '../../src/testing/clock.ts'
import { cookieOf, type House, holding, house, must, PASSWORD, SECRET } from '../support/house.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const EMAIL = 'owner@example.com'

let one: House
beforeEach(async () => {
  one = await house()
})
afterEach(() => one.close())

const guess = (house: House, email = EMAIL, source?: string, password = 'a wrong passphrase here') =>
  house.auth.signIn({ email, password }, source === undefined ? {} : { source })

async function codes(attempts: ReturnType<typeof guess>[]): Promise<string[]> {
  return (await Promise.all(attempts)).map((result) => (result.ok ? 'in' : result.refusal.code))
}

async function locked(house: House) {
  await house.enter('owner')
  for (let i = 0; i < 5; i++) expect(await codes([guess(house)])).toEqual(['invalid_credentials'])
}

describe('guessing', () => {
  it('TH-02: after five free failures each further one doubles the delay, from a second to fifteen minutes', async () => {
    await locked(one)
    const delays: number[] = []
    for (let i = 0; i < 12; i++) {
      const refused = await guess(one)
      if (refused.ok) throw new Error('let in')
      expect(refused.refusal.code).toBe('throttled')
      delays.push(refused.refusal.retryAfter ?? 0)
      one.clock.suspend((refused.refusal.retryAfter ?? 0) * SECOND)
      expect(await codes([guess(one)])).toEqual(['invalid_credentials'])
    }
    expect(delays).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900])
  })

  it('TH-02: the delay is counted by account whatever the source, and other accounts are not touched', async () => {
    await one.enter('owner')
    await one.enter('other')
    for (let i = 0; i < 5; i++) await guess(one, EMAIL, `192.0.2.${i}`)
    expect(await codes([guess(one, EMAIL, '198.51.100.1')])).toEqual(['throttled'])
    expect(await codes([guess(one, 'other@example.com', '198.51.100.1', PASSWORD)])).toEqual(['in'])
  })

  it('TH-01: a hundred failures in a row disable the password, also for the right one, with the same answer', async () => {
    const made = await house({ throttle: { free: 100 } })
    const { carrier } = await made.enter('owner')
    for (let i = 0; i < 100; i++) await guess(made, EMAIL, `10.0.${i}.1`)
    made.clock.suspend(16 * MINUTE)
    expect(await codes([guess(made, EMAIL, '203.0.113.9', PASSWORD)])).toEqual(['invalid_credentials'])
    expect(made.events.filter((event) => event.type === 'password.disabled')).toHaveLength(1)
    // TH-03: who was signed in already goes on.
    expect((await made.auth.authenticate(carrier)).ok).toBe(true)
    await made.close()
  }, 60_000)

  it('TH-03: hammering an account leaves its open session alone', async () => {
    const { carrier } = await one.enter('owner')
    for (let i = 0; i < 6; i++) await guess(one)
    expect((await one.auth.authenticate(carrier)).ok).toBe(true)
    const who = must(await one.auth.authenticate(carrier))
    expect((await one.auth.renew(who)).ok).toBe(true)
  })

  it('TH-04: a success forgets the failures of the account', async () => {
    await one.enter('owner')
    for (let i = 0; i < 4; i++) await guess(one)
    expect(await codes([guess(one, EMAIL, undefined, PASSWORD)])).toEqual(['in'])
    for (let i = 0; i < 5; i++) expect(await codes([guess(one)])).toEqual(['invalid_credentials'])
    expect(await codes([guess(one)])).toEqual(['throttled'])
  })

  it('TH-05: one source trying many accounts is cut off, another source is not', async () => {
    const tried: string[] = []
    for (let i = 0; i < 60; i++) tried.push(...(await codes([guess(one, `user${i}@example.com`, '192.0.2.7')])))
    expect(tried.slice(0, 50).every((code) => code === 'invalid_credentials')).toBe(true)
    expect(tried.slice(50).every((code) => code === 'throttled')).toBe(true)
    expect(await codes([guess(one, 'user99@example.com', '192.0.2.8')])).toEqual(['invalid_credentials'])
    one.clock.suspend(10 * MINUTE)
    expect(await codes([guess(one, 'user98@example.com', '192.0.2.7')])).toEqual(['invalid_credentials'])
  })

  it('TH-05: successes are free: an office behind one address signs in all day', async () => {
    await one.enter('owner')
    for (let i = 0; i < 60; i++) expect(await codes([guess(one, EMAIL, '192.0.2.9', PASSWORD)])).toEqual(['in'])
  })

  it('TH-07: the addresses of one IPv6 network are one source', async () => {
    const tried: string[] = []
    for (let i = 0; i < 51; i++) {
      tried.push(...(await codes([guess(one, `user${i}@example.com`, `2001:db8:1:2:${i.toString(16)}::1`)])))
    }
    expect(tried.filter((code) => code === 'throttled')).toHaveLength(1)
    expect(await codes([guess(one, 'next@example.com', '2001:db8:1:3::1')])).toEqual(['invalid_credentials'])
  })

  it('TH-06: fifty simultaneous guesses over two nodes run at most five verifications', async () => {
    const store = memory()
    let checks = 0
    const counted = {
      ...store,
      credentials: {
        ...store.credentials,
        find: (...given: Parameters<typeof store.credentials.find>): Promise<Credential | null> => {
          checks += 1
          return store.credentials.find(...given)
        },
      },
    }
    const made = await house({ nodes: 2, store: counted })
    await made.enter('owner')
    checks = 0
    const outcomes: string[] = []
    let pending = 50
    for (let i = 0; i < 50; i++) {
      const node = made.nodes[i % 2] as House['auth']
      node.signIn({ email: EMAIL, password: 'a wrong passphrase here' }).then((result) => {
        outcomes.push(result.ok ? 'in' : result.refusal.code)
        pending -= 1
      })
    }
    while (pending > 0) {
      await made.clock.advance(1)
      // No faster than passwords are hashed: who waits for others gives up after ten seconds.
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    expect(checks).toBeLessThanOrEqual(5)
    expect(outcomes.filter((code) => code === 'invalid_credentials')).toHaveLength(5)
    expect(outcomes.filter((code) => code === 'throttled')).toHaveLength(45)
    await made.close()
  })

  it('TH-08: unknown address, wrong password, locked account and disabled password are the same refusal', async () => {
    const { signedIn } = await one.enter('owner')
    await one.enter('jailed')
    const jailed = await one.auth.users.findByEmail('jailed@example.com')
    must(await one.auth.lock(jailed?.id ?? ''))
    await one.enter('numb')
    const numb = await one.auth.users.findByEmail('numb@example.com')
    if (numb) await one.store.credentials.disable(numb.id, 'password', '', one.clock.now())
    const answers = await Promise.all([
      guess(one, 'nobody@example.com'),
      guess(one, EMAIL),
      guess(one, 'jailed@example.com', undefined, PASSWORD),
      guess(one, 'numb@example.com', undefined, PASSWORD),
    ])
    for (const answer of answers) expect(answer).toEqual({ ok: false, refusal: { code: 'invalid_credentials' } })
    expect(signedIn.status).toBe('signed_in')
  })

  it('TH-11: a sign-in after several failures is an event of its own, without secrets', async () => {
    await one.enter('owner')
    for (let i = 0; i < 3; i++) await guess(one)
    await guess(one, EMAIL, undefined, PASSWORD)
    const risky = one.events.filter((event) => event.type === 'sign_in.risky')
    expect(risky).toHaveLength(1)
    expect(JSON.stringify(risky)).not.toContain(PASSWORD)
  })

  it('counts people who type a password as address under a keyed hash only', async () => {
    await guess(one, 'hunter2 is my password')
    const seen = JSON.stringify(one.events)
    expect(seen).not.toContain('hunter2')
  })
})

describe('signing in', () => {
  it('takes an address with spaces around it and in any case for the same', async () => {
    must(await one.auth.signUp({ email: '  Owner@Example.com ', password: PASSWORD }))
    expect(await codes([guess(one, ' owner@EXAMPLE.com', undefined, PASSWORD)])).toEqual(['in'])
    const again = await one.auth.signUp({ email: 'OWNER@example.com', password: PASSWORD })
    expect(again.ok ? null : again.refusal.code).toBe('email_taken')
  })

  it('SL-01 SL-02: a new token at every sign-in, and what the browser carried before is over', async () => {
    const { carrier, cookie } = await one.enter('owner')
    const again = must(await one.auth.signIn({ email: EMAIL, password: PASSWORD }, {}, carrier))
    if (again.status !== 'signed_in') throw new Error(again.status)
    expect(cookieOf(again)).not.toBe(cookie)
    const old = await one.auth.authenticate(carrier)
    expect(old.ok ? null : old.refusal.code).toBe('signed_out')
    expect((await one.auth.authenticate(holding({ cookie: cookieOf(again) }))).ok).toBe(true)
  })

  it('SI-02 SL-02: a token nobody issued is never adopted', async () => {
    const planted = holding({ cookie: `__Host-sid=${'B'.repeat(64)}` })
    await one.enter('owner')
    const signedIn = must(await one.auth.signIn({ email: EMAIL, password: PASSWORD }, {}, planted))
    if (signedIn.status !== 'signed_in') throw new Error(signedIn.status)
    expect(cookieOf(signedIn)).not.toContain('B'.repeat(64))
    expect((await one.auth.authenticate(planted)).ok).toBe(false)
  })

  it('PW-10: a required change opens nothing but the change, and ends what was open; no calendar asks for one', async () => {
    const { carrier, signedIn } = await one.enter('owner')
    one.clock.suspend(400 * 24 * 60 * MINUTE)
    expect(await codes([guess(one, EMAIL, undefined, PASSWORD)])).toEqual(['in'])
    must(await one.auth.users.requirePasswordChange(signedIn.user.id))
    expect((await one.auth.authenticate(carrier)).ok).toBe(false)
    const outcome = must(await one.auth.signIn({ email: EMAIL, password: PASSWORD }))
    if (outcome.status !== 'password_change_required') throw new Error(outcome.status)
    expect((await one.auth.authenticate(holding({ bearer: outcome.token }))).ok).toBe(false)
    must(await one.auth.resetPassword({ token: outcome.token, newPassword: 'brand new passphrase' }))
    const reused = await one.auth.resetPassword({ token: outcome.token, newPassword: 'yet another passphrase' })
    expect(reused.ok).toBe(false)
    expect(await codes([guess(one, EMAIL, undefined, PASSWORD)])).toEqual(['invalid_credentials'])
    expect(await codes([guess(one, EMAIL, undefined, 'brand new passphrase')])).toEqual(['in'])
  })

  it('RA-03 RA-05 PW-09: re-authentication needs the own password, is throttled, and replaces the token', async () => {
    const { carrier } = await one.enter('owner')
    const who = must(await one.auth.authenticate(carrier))
    one.clock.suspend(MINUTE)
    for (let i = 0; i < 5; i++) {
      const wrong = await one.auth.reauthenticate(who, 'a wrong passphrase here')
      expect(wrong.ok ? null : wrong.refusal.code).toBe('invalid_credentials')
    }
    const slowed = await one.auth.reauthenticate(who, PASSWORD)
    expect(slowed.ok ? null : slowed.refusal.code).toBe('throttled')
    one.clock.suspend(SECOND)
    const again = must(await one.auth.reauthenticate(who, PASSWORD))
    expect(again.session.amr).toEqual(['pwd'])
    expect(again.session.authenticatedAt).toBe(one.clock.now())
    const old = await one.auth.authenticate(carrier)
    expect(old.ok ? null : old.refusal.code).toBe('token_stale')
  })

  it('RA-05: re-authentication takes nobody else’s password, which counts, and proves nothing for another session', async () => {
    const { carrier, signedIn } = await one.enter('owner')
    const secret = 'the passphrase of somebody else'
    must(await one.auth.signUp({ email: 'else@example.com', password: secret }))
    const other = must(await one.auth.signIn({ email: EMAIL, password: PASSWORD }))
    if (other.status !== 'signed_in') throw new Error(other.status)
    const elsewhere = holding({ cookie: cookieOf(other) })
    const began = one.clock.now()
    one.clock.suspend(11 * MINUTE)
    const who = must(await one.auth.authenticate(carrier))
    for (let i = 0; i < 5; i++) {
      const wrong = await one.auth.reauthenticate(who, secret)
      expect(wrong.ok ? null : wrong.refusal.code).toBe('invalid_credentials')
    }
    expect(await codes([guess(one, EMAIL, undefined, PASSWORD)])).toEqual(['throttled'])
    one.clock.suspend(SECOND)
    expect(must(await one.auth.reauthenticate(who, PASSWORD)).session.id).toBe(signedIn.session.id)
    const there = must(await one.auth.authenticate(elsewhere))
    expect(there.session.authenticatedAt).toBe(began)
    const refused = one.auth.guard(there, [fresh('10m')])
    expect(refused.ok ? null : refused.refusal.code).toBe('reauth_required')
  })

  it('TH-10: overload is refused with a time to come back, and nothing is stored of it', async () => {
    const made = await house({ password: { concurrency: 1, queue: 2 } })
    await made.enter('owner')
    const outcomes = await codes(
      Array.from({ length: 12 }, (_, i) => guess(made, `u${i}@example.com`, undefined, PASSWORD)),
    )
    expect(outcomes.filter((code) => code === 'overloaded').length).toBeGreaterThanOrEqual(8)
    await made.close()
  })
})

describe('start-up', () => {
  const base = { store: memory(), secret: SECRET, clock: manualClock() }
  const bad: [string, Parameters<typeof house>[0], RegExp][] = [
    ['KM-07: a short secret', { ...base, secret: 'changeme' }, /secret is shorter/],
    ['KM-07: an empty secret', { ...base, secret: '' }, /secret is shorter/],
    ['KM-07: no secret', { ...base, secret: [] }, /secret is missing/],
    ['KM-07: a repetitive secret', { ...base, secret: 'abcd'.repeat(10) }, /repeats itself/],
    ['CK-12: plain http', { ...base, baseUrl: 'http://app.example' }, /plain http/],
    ['a base address with a path', { ...base, baseUrl: 'https://app.example/x' }, /basePath/],
    ['CK-01: a cookie name with a prefix', { ...base, cookies: { name: '__Host-sid' } }, /without prefix/],
    [
      'CK-01: a domain that does not cover the host',
      { ...base, cookies: { domain: 'other.example' } },
      /does not cover/,
    ],
    [
      'CK-03: SameSite=None on plain http',
      { ...base, baseUrl: 'http://localhost:3000', cookies: { sameSite: 'none' } },
      /needs https/,
    ],
    [
      'AZ-01: a role in the timeouts that nobody has',
      { ...base, timeouts: { roles: { amdin: { idle: '5m' } } } },
      /not in the catalogue/,
    ],
    ['TO-03: a preset that needs a second factor', { ...base, timeouts: { preset: 'aal2' } }, /second factor/],
    ['TO-03: looser than the preset', { ...base, timeouts: { preset: 'aal1', absolute: '60d' } }, /looser/],
    ['an idle limit that is never reached', { ...base, timeouts: { idle: '13h' } }, /never be reached/],
    [
      'a warning that comes before the session',
      { ...base, timeouts: { roles: { admin: { absolute: '1m' } } } },
      /timeouts.warn is 120000 ms but a session may last no longer than 60000 ms/,
    ],
    [
      'a section listed twice',
      {
        ...base,
        timeouts: {
          sections: [
            { path: '/a', idle: '5m' },
            { path: '/a', idle: '6m' },
          ],
        },
      },
      /lists '\/a' twice/,
    ],
    ['a way to sign up that there is not', { ...base, signUp: 'invite' as 'open' }, /signUp is "invite"/],
    ['SL-04: a limit of no sessions', { ...base, sessionLimit: { max: 0, whenFull: 'refuse' } }, /sessionLimit.max/],
    ['TH-01: more failures than allowed', { ...base, throttle: { disableAfter: 1000 } }, /disableAfter/],
    ['PW-01: a minimum below eight', { ...base, password: { minLength: 6 } }, /minLength/],
    ['PW-11: a cost below the floor', { ...base, password: { memory: 1024 } }, /memory/],
    ['TH-07: a proxy that is no address', { ...base, trustedProxies: ['10.0.0.0/33'] }, /trustedProxies/],
    ['CS-07: a CORS origin with a path', { ...base, cors: { origins: ['https://spa.example/'] } }, /cors.origins/],
  ]
  it.each(bad)('refuses %s with the remedy', async (_, options, message) => {
    await expect(house(options)).rejects.toThrow(message)
  })
})
