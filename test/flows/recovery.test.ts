import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Auth } from '../../src/auth.ts'
import type { Store } from '../../src/store.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { hybrid } from '../../src/strategies/hybrid.ts'
import { jwt } from '../../src/strategies/jwt.ts'
import { type House, house, must, PASSWORD } from '../support/house.ts'
import { afterwards, linkOf, type Mailbox, mailbox, tokenOf } from '../support/mailbox.ts'

vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('../faults/support/quick-argon2.ts'))

const NEXT = 'quite another passphrase'
const OTHER = 'yet another long passphrase'
const EMAIL = 'ann@example.com'
const HOUR = 3_600_000

let box: Mailbox
let h: House
afterEach(() => h.close())

async function open(options: Parameters<typeof house>[0] = {}): Promise<House> {
  box = mailbox()
  h = await house({ mailer: box, ...options })
  return h
}

async function asked(email = EMAIL): Promise<string> {
  must(await h.auth.forgotPassword(email))
  await afterwards(h)
  return box.token('reset', email)
}

const reset = (token: string, newPassword = NEXT, auth: Auth = h.auth) => auth.resetPassword({ token, newPassword })
const signsIn = async (password: string, email = EMAIL) => (await h.auth.signIn({ email, password })).ok

describe('a reset', () => {
  it('RC-01: takes a token that is in no dump, works once, and for its user only', async () => {
    const store = memory()
    const put = vi.spyOn(store.tickets, 'put')
    const { auth } = await open({ store })
    const [ann, bea] = [await h.enter('ann'), await h.enter('bea')]
    const token = await asked()
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(JSON.stringify(put.mock.calls)).not.toContain(token)
    must(await reset(token))
    expect((await auth.authenticate(ann.carrier)).ok).toBe(false)
    expect((await auth.authenticate(bea.carrier)).ok).toBe(true)
    expect(await reset(token, OTHER)).toMatchObject({ ok: false, refusal: { errors: [{ path: 'token' }] } })
    expect([await signsIn(NEXT), await signsIn(OTHER), await signsIn(PASSWORD, 'bea@example.com')]).toEqual([
      true,
      false,
      true,
    ])
  })

  it('RC-01: of two at the same time by one token one succeeds, and of two by two tokens too', async () => {
    await open()
    await h.enter('ann')
    const one = await asked()
    const same = await Promise.all([reset(one), reset(one, OTHER)])
    expect(same.filter(({ ok }) => ok)).toHaveLength(1)
    const [second, third] = [await asked(), await asked()]
    expect(second).not.toBe(third)
    const both = await Promise.all([reset(second, `${NEXT} 2`), reset(third, `${NEXT} 3`)])
    expect(both.filter(({ ok }) => ok)).toHaveLength(1)
    expect([await signsIn(`${NEXT} 2`), await signsIn(`${NEXT} 3`)].filter(Boolean)).toHaveLength(1)
  })

  it('RC-02: a link is good for an hour, to the millisecond', async () => {
    await open()
    await h.enter('ann')
    const token = await asked()
    const made = (await h.store.tickets.ofUser((await h.store.users.findByEmail(EMAIL)).user!.id, 1))[0]!.expiresAt
    expect(made - h.clock.now()).toBeLessThanOrEqual(HOUR)
    const late = await asked()
    h.clock.step(made - 1 - h.clock.now())
    must(await reset(token))
    h.clock.step(HOUR)
    expect((await reset(late)).ok).toBe(false)
    const third = await asked()
    h.clock.step(HOUR)
    expect((await reset(third, OTHER)).ok).toBe(false)
  })

  it.each([
    ['reset', '25h'],
    ['verify', '25h'],
    ['object', '31d'],
    ['invite', '8d'],
  ])('RC-02: no configuration makes a link to %s good for longer than it may be', async (name, life) => {
    await open()
    await expect(house({ mailer: box, mail: { lifetimes: { [name]: life } } })).rejects.toThrow(
      `mail.lifetimes.${name}`,
    )
  })

  it('RC-04: signs nobody in, ends sessions and refresh tokens, and voids every other link', async () => {
    const { auth } = await open({ strategy: hybrid() })
    const first = must(await auth.signUp({ email: EMAIL, password: PASSWORD, transport: 'bearer' }))
    const [one, two] = [await asked(), await asked()]
    expect(await reset(one)).toEqual({ ok: true, value: null })
    expect(await h.store.tickets.ofUser(first.user.id, 10)).toEqual([])
    expect(await h.store.tickets.ofUser(first.user.id, 10)).toEqual([])
    expect((await reset(two, OTHER)).ok).toBe(false)
    const refreshed = await auth.refresh({ get: () => null }, first.carried.tokens?.refreshToken ?? '')
    expect(refreshed.ok).toBe(false)
    expect(await h.store.sessions.ofUser(first.user.id, 'active', 10)).toEqual([])
    expect(await h.store.tickets.ofUser(first.user.id, 10)).toEqual([])
  })

  it.each(['endAll', 'lock'] as const)('TE-07: a link from before %s opens nothing', async (ending) => {
    const { auth } = await open()
    const { signedIn } = await h.enter('ann')
    const token = await asked()
    await auth[ending](signedIn.user.id)
    await auth.unlock(signedIn.user.id)
    expect((await reset(token)).ok).toBe(false)
    expect(await signsIn(PASSWORD)).toBe(true)
  })

  it('TH-01: brings back a password that too many failures disabled', async () => {
    const { auth } = await open({ throttle: { free: 2, disableAfter: 2 } })
    await h.enter('ann')
    for (let i = 0; i < 2; i++) await auth.signIn({ email: EMAIL, password: 'a wrong passphrase' })
    h.clock.step(24 * HOUR)
    expect(await signsIn(PASSWORD)).toBe(false)
    must(await reset(await asked()))
    expect(await signsIn(NEXT)).toBe(true)
  })

  it('is judged by the rules of passwords, and the link is good for another try', async () => {
    await open()
    await h.enter('ann')
    const token = await asked()
    expect(await reset(token, 'short')).toMatchObject({ refusal: { code: 'password_too_short' } })
    expect(await reset(token, `${EMAIL} and more of it`.slice(0, 15))).toMatchObject({
      refusal: { code: 'password_guessable' },
    })
    must(await reset(token))
  })

  it('verifies the address its link was mailed to', async () => {
    const { auth } = await open()
    const { signedIn } = await h.enter('ann')
    expect(signedIn.user.emailVerified).toBe(false)
    must(await reset(await asked()))
    expect((await auth.users.find(signedIn.user.id))?.emailVerified).toBe(true)
  })
})

