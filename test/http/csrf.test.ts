import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { ROUTES } from '../../src/http/routes.ts'
import { cookieFrom, type Member, PASSWORD, type Sending, type Site, signedInAs, site } from './site.ts'

const OTHER = 'https://partner.example'

let s: Site
let admin: Member
let cookie: string

beforeAll(async () => {
  s = await site({ cors: { origins: [OTHER] } })
  admin = await s.member('admin', ['admin'])
})
beforeEach(async () => {
  cookie = cookieFrom(await signedInAs(s, admin.email))
})
afterAll(() => s.close())

/** Every route that reads or sets cookies and may change something. */
const JUDGED = ROUTES.filter(
  ({ method, access, credential }) => method !== 'GET' && access !== 'service' && (access !== 'public' || credential),
)
const NAMES = JUDGED.map(({ method, path }) => [method, path] as const)
const pathOf = (path: string) => `/auth${path.replace(/\{\w+\}/, admin.id)}`

describe('CS-01: unsafe requests with a cookie prove where they come from', () => {
  it.each(NAMES)('CS-01: %s %s from another site is refused, and nothing of it runs', async (method, path) => {
    const spies = [
      vi.spyOn(s.auth, 'authenticate'),
      vi.spyOn(s.auth, 'signIn'),
      vi.spyOn(s.auth, 'signUp'),
      vi.spyOn(s.auth, 'signOut'),
    ]
    const reply = await s.call(method, pathOf(path), { cookie, from: 'https://evil.example', body: {} })
    expect(reply).toMatchObject({ status: 403, code: 'csrf_rejected', cookies: [] })
    for (const spy of spies) expect(spy).not.toHaveBeenCalled()
    expect((await s.get('/auth/session', { cookie })).status).toBe(200)
  })

  it.each(NAMES.filter(([, path]) => !/^\/sign-(in|up)$/.test(path)))(
    'CS-01: %s %s without any of the three headers is refused',
    async (method, path) => {
      const reply = await s.call(method, pathOf(path), { cookie, from: null, body: {} })
      expect(reply).toMatchObject({ status: 403, code: 'csrf_rejected', cookies: [] })
    },
  )

  it('CS-01: a client without cookie and headers is asked to sign in, not for proof', async () => {
    expect(await s.post('/auth/session/renew', {}, { from: null })).toMatchObject({
      status: 401,
      code: 'unauthenticated',
    })
  })

  it('SL-07, CS-01: signing in with JSON and none of the three headers is allowed: no page can send that', async () => {
    const reply = await s.post('/auth/sign-in', { email: admin.email, password: PASSWORD }, { from: null })
    expect(reply.status).toBe(200)
  })

  it('SL-07: signing in from another site starts no session', async () => {
    const before = (await s.auth.sessions(admin.id)).length
    for (const transport of ['cookie', 'bearer']) {
      const body = { email: admin.email, password: PASSWORD, transport }
      const reply = await s.post('/auth/sign-in', body, { from: 'https://evil.example' })
      expect(reply).toMatchObject({ status: 403, code: 'csrf_rejected', cookies: [] })
      expect(reply.body).not.toHaveProperty('tokens')
    }
    expect(await s.auth.sessions(admin.id)).toHaveLength(before)
  })

  it('what neither reads nor sets cookies is not judged', async () => {
    const body = { token: 'x', newPassword: 'a brand new passphrase' }
    expect(await s.post('/auth/password/reset', body, { from: 'https://evil.example' })).toMatchObject({ status: 400 })
  })
})

