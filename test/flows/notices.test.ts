import { afterEach, describe, expect, it, vi } from 'vitest'
import type { RequestContext } from '../../src/carrier.ts'
import type { MailKind } from '../../src/mailer.ts'
import { hybrid } from '../../src/strategies/hybrid.ts'
import { type House, house, must, PASSWORD } from '../support/house.ts'
import { afterwards, type Mailbox, mailbox } from '../support/mailbox.ts'

vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('../faults/support/quick-argon2.ts'))

const NEXT = 'quite another passphrase'
const EMAIL = 'ann@example.com'

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0'
const SAFARI =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1'
const HOME: RequestContext = { source: '192.0.2.1', userAgent: FIREFOX }
const AWAY: RequestContext = { source: '203.0.113.9', userAgent: SAFARI }

let box: Mailbox
let h: House
afterEach(() => h.close())

async function open(options: Parameters<typeof house>[0] = {}): Promise<House> {
  box = mailbox()
  h = await house({ mailer: box, ...options })
  return h
}

async function signIn(context: RequestContext, password = PASSWORD): Promise<void> {
  await h.auth.signIn({ email: EMAIL, password }, context)
  await afterwards(h)
}

/** The one message of a kind, which says when, by what and from where, and holds nothing that opens anything. */
function told(kind: MailKind, at: string, secrets: readonly string[] = [PASSWORD, NEXT]): void {
  const [mail, ...more] = box.of(kind)
  expect(more).toEqual([])
  expect(mail?.to).toBe(EMAIL)
  for (const part of [mail?.text, mail?.html]) {
    expect(part).toContain(at)
    expect(part).toContain('Safari, iOS')
    expect(part).toContain('203.0.113.9')
    expect(part).toContain('UTC')
    for (const secret of secrets) expect(part).not.toContain(secret)
  }
}

