import { afterEach, describe, expect, it } from 'vitest'
import { sha256 } from '../../src/crypto.ts'
import { StoreUnavailable } from '../../src/errors.ts'
import { STYLE } from '../../src/pages/style.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { must, PASSWORD } from '../support/house.ts'
import { hiddenIn, type Pages, site, type Visitor } from './visitor.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const EMAIL = 'ann@example.com'
const STYLE_SOURCE = `'sha256-${Buffer.from(sha256(STYLE), 'hex').toString('base64')}'`

let open: Pages | null = null
afterEach(async () => {
  await open?.close()
  open = null
})

async function begin(options: Parameters<typeof site>[0] = {}): Promise<Pages & { readonly ann: Visitor }> {
  open = await site(options)
  const ann = open.visitor()
  await ann.submit('/sign-up', { email: EMAIL, password: PASSWORD, name: 'Ann <b>' })
  return { ...open, ann }
}

const signIn = (visitor: Visitor, password = PASSWORD) => visitor.submit('/sign-in', { email: EMAIL, password })

describe('signing in and out by form', () => {
  it('goes the whole way: sign-up, who I am, sign-out, sign-in', async () => {
    const { ann } = await begin()
    const home = await ann.get('/')
    expect(home.status).toBe(200)
    expect(home.text).toContain('ann@example.com')
    expect(home.text).toContain('in 30 minutes')
    const out = await ann.submit('/', { do: 'sign-out' })
    expect(out.text).toContain('You are signed out.')
    expect(ann.cookie).toBe('')
    expect((await signIn(ann)).text).toContain('Manage your account')
  })

  it('works the same below the base path, and stays there', async () => {
    const { visitor } = await begin()
    const bea = visitor()
    const answer = await bea.post('/auth/sign-in', { email: EMAIL, password: PASSWORD })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/auth/'])
    const home = await bea.get('/auth')
    expect(home.text).toContain('action="/auth/"')
    const out = await bea.post('/auth/', { do: 'sign-out' })
    expect(out.headers.get('location')).toBe('/auth/sign-in?done=signed-out')
  })

  it('ER-07: escapes what people call themselves and keep typing', async () => {
    const { ann, visitor } = await begin()
    expect((await ann.get('/')).text).toContain('<h1>Ann &lt;b&gt;</h1>')
    const wrong = await visitor().post('/sign-in', { email: '"><script>alert(1)</script>', password: 'x' })
    expect(wrong.text).toContain('&quot;&gt;&lt;script&gt;')
    expect(wrong.text).not.toContain('<script')
  })

  it('TH-08: unknown, wrong and locked get the same page', async () => {
    const { auth, visitor } = await begin()
    const user = await auth.users.findByEmail(EMAIL)
    await auth.users.create({ email: 'bob@example.com', password: PASSWORD })
    await auth.lock(user?.id ?? '')
    const pages = []
    for (const [email, password] of [
      ['ann@example.com', PASSWORD],
      ['bob@example.com', 'a wrong passphrase here'],
      ['eve@example.com', PASSWORD],
    ] as const) {
      const { status, text } = await visitor().post('/sign-in', { email, password })
      pages.push([status, text.replaceAll(email, 'EMAIL')])
    }
    expect(pages[0]).toEqual(pages[1])
    expect(pages[0]).toEqual(pages[2])
    expect(pages[0]?.[0]).toBe(401)
  })

  it('says what is wrong with a new account on the field, and keeps the address', async () => {
    const { visitor } = await begin()
    const short = await visitor().post('/sign-up', { email: 'bob@example.com', password: 'short', name: '' })
    expect(short.status).toBe(422)
    expect(short.text).toContain('aria-invalid="true"')
    expect(short.text).toContain('Use at least 15 characters.')
    expect(short.text).toContain('value="bob@example.com"')
    expect(short.text).not.toContain('value="short"')
    const taken = await visitor().post('/sign-up', { email: EMAIL, password: PASSWORD })
    expect([taken.status, taken.text.includes('already in use')]).toEqual([409, true])
  })

  it('asks for both fields before it asks the store', async () => {
    const { visitor } = await begin()
    expect((await visitor().post('/sign-in', { email: EMAIL })).status).toBe(400)
  })

  it('shows no sign-up where it is closed', async () => {
    open = await site({ signUp: 'closed' })
    const bob = open.visitor()
    expect((await bob.get('/sign-in')).text).not.toContain('/sign-up')
    expect((await bob.get('/sign-up')).status).toBe(403)
    expect((await bob.post('/sign-up', { email: EMAIL, password: PASSWORD })).status).toBe(403)
  })

  it('CK-04: without "remember me" the cookie ends with the browser', async () => {
    const { visitor } = await begin()
    const short = await visitor().post('/sign-in', { email: EMAIL, password: PASSWORD })
    expect(short.cookies[0]).not.toMatch(/max-age|expires/i)
    const long = await visitor().post('/sign-in', { email: EMAIL, password: PASSWORD, remember: 'yes' })
    expect(long.cookies[0]).toContain(`Max-Age=${30 * 24 * 3600}`)
  })

  it('states the limits in words, and offers no "remember me" where there is none', async () => {
    open = await site({ timeouts: { idle: '20m', absolute: '8h', remember: false } })
    const { text } = await open.visitor().get('/sign-in')
    expect(text).toContain('You are signed out after 20 minutes without activity, and after 8 hours at the latest.')
    expect(text).not.toContain('remember')
  })

  it('PW-10: a password that must be replaced is replaced before anything else', async () => {
    const { auth, visitor } = await begin()
    must(await auth.users.requirePasswordChange((await auth.users.findByEmail(EMAIL))?.id ?? ''))
    const bea = visitor()
    const asked = await bea.post('/sign-in?return=/billing', { email: EMAIL, password: PASSWORD })
    expect([asked.status, bea.cookie]).toEqual([200, ''])
    expect(asked.text).toContain('Choose a new password')
    const token = hiddenIn(asked.text, 'token')
    const weak = await bea.post('/sign-in?return=/billing', { token, newPassword: 'short' })
    expect([weak.status, hiddenIn(weak.text, 'token')]).toEqual([422, token])
    const done = await bea.post('/sign-in?return=/billing', { token, newPassword: 'another long passphrase' })
    expect(done.headers.get('location')).toBe('/sign-in?done=new-password&return=%2Fbilling')
    const again = await bea.post('/sign-in?return=/billing', { token, newPassword: 'another long passphrase 2' })
    expect([again.status, again.text.includes('Sign in again to begin anew')]).toEqual([400, true])
    expect((await signIn(bea, 'another long passphrase')).text).toContain('Manage your account')
  })
})

