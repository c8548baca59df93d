import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Authenticated } from '../../src/guard.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { type House, holding, house, must, PASSWORD } from '../support/house.ts'
import { afterwards, type Mailbox, mailbox } from '../support/mailbox.ts'

vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('../faults/support/quick-argon2.ts'))

const NEXT = 'quite another passphrase'
const OLD = 'ann@example.com'
const NEW = 'Ann.New@example.com'
const HOUR = 3_600_000

let box: Mailbox
let h: House
afterEach(() => h.close())

async function open(options: Parameters<typeof house>[0] = {}): Promise<House> {
  box = mailbox()
  h = await house({ mailer: box, ...options })
  return h
}

const signsIn = async (email: string, password = PASSWORD) => (await h.auth.signIn({ email, password })).ok
const emailOf = async (id: string) => (await h.auth.users.find(id))?.email

/** Ann, signed in. */
async function ann(): Promise<{ readonly who: Authenticated; readonly id: string; readonly cookie: string }> {
  const { carrier, cookie } = await h.enter('ann')
  const who = must(await h.auth.authenticate(carrier))
  return { who, id: who.user.id, cookie }
}

async function wanted(who: Authenticated, email = NEW): Promise<void> {
  must(await h.auth.changeEmail(who, { email, password: PASSWORD }))
  await afterwards(h)
}

async function confirmed(token = box.token('email_confirmation')): Promise<boolean> {
  const { ok } = await h.auth.verifyEmail(token)
  await afterwards(h)
  return ok
}

async function objected(token: string) {
  const outcome = await h.auth.objectToEmail(token)
  await afterwards(h)
  return outcome
}

describe('a change of address', () => {
  it('RC-07 TH-11: is pending until the new address confirms; both get a message, and the old one counts until then', async () => {
    await open()
    const { who, id } = await ann()
    await wanted(who)
    expect(box.mails.map(({ kind, to }) => `${kind} ${to}`).sort()).toEqual([
      `email_confirmation ${NEW}`,
      `email_requested ${OLD}`,
    ])
    expect(box.of('email_requested')[0]?.text).toContain(NEW)
    expect(await signsIn(OLD)).toBe(true)
    expect(await signsIn(NEW)).toBe(false)
    must(await h.auth.forgotPassword(OLD))
    await afterwards(h)
    expect(box.of('reset', OLD)).toHaveLength(1)

    const token = box.token('email_confirmation')
    expect(await confirmed(token)).toBe(true)
    expect(await emailOf(id)).toBe(NEW)
    expect((await h.auth.users.find(id))?.emailVerified).toBe(true)
    expect([await signsIn(OLD), await signsIn(NEW)]).toEqual([false, true])
    expect(box.of('email_changed', OLD)).toHaveLength(1)
    expect(h.events.filter(({ type }) => type === 'email.changed')).toMatchObject([{ severity: 'notice', subject: id }])
    expect(await confirmed(token)).toBe(false)
  })

  it('RC-07: ends no session, and every node knows the new address when it returns', async () => {
    await open({ nodes: 2 })
    const { who, cookie } = await ann()
    await wanted(who)
    const [, second] = h.nodes
    must(await second!.authenticate(holding({ cookie })))
    expect((await h.patiently(h.auth.verifyEmail(box.token('email_confirmation')))).ok).toBe(true)
    for (const node of h.nodes) expect(must(await node.authenticate(holding({ cookie }))).user.email).toBe(NEW)
  })

  it('RA-01: takes the password, and a wrong one counts', async () => {
    await open()
    const { who } = await ann()
    const wrong = { email: NEW, password: 'a wrong passphrase' }
    for (let i = 0; i < 5; i++) {
      expect(await h.auth.changeEmail(who, wrong)).toMatchObject({ refusal: { code: 'invalid_credentials' } })
    }
    expect(await h.auth.changeEmail(who, { email: NEW, password: PASSWORD })).toMatchObject({
      refusal: { code: 'throttled' },
    })
    await afterwards(h)
    expect(box.mails).toEqual([])
  })

  it('TH-09: to an address in use is answered alike; its owner is told, and the asker gets the same messages', async () => {
    await open()
    await h.enter('bea')
    const { who, id } = await ann()
    await wanted(who, 'BEA@example.com')
    expect(box.mails.map(({ kind, to }) => `${kind} ${to}`).sort()).toEqual([
      'address_taken bea@example.com',
      `email_requested ${OLD}`,
    ])
    expect(await emailOf(id)).toBe(OLD)
  })

  it('RC-07: to an address that somebody takes meanwhile is refused, and changes nothing', async () => {
    await open()
    const { who, id } = await ann()
    await wanted(who)
    must(await h.auth.users.create({ email: NEW.toLowerCase(), password: PASSWORD }))
    expect(await h.auth.verifyEmail(box.token('email_confirmation'))).toMatchObject({
      refusal: { code: 'email_taken' },
    })
    expect(await emailOf(id)).toBe(OLD)
  })

  it('RC-02: its link is good for a day; only that of the newest change counts', async () => {
    await open()
    const { who, id } = await ann()
    await wanted(who)
    const first = box.token('email_confirmation')
    await wanted(who, 'third@example.com')
    expect(await confirmed(first)).toBe(false)
    h.clock.step(24 * HOUR)
    expect(await confirmed()).toBe(false)
    expect(await emailOf(id)).toBe(OLD)
  })

  it.each(['endAll', 'lock'] as const)('TE-07: is void after %s', async (ending) => {
    await open()
    const { who, id } = await ann()
    await wanted(who)
    await h.auth[ending](id)
    expect(await confirmed()).toBe(false)
    expect(await emailOf(id)).toBe(OLD)
  })

  it('RC-07: a link that sets a password, mailed to the old address, sets none after the change', async () => {
    await open()
    const { who } = await ann()
    must(await h.auth.forgotPassword(OLD))
    await wanted(who)
    const token = box.token('reset')
    expect(await confirmed()).toBe(true)
    expect((await h.auth.resetPassword({ token, newPassword: NEXT })).ok).toBe(false)
    expect(await signsIn(NEW, NEXT)).toBe(false)
  })
})

