import { afterEach, describe, expect, it, vi } from 'vitest'
import { StoreUnavailable } from '../../src/errors.ts'
import type { Store } from '../../src/store.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { sqlite } from '../../src/stores/sql/sqlite.ts'
import { folder } from '../cli/folder.ts'
import { type House, house, must, PASSWORD } from '../support/house.ts'
import { afterwards, type Mailbox, mailbox } from '../support/mailbox.ts'

vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('../faults/support/quick-argon2.ts'))

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0'
const SAFARI =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_0) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15'
const HOME = { source: '192.0.2.77', userAgent: FIREFOX }
const AWAY = { source: '203.0.113.77', userAgent: SAFARI }
const DAY = 86_400_000

let box: Mailbox
let h: House
afterEach(() => h.close())

async function open(store: Store = memory(), options: Parameters<typeof house>[0] = {}): Promise<House> {
  box = mailbox()
  h = await house({ mailer: box, store, ...options })
  return h
}

/** Ann has done everything that leaves a trace. */
async function lived() {
  const { signedIn, carrier } = await h.enter('ann', HOME)
  const { id } = signedIn.user
  await h.auth.signIn({ email: 'ann@example.com', password: PASSWORD }, AWAY)
  await h.auth.signIn({ email: 'ann@example.com', password: 'a wrong passphrase' }, AWAY)
  must(await h.auth.forgotPassword('ann@example.com', HOME))
  await afterwards(h)
  const who = must(await h.auth.authenticate(carrier, HOME))
  must(await h.auth.changeEmail(who, { email: 'next@example.com', password: PASSWORD }, HOME))
  await afterwards(h)
  return { id, who, carrier }
}

async function traces(store: Store, id: string): Promise<string> {
  const { items: events } = await store.audit.list({}, null, 1000)
  const user = id as Parameters<Store['tickets']['ofUser']>[0]
  const [open, ended] = [
    await store.sessions.ofUser(user, 'active', 100),
    await store.sessions.ofUser(user, 'ended', 100),
  ]
  const rest = [await store.tickets.ofUser(user, 100), await store.credentials.list(user), await store.users.find(user)]
  return JSON.stringify([events, open, ended, rest])
}

const PERSONAL = /192\.0\.2\.77|203\.0\.113\.77|Firefox|Safari|example\.com|argon2/

describe.each([
  ['memory', () => memory()],
  ['sqlite', () => sqlite(`${folder()}/auth.db`)],
] as const)('an account that is deleted, in %s', (_, make) => {
  it('TE-07: leaves nothing personal anywhere, and the events stay', async () => {
    const store = make()
    await open(store)
    const { id, who } = await lived()
    expect(await traces(store, id)).toMatch(PERSONAL)
    const before = (await h.auth.audit({ subject: id }, null, 1000)).items.length
    must(await h.auth.removeOwn(who, HOME))
    await afterwards(h)
    const { items } = await h.auth.audit({ subject: id }, null, 1000)
    expect(items.length).toBeGreaterThan(before)
    await h.auth.sweep()
    expect(await traces(store, id)).not.toMatch(PERSONAL)
    expect(items.map(({ type }) => type)).toContain('sign_in.failed')
  })
})