describe('where people are sent', () => {
  it('CS-10: only to own paths and listed origins', async () => {
    const { visitor } = await begin({ cors: { origins: ['https://shop.example'] } })
    const to = async (target: string) => {
      const path = `/sign-in?${new URLSearchParams({ return: target })}`
      return (await visitor().post(path, { email: EMAIL, password: PASSWORD })).headers.get('location')
    }
    expect(await to('/billing?a=1#b')).toBe('/billing?a=1#b')
    expect(await to('https://shop.example/cart')).toBe('https://shop.example/cart')
    for (const evil of [
      '//evil.example',
      '/\\evil.example',
      'https://evil.example',
      'javascript:alert(1)',
      '/%0d%0aX:y',
    ]) {
      expect(await to(evil)).toBe('/')
    }
  })

  it('keeps a good target from page to page, and drops a bad one', async () => {
    const { visitor } = await begin()
    const { text } = await visitor().get('/sign-in?return=/billing')
    expect(text).toContain('action="/sign-in?return=%2Fbilling"')
    expect(text).toContain('href="/sign-up?return=%2Fbilling"')
    expect((await visitor().get('/sign-in?done=constructor')).text).not.toContain('role="status"')
    expect((await visitor().get('/sign-in?return=//evil.example')).text).toContain('action="/sign-in"')
  })
})

