import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROUTES } from '../../src/http/routes.ts'
import { fixed } from '../support/property.ts'
import { type Member, PASSWORD, type Site, site } from './site.ts'

let s: Site
let member: Member
let admin: Member

beforeAll(async () => {
  s = await site({ trustedProxies: ['10.0.0.0/8'] })
  member = await s.member('member')
  admin = await s.member('admin', ['admin'])
})
afterAll(() => s.close())

const SECURITY = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'x-request-id': expect.stringMatching(/^[A-Za-z0-9_-]{16}$/),
}

describe('headers', () => {
  it('ER-07: a good answer is JSON with charset, not sniffed, not stored, and nothing else', async () => {
    const { status, headers } = await s.get('/auth/session', { cookie: member.cookie })
    expect(status).toBe(200)
    expect(Object.fromEntries(headers)).toEqual({ ...SECURITY, 'content-type': 'application/json; charset=utf-8' })
  })

  it('ER-07: a refusal has the same headers, and says how to authenticate', async () => {
    const { status, headers } = await s.get('/auth/session')
    expect(status).toBe(401)
    expect(Object.fromEntries(headers)).toEqual({
      ...SECURITY,
      'content-type': 'application/problem+json; charset=utf-8',
      'www-authenticate': 'Bearer realm="auth"',
    })
  })

  it('CS-09: every kind of answer is framed by nobody and runs nothing', async () => {
    const answers = [
      await s.get('/nowhere'),
      await s.post('/auth/sign-in', { email: 'a@example.com', password: 'wrong' }),
      await s.call('OPTIONS', '/auth/session'),
      await s.get('/openapi.json'),
      await s.get('/livez'),
      await s.call('HEAD', '/auth/session'),
    ]
    for (const { headers } of answers) expect(Object.fromEntries(headers)).toMatchObject(SECURITY)
  })

  it('has no HSTS where the application is on plain http', async () => {
    const local = await site({ baseUrl: 'http://localhost:3000' })
    const { headers } = await local.get('/livez')
    expect(headers.has('strict-transport-security')).toBe(false)
    await local.close()
  })

  it('ER-07: nothing of the input is in an answer', async () => {
    const probe = '<script>alert(1)</script>'
    const replies = await Promise.all([
      s.get(`/${probe}`),
      s.get(`/auth/sessions?ended=${probe}`, { cookie: member.cookie }),
      s.get(`/auth/sessions?${probe}=1`, { cookie: member.cookie }),
      s.post('/auth/sign-in', { [probe]: probe, email: probe, password: probe }),
      s.post('/auth/sign-up', { email: probe, password: probe }),
      s.post('/auth/sign-in', undefined, { raw: { content: probe, type: 'application/json' } }),
      s.post('/auth/sign-in', undefined, { raw: { content: probe, type: probe } }),
      s.get('/auth/session', {
        cookie: `__Host-sid=${encodeURIComponent(probe)}`,
        headers: { 'x-request-id': 'script-alert' },
      }),
    ])
    for (const { text, headers } of replies) expect(text + JSON.stringify([...headers])).not.toMatch(/script|alert/)
  })
})

describe('request ids', () => {
  it('come from a trusted proxy when they look like one, else are made here', async () => {
    const id = 'edge-7.42_x'
    const of = async (given: string, remote?: string) => {
      const reply = await s.get('/livez', { headers: { 'x-request-id': given }, connection: remote ? { remote } : {} })
      return reply.headers.get('x-request-id')
    }
    expect(await of(id, '10.1.2.3')).toBe(id)
    expect(await of(id, '192.0.2.1')).not.toBe(id)
    expect(await of(id)).not.toBe(id)
    for (const bad of ['a b', 'a'.repeat(65), 'a,b', '<a>', '']) expect(await of(bad, '10.1.2.3')).not.toBe(bad)
  })

  it('are the same in header, problem and event', async () => {
    const reply = await s.post(
      '/auth/sign-in',
      { email: member.email, password: 'wrong' },
      { connection: { remote: '192.0.2.7' } },
    )
    expect(reply.body.requestId).toBe(reply.headers.get('x-request-id'))
    const event = s.events.findLast(({ type }) => type === 'sign_in.failed')
    expect(event).toMatchObject({ requestId: reply.body.requestId, source: '192.0.2.7' })
  })
})