describe('an objection', () => {
  it.each(['before', 'after'] as const)(
    'RC-07: %s the new address confirmed restores the old one, ends everything, and leaves a link to set a password',
    async (when) => {
      await open()
      const { who, id, cookie } = await ann()
      await wanted(who)
      if (when === 'after') expect(await confirmed()).toBe(true)
      const token = box.token(when === 'after' ? 'email_changed' : 'email_requested')
      expect((await objected(token)).ok).toBe(true)
      expect(await emailOf(id)).toBe(OLD)
      expect((await h.auth.authenticate(holding({ cookie }))).ok).toBe(false)
      expect([await signsIn(OLD), await signsIn(NEW)]).toEqual([false, false])
      expect(await confirmed()).toBe(false)
      must(await h.auth.resetPassword({ token: box.token('email_restored', OLD), newPassword: NEXT }))
      expect([await signsIn(OLD, NEXT), await signsIn(OLD)]).toEqual([true, false])
      expect((await objected(token)).ok).toBe(false)
      expect(h.events.filter(({ type }) => type === 'email.change_objected')).toHaveLength(1)
    },
  )

  it('RC-07: with the first message works after the confirmation too, and is over after seven days', async () => {
    await open()
    const { who, id } = await ann()
    await wanted(who)
    await confirmed()
    h.clock.step(7 * 24 * HOUR - 1000)
    expect((await objected(box.token('email_requested'))).ok).toBe(true)
    expect(await emailOf(id)).toBe(OLD)
    const next = await open()
    const again = await ann()
    await wanted(again.who)
    h.clock.step(7 * 24 * HOUR)
    expect((await objected(box.token('email_requested'))).ok).toBe(false)
    expect(next).toBe(h)
  })

  it('RC-07: to the first of several changes goes furthest back, and one to a later does not take it away', async () => {
    await open()
    const { who, id } = await ann()
    await wanted(who)
    await confirmed()
    h.clock.step(1000)
    const now = must(await h.auth.signIn({ email: NEW, password: PASSWORD, transport: 'bearer' }))
    if (now.status !== 'signed_in') throw new Error(now.status)
    const again = must(await h.auth.authenticate(holding({ bearer: now.carried.tokens?.accessToken ?? '' })))
    await wanted(again, 'third@example.com')
    await confirmed()
    expect(await emailOf(id)).toBe('third@example.com')
    expect((await objected(box.token('email_changed', NEW))).ok).toBe(true)
    expect(await emailOf(id)).toBe(NEW)
    expect((await objected(box.token('email_changed', OLD))).ok).toBe(true)
    expect(await emailOf(id)).toBe(OLD)
    expect((await objected(box.token('email_requested', NEW))).ok).toBe(false)
  })

  it('RC-07: at the same time as the confirmation has the last word, however they fall', async () => {
    for (let delay = 0; delay < 12; delay++) {
      const store = memory()
      const take = store.tickets.take.bind(store.tickets)
      const slow = async (turns: number) => {
        for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve))
      }
      await open({
        store: {
          ...store,
          tickets: {
            ...store.tickets,
            async take(digest, kind) {
              const ticket = await take(digest, kind)
              if (ticket?.kind === 'email') await slow(delay)
              return ticket
            },
          },
        },
      })
      const { who, id } = await ann()
      await wanted(who)
      const [confirm, object] = [box.token('email_confirmation'), box.token('email_requested')]
      await Promise.all([h.auth.verifyEmail(confirm), h.auth.objectToEmail(object)])
      expect(await emailOf(id), `after ${delay}`).toBe(OLD)
      expect(await signsIn(OLD)).toBe(false)
      if (delay < 11) await h.close()
    }
  })

  it('RC-07: locks the account where somebody else has the old address by now', async () => {
    await open()
    const { who, id, cookie } = await ann()
    await wanted(who)
    await confirmed()
    must(await h.auth.users.create({ email: OLD, password: PASSWORD }))
    expect(await objected(box.token('email_changed'))).toMatchObject({ refusal: { code: 'email_taken' } })
    expect((await h.auth.users.find(id))?.status).toBe('locked')
    expect((await h.auth.authenticate(holding({ cookie }))).ok).toBe(false)
    expect(await signsIn(NEW)).toBe(false)
  })

  it('RC-04: a password set by the new address at the same time is not good afterwards', async () => {
    await open()
    const { who, id } = await ann()
    await wanted(who)
    await confirmed()
    must(await h.auth.forgotPassword(NEW))
    await afterwards(h)
    const [token, object] = [box.token('reset', NEW), box.token('email_changed')]
    await Promise.all([h.auth.resetPassword({ token, newPassword: NEXT }), h.auth.objectToEmail(object)])
    expect(await emailOf(id)).toBe(OLD)
    expect([await signsIn(OLD, NEXT), await signsIn(OLD)]).toEqual([false, false])
  })
})