describe('why someone was signed out', () => {
  it('TO-01: tells of time without activity, at exactly the limit', async () => {
    const { ann, clock } = await begin()
    clock.step(30 * MINUTE - 1)
    expect((await ann.get('/')).text).toContain('Manage your account')
    clock.step(30 * MINUTE)
    const { text } = await ann.get('/')
    expect(text).toContain('nothing happened for a while')
    expect(text).toContain('action="/sign-in"')
  })

  it('TO-02: tells of the longest duration, which visits do not move', async () => {
    const { ann, clock } = await begin()
    for (let passed = 0; passed < 12 * HOUR; passed += 20 * MINUTE) {
      expect((await ann.get('/')).text).toContain('Manage your account')
      clock.step(20 * MINUTE)
    }
    expect((await ann.get('/sign-in')).text).toContain('longest duration')
  })

  it('TO-07: looking at the sign-in page is not activity', async () => {
    const { ann, clock } = await begin()
    for (let passed = 0; passed < 30 * MINUTE; passed += 10 * MINUTE) {
      expect((await ann.get('/sign-in')).text).toContain('You are signed in as')
      clock.step(10 * MINUTE)
    }
    expect((await ann.get('/sign-in')).text).toContain('nothing happened for a while')
  })

  it.each([
    ['lock', 'the account is locked'],
    ['endAll', 'Your session was ended'],
  ] as const)('TE-07: tells of %s', async (verb, words) => {
    const { ann, auth } = await begin()
    await auth[verb]((await auth.users.findByEmail(EMAIL))?.id ?? '')
    expect((await ann.get('/')).text).toContain(words)
  })

  it('ER-04: tells a stranger nothing', async () => {
    const { visitor } = await begin()
    const eve = visitor()
    const plain = await eve.get('/')
    eve.cookie = `__Host-sid=${'A'.repeat(64)}`
    expect((await eve.get('/')).text).toBe(plain.text)
  })
})

describe('ending sessions', () => {
  it('SL-03: ends one other session and no other', async () => {
    const { ann, visitor, clock } = await begin()
    const [bea, cy] = [visitor(), visitor()]
    for (const other of [bea, cy]) {
      clock.step(1000)
      await signIn(other)
    }
    const { text } = await ann.get('/account')
    const csrf = hiddenIn(text, 'csrf')
    const newest = hiddenIn(text, 'session')
    expect((await ann.submit('/account', { do: 'end', session: newest, csrf })).text).toContain(
      'That session is signed out.',
    )
    expect((await cy.get('/')).text).toContain('Your session was ended')
    expect((await bea.get('/')).text).toContain('Manage your account')
  })

  it('AZ-03: another one’s session is not there', async () => {
    const { ann, visitor, auth } = await begin()
    const bob = visitor()
    await bob.submit('/sign-up', { email: 'bob@example.com', password: PASSWORD })
    const [session] = await auth.sessions((await auth.users.findByEmail('bob@example.com'))?.id ?? '')
    const answer = await ann.post('/account', { do: 'end', session: session?.id ?? '' })
    expect(answer.status).toBe(404)
    expect((await bob.get('/')).text).toContain('Manage your account')
  })

  it('RA-06: asks for the password when the sign-in is old, then does it', async () => {
    const { ann, visitor, clock } = await begin()
    const bea = visitor()
    await signIn(bea)
    clock.step(11 * MINUTE)
    const before = ann.cookie
    const asked = await ann.post('/account', { do: 'end-others' })
    expect([asked.status, hiddenIn(asked.text, 'do')]).toEqual([401, 'end-others'])
    expect((await bea.get('/')).text).toContain('Manage your account')
    const wrong = await ann.post('/account', { do: 'end-others', password: 'not this one at all' })
    expect([wrong.status, wrong.text.includes('This is not your current password.')]).toEqual([401, true])
    const done = await ann.submit('/account', { do: 'end-others', password: PASSWORD })
    expect(done.text).toContain('You are signed out everywhere else.')
    expect(ann.cookie).not.toBe(before)
    expect((await bea.get('/')).text).toContain('Your session was ended')
  })

  it('TE-01: a copied cookie opens nothing after sign-out', async () => {
    const { ann, visitor } = await begin()
    const thief = visitor()
    thief.cookie = ann.cookie
    await ann.submit('/', { do: 'sign-out' })
    expect((await thief.get('/')).text).not.toContain('Manage your account')
  })

  it('TE-05: signing out clears the cache where that is asked for', async () => {
    const { ann } = await begin({ clearSiteData: true })
    const out = await ann.post('/', { do: 'sign-out' })
    expect(out.headers.get('clear-site-data')).toBe('"cache", "storage"')
    await open?.close()
    const { ann: plain } = await begin()
    expect((await plain.post('/', { do: 'sign-out' })).headers.get('clear-site-data')).toBeNull()
  })

  it('CS-11: takes no form beside an Authorization header', async () => {
    const { ann } = await begin()
    const headers = { authorization: 'Bearer nonsense' }
    const out = await ann.post('/', { do: 'sign-out' }, { headers })
    expect([out.status, out.cookies]).toEqual([400, []])
    expect((await ann.get('/')).text).toContain('Manage your account')
  })

  it('refuses what it does not know', async () => {
    const { ann } = await begin()
    expect((await ann.post('/account', { do: 'something' })).status).toBe(400)
    expect((await ann.post('/account', {})).status).toBe(400)
  })
})