describe('limits', () => {
  it('refuses an address nobody means with 414', async () => {
    expect(await s.get(`/auth/session?${'a'.repeat(9000)}`)).toMatchObject({ status: 414, code: 'uri_too_long' })
  })

  it('refuses headers nobody means with 431', async () => {
    const headers = { 'x-filler': 'a'.repeat(17_000) }
    expect(await s.get('/auth/session', { headers })).toMatchObject({ status: 431, code: 'headers_too_large' })
  })

  it('PW-02: a password of 1 MB is refused before anything is hashed', async () => {
    const reply = await s.post('/auth/sign-in', { email: member.email, password: 'a'.repeat(1_000_000) })
    expect(reply).toMatchObject({ status: 413, code: 'payload_too_large' })
  })

  it('stops reading a body that never ends, whatever its length said', async () => {
    let pulled = 0
    const stream = new ReadableStream({
      pull(controller) {
        pulled += 1
        controller.enqueue(new Uint8Array(16_384).fill(0x20))
      },
    })
    const request = new Request('https://app.example/auth/sign-in', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': '2' },
      body: stream,
      duplex: 'half',
    } as RequestInit)
    expect((await s.auth.handler(request)).status).toBe(413)
    expect(pulled).toBeLessThan(10)
  })

  it('takes a body that breaks off for a bad one', async () => {
    const stream = new ReadableStream({
      pull(controller) {
        controller.error(new Error('gone'))
      },
    })
    const headers = { 'content-type': 'application/json' }
    const init = { method: 'POST', headers, body: stream, duplex: 'half' } as RequestInit
    expect((await s.auth.handler(new Request('https://app.example/auth/sign-in', init))).status).toBe(400)
  })
})

describe('methods', () => {
  it('ER-07: answers 405 with what is allowed', async () => {
    const reply = await s.call('DELETE', '/auth/sign-in')
    expect(reply).toMatchObject({ status: 405, code: 'method_not_allowed' })
    expect(reply.headers.get('allow')).toBe('POST, OPTIONS')
    expect((await s.call('PURGE', '/auth/user')).headers.get('allow')).toBe('GET, PATCH, DELETE, HEAD, OPTIONS')
  })

  it('HEAD answers as GET does, without a body', async () => {
    const head = await s.call('HEAD', '/auth/session', { cookie: member.cookie })
    const get = await s.get('/auth/session', { cookie: member.cookie })
    expect(head.status).toBe(200)
    expect(head.text).toBe('')
    expect([...head.headers.keys()]).toEqual([...get.headers.keys()])
    expect((await s.call('HEAD', '/auth/session')).status).toBe(401)
    expect((await s.call('HEAD', '/auth/sign-in')).status).toBe(405)
  })

  it('CS-06: no request by GET, HEAD or OPTIONS changes anything, whatever method a header names', async () => {
    const snapshot = async () =>
      JSON.stringify([await s.auth.users.list({}, null, 100), await s.auth.allSessions({}, null, 100)])
    const before = await snapshot()
    const override = { 'x-http-method-override': 'DELETE', 'x-method-override': 'DELETE', 'x-http-method': 'POST' }
    const paths = [
      ...new Set(ROUTES.map(({ path, root }) => `${root ? '' : '/auth'}${path.replace(/\{\w+\}/, member.sid)}`)),
    ]
    for (const path of paths.filter((path) => !path.endsWith('/events'))) {
      for (const method of ['GET', 'HEAD', 'OPTIONS']) {
        await s.call(method, `${path}?_method=DELETE&scope=all`, { cookie: admin.cookie, headers: override })
      }
    }
    expect(await snapshot()).toBe(before)
    expect((await s.get('/auth/sign-out', { cookie: admin.cookie })).status).toBe(405)
    expect((await s.get('/auth/session', { cookie: admin.cookie })).status).toBe(200)
  })
})