describe('a reset, and something else at the same time', () => {
  /** The store, but that something happens just before a verb. */
  function interrupted(
    store: Store,
    verb: string,
    port: 'users' | 'credentials',
    run: () => Promise<unknown>,
    when: () => boolean,
  ): Store {
    const proxied = new Proxy(store[port], {
      get(of, name) {
        const found: unknown = Reflect.get(of, name)
        if (name !== verb || typeof found !== 'function') return found
        return async (...given: unknown[]) => {
          if (when()) await run()
          return Reflect.apply(found, of, given)
        }
      },
    })
    return { ...store, [port]: proxied }
  }

  it.each([
    ['before the generation is raised', 'endAll', 'users'],
    ['before the password is replaced', 'replace', 'credentials'],
  ] as const)(
    'RC-04: all sessions are ended %s: one password is good, the old or the new',
    async (_when, verb, port) => {
      const store = memory()
      let isArmed = false
      const end = async () => {
        isArmed = false
        await store.users.endAll(id, 'session_revoked')
      }
      const armed = interrupted(store, verb, port, end, () => isArmed)
      await open({ store: armed })
      const { signedIn } = await h.enter('ann')
      const { id } = signedIn.user
      const token = await asked()
      isArmed = true
      const outcome = await reset(token)
      if (verb === 'endAll') expect(outcome.ok).toBe(false)
      expect(await signsIn(NEXT)).toBe(outcome.ok)
      expect(await signsIn(PASSWORD)).toBe(!outcome.ok)
    },
  )

  it('RC-01: another reset that comes between its look and its step has won', async () => {
    const store = memory()
    let other: string | null = null
    const first = async () => {
      const token = other
      other = null
      if (token !== null) must(await reset(token, OTHER, second))
    }
    box = mailbox()
    const second = (await house({ store, mailer: box })).auth
    await open({ store: interrupted(store, 'endAll', 'users', first, () => other !== null) })
    await h.enter('ann')
    const [one, two] = [await asked(), await asked()]
    other = two
    expect((await h.patiently(reset(one))).ok).toBe(false)
    expect([await signsIn(NEXT), await signsIn(OTHER)]).toEqual([false, true])
    await second.close()
  })

  it('P7: a sign-in with the old password between its steps is over when the reset returns', async () => {
    const store = memory()
    let token: string | null = null
    let entered: unknown = null
    const enter = async () => {
      entered = await h.auth.signIn({ email: EMAIL, password: PASSWORD, transport: 'bearer' })
    }
    const armed = interrupted(store, 'replace', 'credentials', enter, () => token !== null && entered === null)
    // Without records there is nothing that could be marked: the generation alone ends it.
    await open({ store: armed, strategy: jwt() })
    await h.enter('ann')
    token = await asked()
    must(await reset(token))
    const { value } = entered as { value: { carried: { tokens: { accessToken: string } } } }
    const carrier = {
      get: (name: string) => (name === 'authorization' ? `Bearer ${value.carried.tokens.accessToken}` : null),
    }
    expect((await h.auth.authenticate(carrier)).ok).toBe(false)
  })

  it('RC-07: a link mailed to an address that the account has no more opens nothing', async () => {
    const store = memory()
    await open({ store })
    const { signedIn } = await h.enter('ann')
    const token = await asked()
    const { id, generation } = signedIn.user
    await store.users.setEmail(id, { key: EMAIL, generation }, 'next@example.com', 'next@example.com', null)
    expect((await reset(token)).ok).toBe(false)
  })

  it('P7: a sign-in with the old password that was under way is over when the reset returns', async () => {
    const store = memory()
    const { auth } = await open({ store })
    const { signedIn } = await h.enter('ann')
    const token = await asked()
    const start = store.sessions.start.bind(store.sessions)
    let during: Promise<unknown> | null = null
    vi.spyOn(store.sessions, 'start').mockImplementation(async (...given) => {
      during ??= reset(token)
      await during
      return start(...given)
    })
    const late = await auth.signIn({ email: EMAIL, password: PASSWORD, transport: 'bearer' })
    expect(await during).toMatchObject({ ok: true })
    const bearer = late.ok && late.value.status === 'signed_in' ? late.value.carried.tokens?.accessToken : undefined
    const carrier = { get: (name: string) => (name === 'authorization' ? `Bearer ${bearer}` : null) }
    expect((await auth.authenticate(carrier)).ok).toBe(false)
    expect(signedIn.user.id).toBeDefined()
  })
})