describe('where forms come from', () => {
  it('CS-01 SL-07: a form from elsewhere, or from nowhere, signs nobody in, up or out', async () => {
    const { ann, visitor, events } = await begin()
    const fields = { email: EMAIL, password: PASSWORD }
    for (const path of ['/sign-in', '/sign-up', '/auth/sign-in']) {
      for (const from of ['https://evil.example', 'null', 'https://app.example.evil.example', null]) {
        const answer = await visitor().post(path, fields, { from })
        expect([path, from, answer.status, answer.cookies]).toEqual([path, from, 403, []])
      }
    }
    expect((await ann.post('/', { do: 'sign-out' }, { from: 'https://evil.example' })).status).toBe(403)
    expect((await ann.post('/', { do: 'sign-out' }, { from: null })).status).toBe(403)
    expect((await ann.get('/')).text).toContain('Manage your account')
    expect(events.filter((event) => event.type === 'csrf.rejected').length).toBe(14)
  })

  it('CS-02: Sec-Fetch-Site decides before Origin', async () => {
    const { visitor } = await begin()
    const fields = { email: EMAIL, password: PASSWORD }
    const site = (value: string) =>
      visitor().post('/sign-in', fields, { from: 'null', headers: { 'sec-fetch-site': value } })
    expect((await site('same-origin')).status).toBe(303)
    expect((await site('same-site')).status).toBe(403)
    expect((await site('cross-site')).status).toBe(403)
  })

  it('CS-04: a form that says nothing of its origin counts with the token of its own session', async () => {
    const { ann, visitor } = await begin()
    const bea = visitor()
    await signIn(bea)
    const foreign = hiddenIn((await bea.get('/')).text, 'csrf')
    const own = hiddenIn((await ann.get('/')).text, 'csrf')
    expect((await ann.post('/', { do: 'sign-out', csrf: foreign }, { from: null })).status).toBe(403)
    expect((await ann.post('/', { do: 'sign-out', csrf: '' }, { from: null })).status).toBe(403)
    expect((await ann.post('/', { do: 'sign-out', csrf: own }, { from: 'https://evil.example' })).status).toBe(403)
    expect((await ann.post('/', { do: 'sign-out', csrf: own }, { from: null })).status).toBe(303)
  })

  it('CS-06: a GET changes nothing', async () => {
    const { ann, visitor } = await begin()
    await ann.get('/?do=sign-out')
    const bob = visitor()
    await bob.get(`/sign-in?email=${EMAIL}&password=${encodeURIComponent(PASSWORD)}`)
    expect(bob.cookie).toBe('')
    expect((await ann.get('/')).text).toContain('Manage your account')
  })

  it('CK-12: signs nobody in over plain http, whatever an untrusted proxy header says', async () => {
    const { page } = await begin()
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      origin: 'https://app.example',
      'x-forwarded-proto': 'https',
    }
    const body = String(new URLSearchParams({ email: EMAIL, password: PASSWORD }))
    const request = new Request('http://app.example/sign-in', { method: 'POST', headers, body })
    const answer = await page(request, { remote: '192.0.2.7' })
    expect([answer?.status, answer?.headers.getSetCookie()]).toEqual([400, []])
    expect(await answer?.text()).toContain('plain http')
  })
})

