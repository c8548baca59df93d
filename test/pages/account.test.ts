import { afterEach, describe, expect, it } from 'vitest'
import { StoreUnavailable } from '../../src/errors.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { hybrid } from '../../src/strategies/hybrid.ts'
import { jwt } from '../../src/strategies/jwt.ts'
import { must, PASSWORD } from '../support/house.ts'
import { hiddenIn, type Pages, site, type Visitor } from './visitor.ts'

const MINUTE = 60_000
const DAY = 86_400_000
const EMAIL = 'ann@example.com'
const NEXT = 'another long passphrase'

let open: Pages | null = null
afterEach(async () => {
  await open?.close()
  open = null
})

async function begin(options: Parameters<typeof site>[0] = {}): Promise<Pages & { readonly ann: Visitor }> {
  open = await site(options)
  const ann = open.visitor()
  await ann.submit('/sign-up', { email: EMAIL, password: PASSWORD, name: 'Ann' })
  return { ...open, ann }
}

const signIn = (visitor: Visitor, password = PASSWORD) => visitor.submit('/sign-in', { email: EMAIL, password })
const isIn = async (visitor: Visitor) => (await visitor.get('/')).text.includes('Manage your account')

describe('the account page', () => {
  it('leads through sign-in and back', async () => {
    const { ann, visitor } = await begin()
    expect((await ann.get('/account')).text).toContain('value="Ann"')
    const bea = visitor()
    const asked = await bea.get('/account')
    expect([asked.status, asked.text.includes('action="/sign-in?return=%2Faccount"')]).toEqual([200, true])
    const back = await bea.post('/sign-in?return=/account', { email: EMAIL, password: PASSWORD })
    expect(back.headers.get('location')).toBe('/account')
  })

  it('changes the name, and says on the field what is wrong with one', async () => {
    const { ann } = await begin()
    const changed = await ann.submit('/account', { do: 'profile', name: 'Anna' })
    expect([changed.text.includes('Your name is saved.'), changed.text.includes('value="Anna"')]).toEqual([true, true])
    const wrong = await ann.post('/account', { do: 'profile', name: 'x'.repeat(201) })
    expect(wrong.status).toBe(400)
    expect(wrong.text).toMatch(/id="name"[^>]*aria-invalid="true" aria-describedby="name-wrong"/)
    expect(wrong.text).toContain('<a href="#name">')
    expect(wrong.text).toContain('<title>Error: Your account')
  })

  it('TE-06 PW-09: changes the password, and signs out everywhere else', async () => {
    const { ann, visitor } = await begin()
    const bea = visitor()
    await signIn(bea)
    const wrong = await ann.post('/account', { do: 'password', currentPassword: 'not this one', newPassword: NEXT })
    expect([wrong.status, wrong.text.includes('This is not your current password.')]).toEqual([401, true])
    const weak = await ann.post('/account', { do: 'password', currentPassword: PASSWORD, newPassword: 'short' })
    expect([weak.status, weak.text.includes('id="newPassword-wrong"')]).toEqual([422, true])
    expect(weak.text).not.toContain(PASSWORD)
    const before = ann.cookie
    const done = await ann.submit('/account', { do: 'password', currentPassword: PASSWORD, newPassword: NEXT })
    expect(done.text).toContain('Your password is changed')
    expect(ann.cookie).not.toBe(before)
    expect([await isIn(ann), await isIn(bea)]).toEqual([true, false])
    expect((await signIn(visitor(), NEXT)).text).toContain('Manage your account')
  })

  it('SL-03: shows where one is signed in, and why the others are over, for 30 days', async () => {
    const { ann, auth, visitor, clock } = await begin({ timeouts: { absolute: '90d', idle: '80d' } })
    const user = await auth.users.findByEmail(EMAIL)
    clock.step(MINUTE)
    await signIn(visitor())
    const [newest] = await auth.sessions(user?.id ?? '')
    await auth.end(newest?.id ?? '', { reason: 'session_expired_idle' })
    await signIn(visitor())
    const { text } = await ann.get('/account')
    expect(text.match(/value="end"/g)).toHaveLength(1)
    expect(text).toContain('This device')
    expect(text).toContain('Ended in the last 30 days: one')
    expect(text).toContain('Signed out after a time without activity')
    clock.step(30 * DAY)
    expect((await ann.get('/account')).text).not.toContain('Ended in the last')
  })

  it('RA-06: “I don’t recognise this” ends the session and leads to the password', async () => {
    const { ann, visitor, clock } = await begin()
    const eve = visitor()
    await signIn(eve)
    const session = hiddenIn((await ann.get('/account')).text, 'session')
    clock.step(11 * MINUTE)
    const asked = await ann.post('/account', { do: 'strange', session })
    expect([asked.status, hiddenIn(asked.text, 'session')]).toEqual([401, session])
    expect(await isIn(eve)).toBe(true)
    const done = await ann.post('/account', { do: 'strange', session, password: PASSWORD })
    expect(done.headers.get('location')).toBe('/account?done=strange#password-part')
    expect(await isIn(eve)).toBe(false)
    expect((await ann.get('/account?done=strange')).text).toContain('may know your password: change it now')
  })

  it('signs out everywhere, here too', async () => {
    const { ann, visitor } = await begin()
    const bea = visitor()
    await signIn(bea)
    const out = await ann.submit('/account', { do: 'end-all' })
    expect(out.text).toContain('You are signed out everywhere.')
    expect([ann.cookie, await isIn(bea)]).toEqual(['', false])
  })

  it('deletes the account after a question that takes the password, however fresh the sign-in is', async () => {
    const { ann, auth } = await begin()
    const asked = await ann.post('/account', { do: 'remove' })
    expect(asked.text).toContain('Delete your account?')
    const wrong = await ann.post('/account', { do: 'remove', password: 'not this one at all' })
    expect([wrong.status, wrong.text.includes('Delete your account?')]).toEqual([401, true])
    expect(await auth.users.findByEmail(EMAIL)).not.toBeNull()
    const gone = await ann.submit('/account', { do: 'remove', password: PASSWORD })
    expect(gone.text).toContain('Your account is deleted.')
    expect(await auth.users.findByEmail(EMAIL)).toBeNull()
  })

  it('keeps what was typed when it asks for the password, but no password', async () => {
    const { ann, visitor, clock } = await begin()
    await signIn(visitor())
    clock.step(11 * MINUTE)
    const asked = await ann.post('/account', { do: 'end-others', note: '"><b>', newPassword: 'secret one' })
    expect([hiddenIn(asked.text, 'do'), asked.text.includes('name="note" value="&quot;&gt;&lt;b&gt;"')]).toEqual([
      ...['end-others', true],
    ])
    expect(asked.text).not.toContain('secret one')
    expect(asked.text).toContain('href="/account"')
  })

  it('ER-02: a store that fails after the password was proved takes no cookie away', async () => {
    const store = memory()
    const { ann, visitor, clock } = await begin({ store })
    await signIn(visitor())
    clock.step(11 * MINUTE)
    const { endOf } = store.sessions
    Object.assign(store.sessions, {
      endOf: async () => {
        throw new StoreUnavailable('gone')
      },
    })
    const failed = await ann.post('/account', { do: 'end-others', password: PASSWORD })
    expect([failed.status, failed.cookies.length]).toEqual([503, 1])
    Object.assign(store.sessions, { endOf })
    expect(await isIn(ann)).toBe(true)
  })
})