describe('asking for a link', () => {
  it('RC-03: is answered alike for known, unknown and locked addresses, before anything is looked up', async () => {
    const store = memory()
    const { auth } = await open({ store })
    await h.enter('ann')
    const { signedIn } = await h.enter('bea')
    await auth.lock(signedIn.user.id)
    const looked = vi.spyOn(store.users, 'findByEmail')
    looked.mockClear()
    for (const email of [EMAIL, 'bea@example.com', 'nobody@example.com', 'no address at all', '']) {
      expect(await auth.forgotPassword(email)).toEqual({ ok: true, value: null })
    }
    expect(looked).not.toHaveBeenCalled()
    expect(box.mails).toEqual([])
    await afterwards(h)
    expect(box.mails.map(({ to, kind }) => `${kind} ${to}`)).toEqual([`reset ${EMAIL}`])
  })

  it('is bounded by address without a word, and by source with one', async () => {
    const { auth } = await open({ throttle: { mail: { perAddress: 2, perSource: 6, window: '1h' } } })
    await h.enter('ann')
    const from = { source: '192.0.2.1' }
    for (let i = 0; i < 6; i++) must(await auth.forgotPassword(EMAIL, from))
    await afterwards(h)
    expect(box.of('reset')).toHaveLength(2)
    expect(await auth.forgotPassword('x@example.com', from)).toMatchObject({ refusal: { code: 'throttled' } })
    must(await auth.forgotPassword(EMAIL, { source: '198.51.100.1' }))
    await afterwards(h)
    expect(box.of('reset')).toHaveLength(2)
    h.clock.step(HOUR + 1)
    must(await auth.forgotPassword(EMAIL, from))
    await afterwards(h)
    expect(box.of('reset')).toHaveLength(3)
    expect(h.events.filter(({ type }) => type === 'mail.throttled').length).toBeGreaterThan(0)
  })

  it('is refused where there is no mailer', async () => {
    box = mailbox()
    h = await house()
    expect(await h.auth.forgotPassword(EMAIL)).toMatchObject({ refusal: { code: 'not_supported' } })
  })

  it('counts links that open nothing as guesses, and slows whoever makes them', async () => {
    const { auth } = await open()
    const from = { source: '192.0.2.7' }
    for (let i = 0; i < 100; i++) await auth.verifyEmail('x'.repeat(43), from)
    expect(await auth.verifyEmail('x'.repeat(43), from)).toMatchObject({ refusal: { code: 'throttled' } })
    expect(await auth.resetPassword({ token: 'x'.repeat(43), newPassword: NEXT }, from)).toMatchObject({
      refusal: { code: 'throttled' },
    })
    expect(h.events.filter(({ type }) => type === 'token.guessing')).toHaveLength(1)
    expect((await auth.verifyEmail('x'.repeat(43), { source: '192.0.2.8' })).ok).toBe(false)
  })
})

