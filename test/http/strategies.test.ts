import { describe, expect, it } from 'vitest'
import { hybrid } from '../../src/strategies/hybrid.ts'
import { jwt } from '../../src/strategies/jwt.ts'
import { session } from '../../src/strategies/session.ts'
import { PASSWORD, type Site, site } from './site.ts'

type Body = { readonly [name: string]: unknown }
type Own = { readonly id: string; readonly strategy: string; readonly idleExpiresAt: number | null } & Body

const MINUTE = 60_000

/** What a browser holds after a response that set these cookies. */
function jar(cookies: readonly string[]): string {
  return cookies.map((cookie) => cookie.split(';')[0]).join('; ')
}

async function signUp(s: Site, label: string, transport: 'cookie' | 'bearer' = 'cookie') {
  const made = await s.post('/auth/sign-up', { email: `${label}@example.com`, password: PASSWORD, transport })
  expect(made.status).toBe(201)
  const tokens = made.body.tokens as { accessToken: string; refreshToken: string; expiresIn: number } | undefined
  return { ...made, jar: jar(made.cookies), tokens, own: made.body.session as Own }
}

describe('hybrid over HTTP', () => {
  it('RT-10, CK-01: sets the access token for every path and the refresh token for its own only', async () => {
    const s = await site({ strategy: hybrid() })
    const { cookies, own, body } = await signUp(s, 'ada')
    expect(cookies.map((cookie) => cookie.replace(/=[^;]*/, '='))).toEqual([
      '__Host-at=; Path=/; Secure; HttpOnly; SameSite=Lax',
      '__Secure-rt=; Path=/auth; Secure; HttpOnly; SameSite=Lax',
    ])
    expect(body.tokens).toBeUndefined()
    const now = s.clock.now()
    expect(own).toMatchObject({
      strategy: 'hybrid',
      tokenExpiresAt: now + 5 * MINUTE,
      idleExpiresAt: now + 30 * MINUTE,
    })
    await s.close()
  })

  it('P4: refreshes by cookie, and says nothing of it in the body (CK-02)', async () => {
    const s = await site({ strategy: hybrid() })
    const { jar: first } = await signUp(s, 'ada')
    await s.later(6 * MINUTE)
    expect((await s.get('/auth/session', { cookie: first })).code).toBe('token_stale')
    const refreshed = await s.post('/auth/refresh', undefined, { cookie: first })
    expect(refreshed.status).toBe(200)
    expect(refreshed.body.tokens).toBeUndefined()
    expect((await s.get('/auth/session', { cookie: jar(refreshed.cookies) })).status).toBe(200)
    await s.close()
  })

  it('refreshes by the token in a body, which needs no proof of origin because no page could send it', async () => {
    const s = await site({ strategy: hybrid() })
    const { tokens, cookies } = await signUp(s, 'ada', 'bearer')
    expect(cookies).toEqual([])
    const { refreshToken = '' } = tokens ?? {}
    await s.later(MINUTE)
    const refreshed = await s.post('/auth/refresh', { refreshToken }, { from: null })
    expect(refreshed).toMatchObject({ status: 200, cookies: [] })
    expect(refreshed.body.tokens).toMatchObject({ tokenType: 'Bearer', expiresIn: 300, refreshExpiresIn: 43_140 })
    const { accessToken } = refreshed.body.tokens as { accessToken: string }
    expect((await s.get('/auth/session', { bearer: accessToken })).status).toBe(200)
    expect((await s.get('/auth/session', { bearer: refreshToken })).code).toBe('unauthenticated')
    await s.close()
  })

  it('CS-01: refreshing by cookie from another site, or from nowhere, is refused; the token of the session proves it', async () => {
    const s = await site({ strategy: hybrid() })
    const { jar: cookie } = await signUp(s, 'ada')
    const foreign = await s.post('/auth/refresh', undefined, { cookie, from: 'https://evil.example' })
    expect(foreign.code).toBe('csrf_rejected')
    expect((await s.post('/auth/refresh', undefined, { cookie, from: null })).code).toBe('csrf_rejected')
    const { body } = await s.get('/auth/csrf', { cookie })
    await s.later(6 * MINUTE)
    const headers = { 'x-csrf-token': String(body.token) }
    expect((await s.post('/auth/refresh', undefined, { cookie, from: null, headers })).status).toBe(200)
    await s.close()
  })

  it('CS-11: beside an Authorization header the refresh cookie does not count, whatever the header holds', async () => {
    const s = await site({ strategy: hybrid() })
    const { jar: cookie } = await signUp(s, 'ada')
    await s.later(6 * MINUTE)
    for (const from of [undefined, null]) {
      const sending = { cookie, bearer: 'anything', ...(from === null && { from }) }
      const refused = await s.post('/auth/refresh', undefined, sending)
      expect(refused).toMatchObject({ status: 401, code: 'unauthenticated', cookies: [] })
    }
    expect((await s.post('/auth/refresh', undefined, { cookie })).status).toBe(200)
    await s.close()
  })

  it('TE-04: signs out by an access token that is over, and by the refresh token alone', async () => {
    const s = await site({ strategy: hybrid() })
    const [one, two] = [await signUp(s, 'ada'), await signUp(s, 'bea')]
    await s.later(6 * MINUTE)
    expect((await s.post('/auth/sign-out', undefined, { cookie: one.cookie })).status).toBe(204)
    const refreshOnly = two.jar.split('; ')[1] as string
    expect((await s.post('/auth/sign-out', undefined, { cookie: refreshOnly })).status).toBe(204)
    for (const { jar: cookie } of [one, two]) {
      expect((await s.post('/auth/refresh', undefined, { cookie })).code).toBe('signed_out')
    }
    await s.close()
  })

  it('refuses what no strategy here refreshes', async () => {
    for (const strategy of [session(), jwt()]) {
      const s = await site({ strategy })
      const { jar: cookie } = await signUp(s, 'ada')
      expect((await s.post('/auth/refresh', undefined, { cookie })).code).toBe('not_supported')
      await s.close()
    }
  })

  describe('GET continue', () => {
    const navigation = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', 'sec-fetch-site': 'same-origin' }
    const go = (s: Site, cookie: string, headers: Record<string, string>, to = '/somewhere?a=b') =>
      s.send('GET', `/auth/continue?${new URLSearchParams({ return: to })}`, { cookie, headers })

    it('refreshes on a navigation and goes on to the target', async () => {
      const s = await site({ strategy: hybrid() })
      const { jar: cookie } = await signUp(s, 'ada')
      await s.later(6 * MINUTE)
      const response = await go(s, cookie, navigation)
      expect(response.status).toBe(303)
      expect(response.headers.get('location')).toBe('/somewhere?a=b')
      const next = jar(response.headers.getSetCookie())
      expect((await s.get('/auth/session', { cookie: next })).status).toBe(200)
      await s.close()
    })

    it.each([
      ['from another site', { ...navigation, 'sec-fetch-site': 'cross-site' }],
      ['from a sibling', { ...navigation, 'sec-fetch-site': 'same-site' }],
      ['as an image', { ...navigation, 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }],
      ['in a frame', { ...navigation, 'sec-fetch-dest': 'iframe' }],
      ['by a script', { ...navigation, 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }],
      ['from who knows where', {}],
    ])('CS-06, SL-07: does nothing %s', async (_, headers) => {
      const s = await site({ strategy: hybrid() })
      const { jar: cookie } = await signUp(s, 'ada')
      await s.later(6 * MINUTE)
      const response = await go(s, cookie, headers)
      expect(response.headers.get('location')).toBe('/auth/sign-in?return=%2Fsomewhere%3Fa%3Db')
      expect(response.headers.getSetCookie()).toEqual([])
      await s.close()
    })

    it('CS-10: follows no target elsewhere, and sends whoever is signed out to sign in', async () => {
      const s = await site({ strategy: hybrid() })
      const { jar: cookie } = await signUp(s, 'ada')
      expect((await go(s, cookie, navigation, 'https://evil.example/')).headers.get('location')).toBe('/')
      await s.post('/auth/sign-out', undefined, { cookie })
      const response = await go(s, cookie, navigation)
      expect(response.headers.get('location')).toBe('/auth/sign-in?return=%2Fsomewhere%3Fa%3Db')
      expect(response.headers.getSetCookie()).toEqual([])
      await s.close()
    })
  })
})