describe('AZ-05: the path that is guarded is the path that runs', () => {
  const twisted = [
    '//auth/admin/users',
    '/auth//admin/users',
    '/auth/%61dmin/users',
    '/auth/admin;x/users',
    '/auth/admin/users;x',
    '/auth/ADMIN/users',
    '/AUTH/admin/users',
    '/auth/admin/users/',
    '/auth%2Fadmin%2Fusers',
    '/auth/admin%2Fusers',
    '/auth/admin%5Cusers',
    '/auth/admin/users%00',
    '/auth/admin/users%20',
    '/admin/users',
    '/auth/x%2F..%2Fadmin/users',
    '/auth/admin/users/..%2Fx',
    '/auth/admin/sessions/a%2Fb',
    `/auth/admin/users/${'a'.repeat(65)}`,
    '/auth/admin/users/{id}',
  ]

  it.each(twisted)('AZ-05: %s leads nowhere, also for an administrator', async (path) => {
    expect((await s.get(path)).status).toBe(404)
    expect((await s.get(path, { cookie: admin.cookie })).status).toBe(404)
  })

  it.each(['/auth/./admin/users', '/auth/x/../admin/users', '/auth/x/%2e%2e/admin/users', '/auth\\admin\\users'])(
    'AZ-05: %s is the one guarded route or none',
    async (path) => {
      expect([401, 404]).toContain((await s.get(path)).status)
    },
  )

  it('AZ-05: headers that other systems steer by mean nothing', async () => {
    const headers = {
      'x-original-url': '/auth/admin/users',
      'x-rewrite-url': '/auth/admin/users',
      'x-middleware-subrequest': 'src/middleware',
      'x-forwarded-prefix': '/auth/admin',
      'x-auth-user': admin.id,
      'x-auth-roles': 'admin',
    }
    expect((await s.get('/auth/admin/users', { headers })).status).toBe(401)
    expect((await s.get('/auth/admin/users', { headers, cookie: member.cookie })).status).toBe(403)
    expect((await s.get('/livez', { headers })).body).toEqual({ status: 'ok' })
  })
})

describe('content types', () => {
  const content = JSON.stringify({ email: 'member@example.com', password: PASSWORD })

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json, application/json',
    'application/json; charset=utf-16',
    'application/json; charset=utf-8; x=y',
    'application/jsonp',
    'text/json',
    'application/problem+json',
  ])('CS-05: JSON sent as %s is refused with 415', async (type) => {
    const reply = await s.post('/auth/sign-in', undefined, { raw: { content, type } })
    expect(reply).toMatchObject({ status: 415, code: 'unsupported_media_type' })
    expect(reply.cookies).toEqual([])
  })

  it('CS-05: so is JSON without any content type, or encoded', async () => {
    expect((await s.post('/auth/sign-in', undefined, { raw: { content } })).status).toBe(415)
    const raw = { content, type: 'application/json' }
    expect((await s.post('/auth/sign-in', undefined, { raw, headers: { 'content-encoding': 'gzip' } })).status).toBe(
      415,
    )
  })

  it.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])(
    'takes %s',
    async (type) => {
      expect((await s.post('/auth/sign-in', undefined, { raw: { content, type } })).status).toBe(200)
    },
  )

  it('asks for no content type where there is no body', async () => {
    expect((await s.post('/auth/session/renew', undefined, { cookie: member.cookie })).status).toBe(200)
    expect((await s.post('/auth/sign-in')).body.code).toBe('invalid_request')
  })
})

describe('fuzz', () => {
  it('ER-06: no request makes the handler fail or leaves a rejection', async () => {
    const text = fc
      .string({ unit: 'binary', maxLength: 60 })
      .map((value) => [...value].filter((one) => one > ' ' && one <= '\u00ff').join(''))
    const paths = ROUTES.map(({ path, root }) => `${root ? '' : '/auth'}${path.replace(/\{\w+\}/, member.id)}`)
    const request = fc.record({
      method: fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE', 'PUT', 'HEAD', 'OPTIONS', 'BREW'),
      path: fc.oneof(fc.constantFrom(...paths), fc.webPath()),
      query: fc.webQueryParameters(),
      headers: fc.dictionary(
        fc.constantFrom(
          'cookie',
          'authorization',
          'origin',
          'referer',
          'sec-fetch-site',
          'x-csrf-token',
          'x-forwarded-for',
          'x-request-id',
          'content-type',
        ),
        text,
        { maxKeys: 5 },
      ),
      body: fc.oneof(fc.json(), text, fc.constant('{"email":"a@b.c","password":"x"}')),
    })
    await fc.assert(
      fc.asyncProperty(request, async ({ method, path, query, headers, body }) => {
        const content = ['GET', 'HEAD'].includes(method) ? {} : { body }
        const response = await s.auth.handler(
          new Request(`https://app.example${path}?${query}`, { method, headers, ...content }),
        )
        await response.body?.cancel()
        expect(response.status).toBeLessThan(500)
        expect(response.headers.get('set-cookie') ?? 'Max-Age=0').toContain('Max-Age=0')
      }),
      fixed(250),
    )
  })
})