describe('an account that is deleted', () => {
  it('TE-07: takes messages along that wait to be sent, but for the word that it is gone', async () => {
    let isDown = true
    const sent: string[] = []
    await open(memory(), {
      mailer: {
        async send(mail) {
          if (isDown) throw new Error('down')
          sent.push(mail.kind)
        },
      },
    })
    const { carrier } = await h.enter('ann', HOME)
    must(await h.auth.forgotPassword('ann@example.com', HOME))
    await afterwards(h)
    must(await h.auth.removeOwn(must(await h.auth.authenticate(carrier)), HOME))
    isDown = false
    await afterwards(h)
    await h.clock.advance(60_000)
    expect(sent).toEqual(['account_deleted'])
  })

  it.each(['sessions', 'audit'] as const)(
    'TE-10: is gone at once where the %s cannot be reached, and its traces follow when they can',
    async (port) => {
      const store = memory()
      let isDown = false
      const erase = async (...given: Parameters<Store['sessions']['erase']>) => {
        if (isDown) throw new StoreUnavailable('down')
        return store[port].erase(...given)
      }
      await open({ ...store, [port]: { ...store[port], erase } })
      const { id, who, carrier } = await lived()
      isDown = true
      await expect(h.auth.removeOwn(who, HOME)).rejects.toThrow(StoreUnavailable)
      expect((await h.auth.authenticate(carrier)).ok).toBe(false)
      expect(await h.auth.users.find(id)).toBeNull()
      expect(await traces(store, id)).toMatch(PERSONAL)
      isDown = false
      await h.clock.advance(6000)
      await h.auth.sweep()
      expect(await traces(store, id)).not.toMatch(PERSONAL)
      await afterwards(h)
      expect(box.of('account_deleted')).toHaveLength(1)
    },
  )

  it('TE-07: somebody else deletes it: who they are, and from where, stays in the log', async () => {
    const store = memory()
    await open(store)
    const { id } = await lived()
    must(await h.auth.users.remove(id, { actor: 'an-admin', source: '198.51.100.1' }))
    await h.auth.sweep()
    const { items } = await h.auth.audit({ subject: id, type: 'user.removed' }, null, 10)
    expect(items).toMatchObject([{ actor: 'an-admin', source: '198.51.100.1' }])
    expect(await traces(store, id)).not.toMatch(/192\.0\.2\.77|203\.0\.113\.77/)
  })

  it('whoever asks again gets done what was left', async () => {
    await open()
    const { id } = await lived()
    must(await h.auth.users.remove(id))
    expect(await h.auth.users.remove(id)).toMatchObject({ refusal: { code: 'not_found' } })
  })
})

describe('retention', () => {
  it('LG-05: forgets ended sessions and events after the time that is configured, and not before', async () => {
    const store = memory()
    await open(store, { retention: { ended: '2d', audit: '5d' } })
    const { signedIn } = await h.enter('ann', HOME)
    await h.auth.end(signedIn.session.id)
    const left = async () => {
      await h.auth.sweep()
      const ended = (await store.sessions.ofUser(signedIn.user.id, 'ended', 10)).length
      const events = (await store.audit.list({ type: 'user.created' }, null, 10)).items.length
      return { ended, events }
    }
    h.clock.step(2 * DAY - 1000)
    expect(await left()).toEqual({ ended: 1, events: 1 })
    h.clock.step(2000)
    expect(await left()).toEqual({ ended: 0, events: 1 })
    h.clock.step(3 * DAY)
    expect(await left()).toEqual({ ended: 0, events: 0 })
  })
})

describe('what is held about somebody', () => {
  it('AZ-03: is shown to them whole, without what would open something, and nothing of others', async () => {
    await open()
    await h.enter('bea', { source: '198.51.100.9' })
    const { id, who } = await lived()
    const held = must(await h.auth.exportOwn(who, HOME))
    expect(held.user).toMatchObject({ id, email: 'ann@example.com' })
    expect(held.sessions.map(({ ip }) => ip).sort()).toEqual(['192.0.2.77', '203.0.113.77'])
    expect(held.credentials).toMatchObject([{ kind: 'password' }])
    expect(held.links.map(({ kind }) => kind).sort()).toEqual(['email', 'object', 'reset'])
    expect(held.links.find(({ kind }) => kind === 'email')?.email).toBe('next@example.com')
    expect(held.events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['user.created', 'sign_in.failed', 'user.exported']),
    )
    const text = JSON.stringify(held)
    for (const word of ['argon2', 'digest', 'bea@', '198.51.100.9', box.token('reset')])
      expect(text).not.toContain(word)
  })
})