describe('jwt over HTTP', () => {
  it('shows the current session, without an idle limit of its own', async () => {
    const s = await site({ strategy: jwt() })
    const { jar: cookie, own } = await signUp(s, 'ada')
    const now = s.clock.now()
    expect(own).toMatchObject({ strategy: 'jwt', idleExpiresAt: null, tokenExpiresAt: now + 15 * MINUTE })
    const { body } = await s.get('/auth/sessions', { cookie })
    expect(body.sessions).toMatchObject([{ id: own.id, current: true }])
    await s.close()
  })

  it('TO-04: renewing answers the next token within the absolute limit', async () => {
    const s = await site({ strategy: jwt({ ttl: '15m' }), timeouts: { idle: '15m', absolute: '30m' } })
    let { jar: cookie, own } = await signUp(s, 'ada')
    for (const minutes of [10, 10]) {
      await s.later(minutes * MINUTE)
      const renewed = await s.post('/auth/session/renew', undefined, { cookie })
      expect(renewed.body.session).toMatchObject({ id: own.id, expiresAt: own.expiresAt })
      cookie = jar(renewed.cookies)
    }
    await s.later(9 * MINUTE)
    expect((await s.get('/auth/session', { cookie })).status).toBe(200)
    await s.later(MINUTE)
    expect((await s.get('/auth/session', { cookie })).code).toBe('session_expired_absolute')
    await s.close()
  })

  it('ends the others, and this one goes on under a token of the new generation', async () => {
    const s = await site({ strategy: jwt() })
    const { tokens, own } = await signUp(s, 'ada', 'bearer')
    const credentials = { email: 'ada@example.com', password: PASSWORD, transport: 'bearer' }
    const { body: elsewhere } = await s.post('/auth/sign-in', credentials)
    const other = (elsewhere.tokens as { accessToken: string }).accessToken
    const mine = tokens?.accessToken ?? ''
    const ended = await s.del('/auth/sessions?scope=others', { bearer: mine })
    expect(ended.status).toBe(200)
    for (const bearer of [other, mine]) {
      expect((await s.get('/auth/session', { bearer })).code).toBe('session_revoked')
    }
    const next = (ended.body.tokens as { accessToken: string }).accessToken
    const { body } = await s.get('/auth/session', { bearer: next })
    expect(body.session).toMatchObject({ id: own.id, authenticatedAt: own.authenticatedAt })
    await s.close()
  })

  it('an administrator ends a session by its id, although nothing is kept of it', async () => {
    const s = await site({ strategy: jwt() })
    const { jar: cookie, own } = await signUp(s, 'ada')
    const admin = await s.member('root', ['admin'])
    expect((await s.del(`/auth/admin/sessions/${own.id}`, { cookie: admin.cookie })).status).toBe(204)
    expect((await s.get('/auth/session', { cookie })).code).toBe('session_revoked')
    await s.close()
  })

  it('AZ-02: a demotion is true at once: the token is stale, and the next one has the new roles', async () => {
    const s = await site({ strategy: jwt() })
    const admin = await s.member('root', ['admin'])
    const again = await s.post('/auth/sign-in', { email: admin.email, password: PASSWORD })
    expect((await s.get('/auth/admin/users', { cookie: again.cookie })).status).toBe(200)
    await s.auth.setRoles(admin.id, ['member'])
    expect((await s.get('/auth/admin/users', { cookie: again.cookie })).code).toBe('token_stale')
    const renewed = await s.post('/auth/session/renew', undefined, { cookie: again.cookie })
    expect((await s.get('/auth/admin/users', { cookie: renewed.cookie })).code).toBe('forbidden')
    await s.close()
  })
})