describe('signing up with an address that has to confirm', () => {
  const given = { email: OLD, password: PASSWORD, name: 'Ann' }
  const verified = { verifyEmail: true } as const

  it('TH-09: makes nothing before that; signing in is refused as for anybody', async () => {
    await open(verified)
    expect(must2(await h.auth.signUp(given))).toEqual({ status: 'verification_sent' })
    await afterwards(h)
    expect(await h.auth.users.findByEmail(OLD)).toBeNull()
    expect(await h.auth.signIn({ email: OLD, password: PASSWORD })).toMatchObject({
      refusal: { code: 'invalid_credentials' },
    })
    must(await h.auth.verifyEmail(box.token('verification')))
    expect(await h.auth.users.findByEmail(OLD)).toMatchObject({
      email: OLD,
      name: 'Ann',
      emailVerified: true,
      roles: ['member'],
    })
    expect(await signsIn(OLD)).toBe(true)
    expect((await h.auth.verifyEmail(box.token('verification'))).ok).toBe(false)
  })

  it('TH-09: with a taken address gets the same answer; its owner gets a message instead, and nothing changes', async () => {
    await open(verified)
    const made = must(await h.auth.users.create(given))
    expect(must2(await h.auth.signUp({ ...given, password: NEXT }))).toEqual({ status: 'verification_sent' })
    await afterwards(h)
    expect(box.mails.map(({ kind, to }) => `${kind} ${to}`)).toEqual([`address_taken ${OLD}`])
    expect([await signsIn(OLD), await signsIn(OLD, NEXT)]).toEqual([true, false])
    expect(await h.auth.users.find(made.id)).toEqual(made)
  })

  it('TH-09: nobody waits in an account for the owner of its address: whose link is opened counts', async () => {
    await open(verified)
    await h.auth.signUp({ ...given, password: NEXT, name: 'Mallory' })
    await h.auth.signUp(given)
    await afterwards(h)
    must(await h.auth.verifyEmail(box.token('verification')))
    expect([await signsIn(OLD), await signsIn(OLD, NEXT)]).toEqual([true, false])
    const [first] = box.of('verification')
    expect(
      await h.auth.verifyEmail(new URL(/https\S+/.exec(first?.text ?? '')?.[0] ?? '').searchParams.get('token') ?? ''),
    ).toMatchObject({
      refusal: { code: 'email_taken' },
    })
    expect(await signsIn(OLD, NEXT)).toBe(false)
  })

  it('RC-02: is over after a day, and leaves nothing behind', async () => {
    const store = memory()
    await open({ ...verified, store })
    await h.auth.signUp(given)
    await afterwards(h)
    h.clock.step(24 * HOUR)
    expect((await h.auth.verifyEmail(box.token('verification'))).ok).toBe(false)
    await h.auth.signUp(given)
    await afterwards(h)
    h.clock.step(24 * HOUR)
    await h.auth.sweep()
    expect(await store.tickets.purge(Number.MAX_SAFE_INTEGER, 10)).toBe(0)
    expect(await h.auth.users.findByEmail(OLD)).toBeNull()
  })

  it('PW-01: still judges the password and the address first', async () => {
    await open(verified)
    expect(await h.auth.signUp({ ...given, password: 'short' })).toMatchObject({
      refusal: { code: 'password_too_short' },
    })
    expect(await h.auth.signUp({ ...given, email: 'x' })).toMatchObject({ refusal: { code: 'email_invalid' } })
  })

  it('does not start without a mailer', async () => {
    await open()
    await expect(house({ verifyEmail: true })).rejects.toThrow(
      /verifyEmail is on, but there is no mailer: write mailer/,
    )
  })

  it('is for new accounts: one that was made before, or by somebody else, can be verified later', async () => {
    await open()
    const { who, id } = await ann()
    must(await h.auth.resendVerification(who))
    await afterwards(h)
    const token = box.token('verification', OLD)
    must(await h.auth.verifyEmail(token))
    expect((await h.auth.users.find(id))?.emailVerified).toBe(true)
    must(await h.auth.resendVerification(who))
    await afterwards(h)
    expect(box.of('verification')).toHaveLength(1)
  })
})

/** The value of a result that must not be a refusal, whatever it is. */
function must2<T>(result: { readonly ok: true; readonly value: T } | { readonly ok: false }): T {
  if (!result.ok) throw new Error('refused')
  return result.value
}