describe('what every page carries', () => {
  it('CS-09 TE-05 ER-07: the headers', async () => {
    const { ann } = await begin({ cors: { origins: ['https://shop.example'] } })
    for (const answer of [await ann.get('/'), await ann.get('/sign-up'), await ann.post('/', { do: 'nonsense' })]) {
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'cache-control': 'no-store',
        'content-security-policy': `default-src 'none'; style-src ${STYLE_SOURCE}; img-src data:; object-src 'none'; base-uri 'none'; form-action 'self' https://shop.example; frame-ancestors 'none'`,
        'content-type': 'text/html; charset=utf-8',
        'cross-origin-opener-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'strict-transport-security': 'max-age=31536000',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      })
      expect(answer.text).toContain(`<style>${STYLE}</style>`)
      expect(answer.text).not.toMatch(/<script|\son\w+=|javascript:/i)
    }
  })

  it('CK-02: no page holds a credential', async () => {
    const { ann } = await begin()
    const token = ann.cookie.split('=')[1] ?? ''
    expect(token).toHaveLength(64)
    expect((await ann.get('/')).text).not.toContain(token)
  })
})

describe('what is left to the API', () => {
  it('below the base path: what asks for no HTML, or is no form of a browser', async () => {
    const { page } = await begin()
    const ask = async (method: string, path: string, headers: Record<string, string>) => {
      const body = method === 'POST' ? { body: 'a=1' } : {}
      return (await page(new Request(`https://app.example${path}`, { method, headers, ...body }))) === null
    }
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const own = { origin: 'https://app.example' }
    expect(await ask('GET', '/auth/sign-in', { accept: 'application/json' })).toBe(true)
    expect(await ask('GET', '/auth/session', { accept: 'text/html' })).toBe(true)
    expect(await ask('POST', '/auth/sign-in', { ...own, 'content-type': 'application/json' })).toBe(true)
    expect(await ask('POST', '/auth/sign-in', form)).toBe(true)
    expect(await ask('DELETE', '/auth/sign-in', own)).toBe(true)
    expect(await ask('POST', '/auth/sign-in', { ...form, ...own })).toBe(false)
    expect(await ask('GET', '/auth/sign-in', {})).toBe(false)
    expect(await ask('GET', '/elsewhere', {})).toBe(true)
  })

  it('at the root there is none: other methods and bodies are refused there', async () => {
    const { ann, page } = await begin()
    const put = await page(new Request('https://app.example/sign-in', { method: 'PUT' }))
    expect([put?.status, put?.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST'])
    const json = await ann.post('/sign-in', '{}', { headers: { 'content-type': 'application/json' } })
    expect(json.status).toBe(415)
    expect((await ann.post('/sign-in', 'a=1&a=2')).status).toBe(400)
    expect((await ann.post('/sign-in', `a=${'x'.repeat(20_000)}`)).status).toBe(413)
  })
})

describe('a store that fails', () => {
  it('P3: 503 with Retry-After, nobody in, nobody signed out', async () => {
    const store = memory()
    const { ann, visitor } = await begin({ store })
    const broken = () => Promise.reject(new StoreUnavailable('gone'))
    Object.assign(store.users, { findByEmail: broken })
    Object.assign(store.sessions, { end: broken, find: broken, ofUser: broken })
    const cookie = ann.cookie
    const out = await ann.post('/', { do: 'sign-out' })
    expect([out.status, out.cookies, ann.cookie]).toEqual([503, [], cookie])
    expect(out.headers.get('retry-after')).toBe('1')
    const home = await ann.get('/')
    expect([home.status, home.text.includes('Temporarily unavailable')]).toEqual([503, true])
    const into = await visitor().post('/sign-in', { email: EMAIL, password: PASSWORD })
    expect([into.status, into.cookies]).toEqual([503, []])
  })
})