describe('an account somebody else makes', () => {
  const invited = (email: string) => h.auth.users.invite({ email, name: 'Ann' }, { actor: 'admin' })

  it('RC-06: has no password before its owner chose one, by a link that works once', async () => {
    const { auth } = await open()
    const made = must(await invited(EMAIL))
    await afterwards(h)
    expect(await h.store.credentials.list(made.id)).toEqual([])
    const mail = box.of('invitation', EMAIL)[0]
    expect(mail && linkOf(mail)).toMatch(/^https:\/\/app\.example\/auth\/reset\?token=/)
    const token = box.token('invitation')
    for (const password of ['', token, PASSWORD]) expect(await signsIn(password)).toBe(false)
    must(await reset(token))
    expect((await reset(token, OTHER)).ok).toBe(false)
    expect(must(await auth.signIn({ email: EMAIL, password: NEXT })).status).toBe('signed_in')
    expect((await auth.users.find(made.id))?.emailVerified).toBe(true)
  })

  it('RC-06: an invitation is over after three days, and can be sent again', async () => {
    const { auth } = await open()
    const { id } = must(await invited(EMAIL))
    await afterwards(h)
    h.clock.step(72 * HOUR)
    expect((await reset(box.token('invitation'))).ok).toBe(false)
    must(await auth.users.sendReset(id))
    await afterwards(h)
    expect(box.of('invitation')).toHaveLength(2)
    must(await reset(box.token('invitation')))
    must(await auth.users.sendReset(id))
    await afterwards(h)
    expect(box.of('reset', EMAIL)).toHaveLength(1)
  })

  it('RC-06: a password that was chosen for somebody opens the change only, and is not kept', async () => {
    const { auth } = await open()
    must(await auth.users.create({ email: EMAIL, password: PASSWORD, passwordChangeRequired: true }))
    const signedIn = must(await auth.signIn({ email: EMAIL, password: PASSWORD }))
    if (signedIn.status !== 'password_change_required') throw new Error(signedIn.status)
    expect(await reset(signedIn.token, PASSWORD)).toMatchObject({ refusal: { code: 'password_unchanged' } })
    must(await reset(signedIn.token))
    expect(must(await auth.signIn({ email: EMAIL, password: NEXT })).status).toBe('signed_in')
    expect(await signsIn(PASSWORD)).toBe(false)
  })

  it('PW-10: a forced change can be made by a link that was mailed, too', async () => {
    const { auth } = await open()
    const { signedIn } = await h.enter('ann')
    must(await auth.users.requirePasswordChange(signedIn.user.id))
    must(await reset(await asked()))
    expect(must(await auth.signIn({ email: EMAIL, password: NEXT })).status).toBe('signed_in')
  })

  it('cannot be made where there is no mailer, nor twice', async () => {
    await open()
    must(await invited(EMAIL))
    expect(await invited(EMAIL)).toMatchObject({ refusal: { code: 'email_taken' } })
    const without = await house()
    expect(await without.auth.users.invite({ email: EMAIL })).toMatchObject({ refusal: { code: 'not_supported' } })
    expect(tokenOf(box.mails[0] ?? { text: '' })).not.toBe('')
    await without.close()
  })
})
