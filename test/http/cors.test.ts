import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Member, PASSWORD, type Site, site } from './site.ts'

const LISTED = 'https://partner.example'

let s: Site
let member: Member

beforeAll(async () => {
  s = await site({ cors: { origins: [LISTED] } })
  member = await s.member('member')
})
afterAll(() => s.close())

const allowHeaders = (headers: Headers) => [...headers.keys()].filter((name) => name.startsWith('access-control-'))

describe('CS-07: other origins', () => {
  it('CS-07: a listed one may read answers and refusals, with credentials', async () => {
    for (const cookie of [member.cookie, undefined]) {
      const { headers } = await s.get('/auth/session', { cookie, headers: { origin: LISTED } })
      expect(Object.fromEntries(headers)).toMatchObject({
        'access-control-allow-origin': LISTED,
        'access-control-allow-credentials': 'true',
        'access-control-expose-headers': 'Retry-After, WWW-Authenticate, X-Request-Id',
        vary: 'Origin',
      })
    }
  })

  it.each([
    'https://evil.example',
    'https://partner.example.evil.com',
    'https://evilpartner.example',
    'https://x.partner.example',
    'https://partner.example:8443',
    'http://partner.example',
    'HTTPS://PARTNER.EXAMPLE',
    'https://partner.example.',
    'https://partner.example/',
    'null',
    '*',
    'https://app.example',
  ])('CS-07: %s gets nothing, and caches know that it depends', async (origin) => {
    for (const method of ['GET', 'OPTIONS']) {
      const headers = { origin, 'access-control-request-method': 'GET' }
      const reply = await s.call(method, '/auth/session', { cookie: member.cookie, headers })
      expect(allowHeaders(reply.headers)).toEqual([])
      expect(reply.headers.get('vary')).toBe('Origin')
    }
  })

  it('CS-07: a preflight needs no session, and none is looked for', async () => {
    const authenticate = vi.spyOn(s.auth, 'authenticate')
    const headers = {
      origin: LISTED,
      'access-control-request-method': 'DELETE',
      'access-control-request-headers': 'content-type',
    }
    const reply = await s.call('OPTIONS', `/auth/sessions/${member.sid}`, { headers })
    expect(reply).toMatchObject({ status: 204, text: '' })
    expect(Object.fromEntries(reply.headers)).toMatchObject({
      'access-control-allow-origin': LISTED,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'DELETE, OPTIONS',
      'access-control-allow-headers': 'Authorization, Content-Type, X-CSRF-Token',
      'access-control-max-age': '600',
    })
    expect(authenticate).not.toHaveBeenCalled()
    expect((await s.call('OPTIONS', '/auth/nowhere', { headers })).status).toBe(404)
  })

  it('CS-07: signing in from a listed origin sets the cookie', async () => {
    const body = { email: member.email, password: PASSWORD }
    const reply = await s.post('/auth/sign-in', body, { from: LISTED, headers: { 'sec-fetch-site': 'cross-site' } })
    expect(reply.status).toBe(200)
    expect(reply.cookies).toHaveLength(1)
    expect(reply.headers.get('access-control-allow-origin')).toBe(LISTED)
  })

  it('CS-07: without a list there is no such header at all', async () => {
    const none = await site()
    const { headers } = await none.get('/auth/session', { headers: { origin: LISTED } })
    expect([...allowHeaders(headers), headers.get('vary')]).toEqual([null])
    await none.close()
  })
})
