import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { session } from '../../src/strategies/session.ts'
import { cookieFrom, type Member, PASSWORD, type Site, signedInAs, site } from './site.ts'

let s: Site
let member: Member

beforeAll(async () => {
  s = await site()
  member = await s.member('member')
})
afterAll(() => s.close())

const credentials = () => ({ email: member.email, password: PASSWORD })
const status = async (cookie: string) => (await s.get('/auth/session', { cookie })).status

describe('signing up', () => {
  it('makes an account and signs in', async () => {
    const reply = await s.post('/auth/sign-up', { email: 'New@Example.com', password: PASSWORD, name: 'New' })
    expect(reply).toMatchObject({
      status: 201,
      body: {
        user: { email: 'New@Example.com', name: 'New', roles: ['member'], status: 'active', emailVerified: false },
        session: { current: true, strategy: 'session', amr: ['pwd'], remember: false },
      },
    })
    expect(await status(reply.cookie)).toBe(200)
    expect(reply.body).not.toHaveProperty('tokens')
  })

  it('refuses a taken address, a bad one and a bad password, each with its code', async () => {
    const up = (given: object) => s.post('/auth/sign-up', { ...credentials(), ...given })
    expect(await up({})).toMatchObject({ status: 409, code: 'email_taken', cookies: [] })
    expect(await up({ email: 'nobody' })).toMatchObject({
      status: 422,
      code: 'email_invalid',
      body: { errors: [{ path: 'email' }] },
    })
    const short = await up({ email: 'other@example.com', password: 'short' })
    expect(short).toMatchObject({ status: 422, code: 'password_too_short', body: { errors: [{ path: 'password' }] } })
  })

  it('is refused where it is closed', async () => {
    const closed = await site({ signUp: 'closed' })
    expect(await closed.post('/auth/sign-up', credentials())).toMatchObject({
      status: 403,
      code: 'sign_up_closed',
      cookies: [],
    })
    await closed.close()
  })
})