describe('CS-02, CS-03: the three headers', () => {
  const renew = (headers: Record<string, string>) =>
    s.post('/auth/session/renew', undefined, { cookie, from: null, headers })
  const own = 'https://app.example'

  it.each<[string, Record<string, string>, number]>([
    ['same-origin', { 'sec-fetch-site': 'same-origin' }, 200],
    ['same-origin before a foreign Origin', { 'sec-fetch-site': 'same-origin', origin: 'null' }, 200],
    ['cross-site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['cross-site before an own Referer', { 'sec-fetch-site': 'cross-site', referer: `${own}/` }, 403],
    ['same-site', { 'sec-fetch-site': 'same-site' }, 403],
    ['none', { 'sec-fetch-site': 'none' }, 200],
    ['an unknown word', { 'sec-fetch-site': 'sideways' }, 403],
    ['an empty word', { 'sec-fetch-site': '' }, 403],
    ['own Origin', { origin: own }, 200],
    ['own Origin in capitals', { origin: 'HTTPS://APP.EXAMPLE' }, 200],
    ['own Origin before a foreign Referer', { origin: own, referer: 'https://evil.example/' }, 200],
    ['listed Origin', { origin: OTHER }, 200],
    ['listed Origin of a cross-site request', { origin: OTHER, 'sec-fetch-site': 'cross-site' }, 200],
    ['null', { origin: 'null' }, 403],
    ['empty', { origin: '' }, 403],
    ['longer host', { origin: 'https://app.example.evil.com' }, 403],
    ['host with a prefix', { origin: 'https://evilapp.example' }, 403],
    ['subdomain', { origin: 'https://x.app.example' }, 403],
    ['other port', { origin: 'https://app.example:8443' }, 403],
    ['http', { origin: 'http://app.example' }, 403],
    ['final dot', { origin: 'https://app.example.' }, 403],
    ['two origins', { origin: `${own}, https://evil.example` }, 403],
    ['own Referer', { referer: `${own}/account?x=1` }, 200],
    ['foreign Referer', { referer: 'https://evil.example/?https://app.example' }, 403],
    ['Referer with user', { referer: 'https://app.example@evil.example/' }, 403],
    ['nothing', {}, 403],
  ])('CS-02, CS-03: %s', async (_, headers, status) => {
    expect((await renew(headers)).status).toBe(status)
  })
})

describe('CS-04: the token of clients without those headers', () => {
  const tokenOf = async (of: string) => (await s.get('/auth/csrf', { cookie: of })).body.token as string
  const renew = (of: string, token: string, more: Sending = {}) =>
    s.post('/auth/session/renew', undefined, { cookie: of, from: null, headers: { 'x-csrf-token': token }, ...more })

  it('CS-04: lets in with the session it was made for', async () => {
    expect((await renew(cookie, await tokenOf(cookie))).status).toBe(200)
    expect(
      (
        await s.post('/auth/sign-out', undefined, {
          cookie,
          from: null,
          headers: { 'x-csrf-token': await tokenOf(cookie) },
        })
      ).status,
    ).toBe(204)
  })

  it('CS-04: not with another session, not of before signing in again, not altered, empty or from the cookie', async () => {
    const token = await tokenOf(cookie)
    const again = (await s.post('/auth/sign-in', { email: admin.email, password: PASSWORD }, { cookie })).cookie
    const other = cookieFrom(await signedInAs(s, admin.email))
    for (const [of, wrong] of [
      [again, token],
      [other, await tokenOf(again)],
      [again, `${(await tokenOf(again)).slice(0, -1)}!`],
      [again, ''],
      [`${again}; csrf=tossed`, 'tossed'],
      [again, again.split('=')[1] as string],
    ] as const) {
      expect(await renew(of, wrong)).toMatchObject({ status: 403, code: 'csrf_rejected' })
    }
  })

  it('CS-02: does not outweigh a header that says another site', async () => {
    const token = await tokenOf(cookie)
    expect((await renew(cookie, token, { from: 'https://evil.example' })).status).toBe(403)
  })

  it('CS-04: a token that was replaced proves nothing, and cannot sign out unproven', async () => {
    const token = await tokenOf(cookie)
    const { cookie: next } = await s.post('/auth/reauthenticate', { password: PASSWORD }, { cookie })
    const sending = { cookie, from: null, headers: { 'x-csrf-token': token } }
    expect(await s.post('/auth/sign-out', undefined, sending)).toMatchObject({ status: 403, cookies: [] })
    expect((await s.get('/auth/session', { cookie: next })).status).toBe(200)
  })

  it('TE-04: signing out of nothing needs no proof', async () => {
    await s.post('/auth/sign-out', undefined, { cookie })
    expect((await s.post('/auth/sign-out', undefined, { cookie, from: null })).status).toBe(204)
    expect((await s.post('/auth/sign-out', undefined, { from: null })).status).toBe(204)
  })
})

describe('CS-11: bearer requests', () => {
  const bearer = () => cookie.split('=')[1] as string

  it('CS-11: need no proof of origin, since no page can send them', async () => {
    expect((await s.post('/auth/session/renew', undefined, { bearer: bearer(), from: null })).status).toBe(200)
    expect(
      (await s.post('/auth/session/renew', undefined, { bearer: bearer(), from: 'https://evil.example' })).status,
    ).toBe(200)
  })

  it.each(['Bearer garbage', 'Bearer', 'Basic YTpi', '', `Bearer ${'A'.repeat(64)}`, 'Bearer a, Bearer b'])(
    'CS-11: a bad one (%s) is not made good by a cookie',
    async (authorization) => {
      const sending = { cookie, from: 'https://evil.example', headers: { authorization } }
      expect(await s.post('/auth/session/renew', undefined, sending)).toMatchObject({ status: 401, cookies: [] })
      expect(await s.del('/auth/sessions?scope=all', sending)).toMatchObject({ status: 401 })
      expect(await s.post('/auth/sign-out', undefined, sending)).toMatchObject({ status: 204, cookies: [] })
      expect((await s.get('/auth/session', { cookie })).status).toBe(200)
    },
  )

  it('CS-11: signing in is judged with an Authorization header too', async () => {
    const sending = { bearer: bearer(), from: 'https://evil.example' }
    expect((await s.post('/auth/sign-in', { email: admin.email, password: PASSWORD }, sending)).status).toBe(403)
  })
})

it('LG-06: what was rejected is an event, with who it was for as far as that is known', async () => {
  s.events.length = 0
  await s.post('/auth/session/renew', undefined, {
    cookie,
    from: 'https://evil.example',
    connection: { remote: '192.0.2.9' },
  })
  await s.post('/auth/session/renew', undefined, { cookie, from: null })
  const rejected = s.events.filter(({ type }) => type === 'csrf.rejected')
  expect(rejected).toMatchObject([
    { severity: 'warning', outcome: 'failure', reason: 'foreign_origin', source: '192.0.2.9', actor: null },
    { severity: 'warning', outcome: 'failure', reason: 'no_proof', subject: admin.id, session: expect.any(String) },
  ])
})