describe('the account page under hybrid', () => {
  it('RT-10: a form that comes with a token that is over goes on by a detour, with everything in it', async () => {
    const { auth, page } = await site({ strategy: hybrid() })
    const made = must(await auth.signUp({ email: EMAIL, password: PASSWORD }))
    const cookies = made.carried.cookies.map((cookie) => cookie.split(';')[0] ?? '')
    const [access = '', refresh = ''] = cookies
    const clock = auth.setting.clock as unknown as { step(ms: number): void }
    clock.step(6 * MINUTE)
    const post = (path: string, cookie: string) =>
      page(
        new Request(`https://app.example${path}`, {
          method: 'POST',
          headers: {
            ...{ cookie, origin: 'https://app.example', accept: 'text/html' },
            'content-type': 'application/x-www-form-urlencoded',
          },
          body: String(new URLSearchParams({ do: 'profile', name: 'Anna' })),
        }),
      )
    const sent = await post('/account', access)
    expect([sent?.status, sent?.headers.get('location')]).toEqual([307, '/auth/account'])
    const done = await post('/auth/account', `${access}; ${refresh}`)
    expect([done?.status, done?.headers.get('location')]).toEqual([303, '/auth/account?done=profile#profile-part'])
    expect(done?.headers.getSetCookie().length).toBeGreaterThan(0)
    expect((await auth.users.findByEmail(EMAIL))?.name).toBe('Anna')
    const without = await post('/auth/account', access)
    expect([without?.status, await without?.text()]).toEqual([200, expect.stringContaining('Sign in')])
    await auth.close()
  })
})

describe('the account page under jwt', () => {
  it('lists no other devices and says so, and signs them all out', async () => {
    const { ann, visitor } = await begin({ strategy: jwt() })
    const bea = visitor()
    await signIn(bea)
    const { text } = await ann.get('/account')
    expect(text).toContain('none is kept in a list')
    const done = await ann.submit('/account', { do: 'end-others' })
    expect(done.text).toContain('You are signed out everywhere else.')
    expect([await isIn(ann), await isIn(bea)]).toEqual([true, false])
  })
})

describe('after a session', () => {
  it('TO-01: the page for it says why, what the limit is, and leads back', async () => {
    const { ann, clock } = await begin()
    clock.step(30 * MINUTE)
    const { status, text } = await ann.get('/expired?return=/billing&reason=user_locked')
    expect(status).toBe(200)
    expect(text).toContain('nothing happened for a while')
    expect(text).toContain('sessions here end after 30 minutes without activity')
    expect(text).toContain('href="/sign-in?return=%2Fbilling"')
  })

  it.each([
    ['session_expired_absolute', 'sessions here last 12 hours at most'],
    ['session_revoked', 'Was that not you?'],
    ['session_evicted', 'on another device'],
    ['user_locked', 'the account is locked'],
    ['token_reused', 'an old sign-in was used again'],
    ['constructor', 'You are signed out.'],
    ['<script>', 'You are signed out.'],
  ])('a script can say that it was %s', async (reason, words) => {
    const { visitor } = await begin()
    const { text } = await visitor().get(`/expired?reason=${encodeURIComponent(reason)}`)
    expect(text).toContain(words)
    expect(text).not.toContain('<script')
  })

  it('CS-10: leads nowhere else, and says nothing of being over to whoever is signed in', async () => {
    const { ann, visitor } = await begin()
    const evil = await visitor().get('/expired?return=//evil.example')
    expect(evil.text).not.toContain('evil.example')
    const still = await ann.get('/expired?return=/billing')
    expect([still.text.includes('You are signed in'), still.text.includes('href="/billing"')]).toEqual([true, true])
    expect((await ann.post('/expired', {})).status).toBe(405)
  })
})