describe('signing in', () => {
  it('answers with user and session, and sets the cookie', async () => {
    const reply = await s.post('/auth/sign-in', credentials())
    expect(reply).toMatchObject({ status: 200, body: { user: { id: member.id }, session: { current: true } } })
    expect(await status(reply.cookie)).toBe(200)
  })

  it('CK-01, CK-03, CK-04: the cookie is host-only, secure, explicit about other sites, and ends with the browser', async () => {
    const { cookies } = await s.post('/auth/sign-in', credentials())
    expect(cookies).toEqual([expect.stringMatching(/^__Host-sid=[\w-]{64}; Path=\/; Secure; HttpOnly; SameSite=Lax$/)])
  })

  it('CK-04: with remember it stays no longer than the session', async () => {
    const { cookies, body } = await s.post('/auth/sign-in', { ...credentials(), remember: true })
    const { expiresAt, now } = body.session as { expiresAt: number; now: number }
    expect(cookies[0]).toContain(`; Max-Age=${(expiresAt - now) / 1000};`)
    expect(expiresAt - now).toBe(30 * 86_400_000)
  })

  it('CK-02: with cookies no token is in a body, with bearer no cookie is set', async () => {
    const withCookie = await s.post('/auth/sign-in', credentials())
    expect(withCookie.text).not.toContain(withCookie.cookie.split('=')[1])
    expect(withCookie.body).not.toHaveProperty('tokens')

    const bearer = await s.post('/auth/sign-in', { ...credentials(), transport: 'bearer' })
    expect(bearer.cookies).toEqual([])
    const { accessToken, ...tokens } = bearer.body.tokens as { accessToken: string }
    expect(tokens).toEqual({ tokenType: 'Bearer', expiresIn: 12 * 3600 })
    expect((await s.get('/auth/session', { bearer: accessToken })).body.user).toMatchObject({ id: member.id })
  })

  it('ER-03, TH-08: a wrong password, an unknown address and a locked account get the same bytes', async () => {
    const locked = await s.member('locked')
    await s.auth.lock(locked.id)
    const replies = await Promise.all([
      s.post('/auth/sign-in', { email: member.email, password: 'a wrong passphrase' }),
      s.post('/auth/sign-in', { email: 'nobody@example.com', password: PASSWORD }),
      s.post('/auth/sign-in', { email: locked.email, password: PASSWORD }),
    ])
    const bytes = replies.map(({ text, headers, cookies }) => {
      const id = headers.get('x-request-id') as string
      return JSON.stringify([text.replace(id, ''), [...headers].filter(([name]) => name !== 'x-request-id'), cookies])
    })
    expect(new Set(bytes).size).toBe(1)
    expect(replies[0]).toMatchObject({ status: 401, code: 'invalid_credentials', cookies: [] })
    expect(replies[0]?.headers.get('www-authenticate')).toBe('Bearer realm="auth"')
  })

  it('is slowed after failures: 429 with Retry-After', async () => {
    const own = await site()
    const victim = await own.member('victim')
    const attempt = () => own.post('/auth/sign-in', { email: victim.email, password: 'a wrong passphrase' })
    for (let i = 0; i < 5; i++) await attempt()
    const reply = await attempt()
    expect(reply).toMatchObject({ status: 429, code: 'throttled', cookies: [] })
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    await own.close()
  })

  it('SL-01: the session the browser had is over in the same step', async () => {
    const first = await s.post('/auth/sign-in', credentials())
    const second = await s.post('/auth/sign-in', credentials(), { cookie: first.cookie })
    expect(second.cookie).not.toBe(first.cookie)
    expect(await s.get('/auth/session', { cookie: first.cookie })).toMatchObject({ status: 401, code: 'signed_out' })
    expect(await status(second.cookie)).toBe(200)
  })

  it('SL-01: signing in for another transport leaves the session of the browser alone', async () => {
    const { cookie } = await s.post('/auth/sign-in', credentials())
    await s.post('/auth/sign-in', { ...credentials(), transport: 'bearer' }, { cookie })
    expect(await status(cookie)).toBe(200)
  })

  it('SL-02: a planted token is never taken over', async () => {
    const planted = `__Host-sid=${'A'.repeat(64)}`
    expect(await status(planted)).toBe(401)
    const reply = await s.post('/auth/sign-in', credentials(), { cookie: planted })
    expect(reply.status).toBe(200)
    expect(reply.cookie).not.toBe(planted)
    expect(await status(planted)).toBe(401)
  })

  it('SL-07: there is no way to sign in by a link', async () => {
    const { email, password } = credentials()
    const link = `/auth/sign-in?email=${email}&password=${encodeURIComponent(password)}`
    expect(await s.get(link)).toMatchObject({ status: 405, cookies: [] })
    expect(await s.call('POST', link)).toMatchObject({ status: 400, cookies: [] })
  })

  it('CK-11: one cookie of a name at most, and several Cookie headers count as one', async () => {
    const first = cookieFrom(await signedInAs(s, member.email))
    const headers = new Headers({ origin: 'https://app.example', 'content-type': 'application/json' })
    headers.append('cookie', 'theme=dark')
    headers.append('cookie', first)
    const joined = [...headers].find(([name]) => name === 'cookie')?.[1]
    expect(joined).toBe(`theme=dark; ${first}`)
    const init = { method: 'POST', headers, body: JSON.stringify(credentials()) }
    const response = await s.auth.handler(new Request('https://app.example/auth/sign-in', init))
    expect(response.headers.getSetCookie()).toHaveLength(1)
    expect(await status(first)).toBe(401)
  })

  it('PW-10: a demanded change opens nothing but the change, and that once', async () => {
    const changing = await s.member('changing')
    await s.auth.users.requirePasswordChange(changing.id)
    const reply = await s.post('/auth/sign-in', { email: changing.email, password: PASSWORD })
    expect(reply).toMatchObject({ status: 200, cookies: [], body: { status: 'password_change_required' } })
    const token = reply.body.token as string
    expect((await s.get('/auth/session', { bearer: token })).status).toBe(401)

    const newPassword = 'quite another passphrase'
    expect(await s.post('/auth/password/reset', { token, newPassword: 'short' })).toMatchObject({ status: 422 })
    expect(await s.post('/auth/password/reset', { token, newPassword })).toMatchObject({ status: 204, cookies: [] })
    expect(await s.post('/auth/password/reset', { token, newPassword })).toMatchObject({
      status: 400,
      code: 'invalid_request',
    })
    expect((await s.post('/auth/sign-in', { email: changing.email, password: newPassword })).body).toHaveProperty(
      'session',
    )
  })
})