describe('the owner of an account', () => {
  it('TH-11: is told once of a sign-in from a device not seen before, and of none that was', async () => {
    await open()
    await h.enter('ann', HOME)
    await afterwards(h)
    await signIn(HOME)
    await signIn({ ...HOME, source: '198.51.100.3' })
    expect(box.mails).toEqual([])
    await signIn(AWAY)
    told('sign_in', '15 Jan 2027')
    await signIn(AWAY)
    await signIn(HOME)
    expect(box.mails).toHaveLength(1)
    const events = h.events.filter(({ type }) => type === 'sign_in.new_device')
    expect(events).toMatchObject([{ source: '203.0.113.9', data: { device: 'Safari, iOS' }, at: expect.any(Number) }])
  })

  it('TH-11: is not told of the first device of all', async () => {
    await open()
    must(await h.auth.users.create({ email: EMAIL, password: PASSWORD }))
    await signIn(HOME)
    expect(box.mails).toEqual([])
    await signIn(AWAY)
    expect(box.of('sign_in')).toHaveLength(1)
  })

  it('TH-11: hears of one message for many failures from a new device, and of none for a few from a known one', async () => {
    await open()
    await h.enter('ann', HOME)
    await signIn(HOME, 'a wrong passphrase')
    await signIn(HOME)
    expect(box.mails).toEqual([])
    for (let i = 0; i < 4; i++) await signIn(AWAY, 'a wrong passphrase')
    await signIn(AWAY)
    told('sign_in', '15 Jan 2027')
    expect(box.of('sign_in')[0]?.text).toContain('after 4 failed attempts')
  })

  it('TH-11: of any number of sign-ins at the same time from one new device, on two nodes, one is new', async () => {
    await open({ nodes: 2 })
    await h.enter('ann', HOME)
    await afterwards(h)
    const all = Array.from({ length: 10 }, (_, i) => h.nodes[i % 2]?.signIn({ email: EMAIL, password: PASSWORD }, AWAY))
    await Promise.all(all)
    await afterwards(h)
    expect(box.of('sign_in')).toHaveLength(1)
  })

  it('TH-11: is told once when the password is changed, and once when it is reset', async () => {
    await open()
    const { carrier } = await h.enter('ann', HOME)
    const who = must(await h.auth.authenticate(carrier))
    await h.auth.changePassword(who, { currentPassword: 'a wrong passphrase', newPassword: NEXT }, AWAY)
    await afterwards(h)
    expect(box.mails).toEqual([])
    must(await h.auth.changePassword(who, { currentPassword: PASSWORD, newPassword: NEXT }, AWAY))
    await afterwards(h)
    told('password_changed', '15 Jan 2027')
    box.mails.length = 0
    must(await h.auth.forgotPassword(EMAIL, AWAY))
    await afterwards(h)
    const token = box.token('reset')
    must(await h.auth.resetPassword({ token, newPassword: PASSWORD }, AWAY))
    await afterwards(h)
    told('password_changed', '15 Jan 2027', [PASSWORD, NEXT, token])
    const events = h.events.filter(({ type }) => type === 'password.changed')
    const away = { severity: 'notice', source: '203.0.113.9', at: expect.any(Number) }
    expect(events).toMatchObject([
      { ...away, data: { factor: 'pwd' } },
      { ...away, data: { factor: 'link' } },
    ])
    for (const secret of [PASSWORD, NEXT, token]) expect(JSON.stringify(h.events)).not.toContain(secret)
  })

  it('RT-02, TH-11: is told once when a spent refresh token ends the session', async () => {
    await open({ strategy: hybrid() })
    const first = must(await h.auth.signUp({ email: EMAIL, password: PASSWORD, transport: 'bearer' }, HOME))
    const stolen = first.carried.tokens?.refreshToken ?? ''
    let token = stolen
    for (let i = 0; i < 3; i++) {
      h.clock.step(60_000)
      await h.clock.advance(4000)
      const next = must(await h.auth.refresh({ get: () => null }, token, HOME))
      token = next.carried.tokens?.refreshToken ?? ''
    }
    const shown = Array.from({ length: 3 }, () => h.auth.refresh({ get: () => null }, stolen, AWAY))
    expect((await Promise.all(shown)).some(({ ok }) => ok)).toBe(false)
    await afterwards(h)
    told('token_theft', '15 Jan 2027', [stolen, token])
  })

  it('TH-11: is told once when the account is deleted, at the address it had', async () => {
    await open()
    const { carrier } = await h.enter('ann', HOME)
    must(await h.auth.removeOwn(must(await h.auth.authenticate(carrier)), AWAY))
    await afterwards(h)
    told('account_deleted', '15 Jan 2027')
  })

  it('is told in the language of the request that caused it', async () => {
    await open({ brand: { name: 'Beispiel GmbH' } })
    await h.enter('ann', HOME)
    must(await h.auth.forgotPassword(EMAIL, { languages: 'fr-CH, de-AT;q=0.9, en;q=0.8' }))
    await afterwards(h)
    expect(box.of('reset')[0]).toMatchObject({ language: 'de', subject: 'Neues Passwort für Beispiel GmbH' })
    must(await h.auth.forgotPassword(EMAIL, { languages: 'fr, *;q=0.5' }))
    await afterwards(h)
    expect(box.of('reset')[1]).toMatchObject({ language: 'en', subject: 'Set a new password for Beispiel GmbH' })
  })

  it('is told in words of the application where it has some', async () => {
    const templates = {
      reset: ({ link, brand, language }: { link: string | null; brand: string; language: string }) =>
        language === 'en'
          ? { subject: `own\r\nBcc: x@example.com ${brand}`, text: `go ${link}`, html: `<a href="${link}">go</a>` }
          : null,
    }
    await open({ mail: { templates, links: { reset: 'https://www.example/new-password?from=mail' } } })
    await h.enter('ann', HOME)
    must(await h.auth.forgotPassword(EMAIL))
    must(await h.auth.forgotPassword(EMAIL, { languages: 'de' }))
    await afterwards(h)
    const [own, builtIn] = box.of('reset')
    expect(own?.subject).toBe('own Bcc: x@example.com app.example')
    expect(own?.text).toMatch(/^go https:\/\/www\.example\/new-password\?from=mail&token=[\w-]{43}$/)
    expect(builtIn?.subject).toBe('Neues Passwort für app.example')
  })
})

describe('what goes wrong with messages', () => {
  it('LG-07: changes nothing for whoever caused them, and is an event without the token', async () => {
    const lines: string[] = []
    const log = (fields: unknown, message: string) => void lines.push(`${message} ${JSON.stringify(fields)}`)
    const seen: string[] = []
    await open({
      log: { info: log, warn: log, error: log },
      mailer: {
        async send({ text }) {
          seen.push(text)
          throw Object.assign(new Error(`cannot send ${text}`), { permanent: true })
        },
      },
    })
    await h.enter('ann', HOME)
    must(await h.auth.forgotPassword(EMAIL, HOME))
    await afterwards(h)
    const token = /token=([\w-]{43})/.exec(seen[0] ?? '')?.[1] ?? 'none'
    must(await h.auth.resetPassword({ token, newPassword: NEXT }))
    await afterwards(h)
    const failed = h.events.filter(({ type }) => type === 'mail.failed')
    expect(failed).toMatchObject([
      { reason: 'refused', severity: 'warning', data: { kind: 'reset', attempts: 1 } },
      { reason: 'refused', data: { kind: 'password_changed' } },
    ])
    expect(lines.some((line) => line.includes('a message was given up'))).toBe(true)
    for (const text of [...lines, JSON.stringify(h.events)]) {
      expect(text).not.toContain(token)
      expect(text).not.toContain('ann@')
    }
  })
})