describe('signing out', () => {
  const enter = async () => cookieFrom(await signedInAs(s, member.email))

  it('TE-01, TE-04: ends the session and takes the cookie away as it was set', async () => {
    const set = await s.post('/auth/sign-in', credentials())
    const reply = await s.post('/auth/sign-out', undefined, { cookie: set.cookie })
    expect(reply).toMatchObject({ status: 204, text: '' })
    expect(reply.cookies).toEqual([
      '__Host-sid=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax',
    ])
    const attributes = (value: string | undefined) =>
      value
        ?.split('; ')
        .slice(1)
        .filter((one) => !/^(Expires|Max-Age)=/.test(one))
    expect(attributes(reply.cookies[0])).toEqual(attributes(set.cookies[0]))
    expect(await s.get('/auth/session', { cookie: set.cookie })).toMatchObject({
      status: 401,
      code: 'signed_out',
      cookies: [],
    })
  })

  it('TE-04: twice, with an expired session, with garbage and with nothing is all the same', async () => {
    const cookie = await enter()
    const expired = await enter()
    await s.post('/auth/sign-out', undefined, { cookie })
    await s.auth.end(expired.split('=')[1] as string)
    for (const one of [
      cookie,
      expired,
      '__Host-sid=garbage',
      `__Host-sid=${'B'.repeat(64)}`,
      `${cookie}; ${cookie}`,
      undefined,
    ]) {
      const reply = await s.post('/auth/sign-out', undefined, { cookie: one })
      expect(reply.status).toBe(204)
      expect(reply.cookies[0]).toContain('__Host-sid=; Expires=')
    }
  })

  it('TE-04: a token that was replaced still ends its session', async () => {
    const old = await enter()
    const { cookie } = await s.post('/auth/reauthenticate', { password: PASSWORD }, { cookie: old })
    expect((await s.post('/auth/sign-out', undefined, { cookie: old })).status).toBe(204)
    expect(await s.get('/auth/session', { cookie })).toMatchObject({ status: 401, code: 'signed_out' })
  })

  it('CK-11: strategies that share a cookie take it away once', async () => {
    const both = await site({ accept: [session()] })
    const { cookie } = await both.member('both')
    expect((await both.post('/auth/sign-out', undefined, { cookie })).cookies).toHaveLength(1)
    await both.close()
  })

  it('by bearer ends that session, and leaves the cookie of another where it is', async () => {
    const cookie = await enter()
    const signedIn = await s.post('/auth/sign-in', { ...credentials(), transport: 'bearer' })
    const { accessToken } = signedIn.body.tokens as { accessToken: string }
    expect(await s.post('/auth/sign-out', undefined, { bearer: accessToken, cookie })).toMatchObject({
      status: 204,
      cookies: [],
    })
    expect((await s.get('/auth/session', { bearer: accessToken })).status).toBe(401)
    expect(await status(cookie)).toBe(200)
  })

  it('TE-05: nothing of what was seen may be kept by a cache', async () => {
    const cookie = await enter()
    for (const path of ['/auth/session', '/auth/sessions', '/auth/user', '/auth/csrf']) {
      expect((await s.get(path, { cookie })).headers.get('cache-control')).toBe('no-store')
    }
    const reply = await s.post('/auth/sign-out', undefined, { cookie })
    expect(reply.headers.get('cache-control')).toBe('no-store')
    expect(reply.headers.has('clear-site-data')).toBe(false)
  })

  it('TE-05: by option, signing out over https clears what was kept, and only signing out', async () => {
    const clearing = await site({ clearSiteData: true })
    const { cookie } = await clearing.member('clear')
    expect((await clearing.get('/auth/session', { cookie })).headers.has('clear-site-data')).toBe(false)
    const reply = await clearing.post('/auth/sign-out', undefined, { cookie })
    expect(reply.headers.get('clear-site-data')).toBe('"cache", "storage"')
    await clearing.close()
    const plain = await site({ clearSiteData: true, baseUrl: 'http://localhost:3000' })
    const out = await plain.post('/auth/sign-out', undefined, { headers: { origin: 'http://localhost:3000' } })
    expect(out.headers.has('clear-site-data')).toBe(false)
    await plain.close()
  })

  it('refresh is not offered under session()', async () => {
    const reply = await s.post('/auth/refresh', {}, { cookie: member.cookie })
    expect(reply).toMatchObject({ status: 400, code: 'not_supported', cookies: [] })
  })
})
