import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Algorithm } from '../../src/crypto.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { hybrid } from '../../src/strategies/hybrid.ts'
import { jwt } from '../../src/strategies/jwt.ts'
import { session } from '../../src/strategies/session.ts'
import { manualClock } from '../../src/testing/clock.ts'
import { kidOf } from '../support/keys.ts'
import { type Member, type Site, signedInAs, site } from './site.ts'

vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('../faults/support/quick-argon2.ts'))

const SET = '/.well-known/jwks.json'
const METADATA = '/.well-known/oauth-authorization-server'

let s: Site
afterEach(() => s?.close())

const as = ({ cookie }: Member) => ({ cookie })

describe('the key set', () => {
  it.each([
    ['EdDSA', ['kty', 'kid', 'alg', 'use', 'crv', 'x']],
    ['ES256', ['kty', 'kid', 'alg', 'use', 'crv', 'x', 'y']],
    ['RS256', ['kty', 'kid', 'alg', 'use', 'n', 'e']],
  ] as const)('KM-03: shows of a key of %s what is public, and which it is', async (alg: Algorithm, members) => {
    s = await site({ strategy: jwt(), keys: { alg } })
    const { cookie } = await s.member('ada')
    const { status, body } = await s.get(SET)
    expect(status).toBe(200)
    const keys = body.keys as Record<string, unknown>[]
    expect(keys).toHaveLength(1)
    expect(keys[0]).toMatchObject({ kid: kidOf(cookie), alg, use: 'sig' })
    expect(Object.keys(keys[0] ?? {}).toSorted()).toEqual(members.toSorted())
  })

  it('KM-03: shows nothing of a shared secret, also beside keys of before', async () => {
    const secret = 'a shared secret of 48 characters: 0123456789abcd'
    const [store, clock] = [memory(), manualClock()]
    const before = await site({ strategy: jwt(), store, clock })
    const [made] = await before.auth.keys.list()
    await before.close()
    s = await site({ strategy: jwt(), store, clock, keys: { import: [{ key: secret, alg: 'HS256' }] } })
    const reply = await s.get(SET)
    expect(reply).toMatchObject({ status: 200, body: { keys: [{ kid: made?.kid, alg: 'EdDSA' }] } })
    expect(reply.text).not.toMatch(/HS256|oct|"k"/)
    expect(reply.text).not.toContain(Buffer.from(secret).toString('base64url'))
  })

  it('KM-03: is the same at both addresses, whatever the query, for every page and for HEAD', async () => {
    s = await site({ strategy: jwt() })
    const first = await s.get(SET)
    expect(first.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(first.headers.get('access-control-allow-origin')).toBe('*')
    expect(first.headers.get('access-control-allow-credentials')).toBeNull()
    expect(first.headers.get('cross-origin-resource-policy')).toBe('cross-origin')
    expect(first.headers.get('x-content-type-options')).toBe('nosniff')
    for (const path of [`/auth${SET}`, `${SET}?kid=other&alg=none`, `${SET}?`]) {
      const reply = await s.get(path, { headers: { origin: 'https://elsewhere.example' }, cookie: 'sid=x; sid=y' })
      expect([reply.status, reply.text, reply.cookies]).toEqual([200, first.text, []])
    }
    const head = await s.call('HEAD', SET)
    expect([head.status, head.text, head.headers.get('etag')]).toEqual([200, '', first.headers.get('etag')])
    expect((await s.post(SET, {})).status).toBe(405)
  })

  it('KM-03: is kept for less time than a key is published before it signs, and asked for again by its tag', async () => {
    s = await site({ strategy: jwt() })
    const first = await s.get(SET)
    const tag = first.headers.get('etag') as string
    expect(tag).toMatch(/^"[^"\s]+"$/)
    expect(first.headers.get('cache-control')).toBe('public, max-age=300')
    for (const sent of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
      const again = await s.get(SET, { headers: { 'if-none-match': sent } })
      expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', tag])
      expect(again.headers.get('cache-control')).toBe('public, max-age=300')
      expect(again.headers.get('access-control-allow-origin')).toBe('*')
    }
    for (const sent of ['"other"', tag.slice(1, -1), '']) {
      expect((await s.get(SET, { headers: { 'if-none-match': sent } })).status).toBe(200)
    }
    // The next key is there before it signs, and then the set is another.
    await s.auth.keys.rotate()
    const next = await s.get(SET, { headers: { 'if-none-match': tag } })
    expect(next.status).toBe(200)
    expect(next.body.keys).toHaveLength(2)
  })

  it.each([
    ['2s', 0],
    ['10s', 2],
    ['10m', 150],
    ['1d', 300],
  ] as const)('KM-03: is kept shorter where keys are published for %s', async (publishFor, seconds) => {
    s = await site({ strategy: jwt(), keys: { publishFor } })
    expect((await s.get(SET)).headers.get('cache-control')).toBe(`public, max-age=${seconds}`)
  })

  it('is empty under session(), which signs nothing', async () => {
    s = await site({ strategy: session() })
    expect(await s.get(SET)).toMatchObject({ status: 200, body: { keys: [] } })
    expect((await s.get('/readyz')).body.parts).not.toHaveProperty('keys')
  })
})

it('says where it offers what to services (RFC 8414)', async () => {
  s = await site({ strategy: hybrid() })
  const { status, body, headers } = await s.get(METADATA)
  expect(status).toBe(200)
  expect(headers.get('access-control-allow-origin')).toBe('*')
  const { origin } = s.auth.setting.baseUrl
  expect(body).toEqual({
    issuer: origin,
    jwks_uri: `${origin}${SET}`,
    introspection_endpoint: `${origin}/auth/introspect`,
    introspection_endpoint_auth_methods_supported: expect.arrayContaining(['client_secret_basic']),
    revocation_endpoint: `${origin}/auth/revoke`,
    revocation_endpoint_auth_methods_supported: expect.arrayContaining(['client_secret_basic']),
    response_types_supported: [],
    grant_types_supported: [],
  })
  // RFC 8414 section 3: it is at the root, and there is none below it.
  expect((await s.get(`/auth${METADATA}`)).status).toBe(404)
  const { cookie } = await s.member('ada')
  const [, payload = ''] = cookie.slice(cookie.indexOf('=') + 1).split('.')
  expect(JSON.parse(Buffer.from(payload, 'base64url').toString()).iss).toBe(body.issuer)
})

describe('administrators and keys', () => {
  it('KM-02: remove one, and with it every token it signed, their own too; it is in the audit log', async () => {
    s = await site({ strategy: jwt() })
    const [admin, other] = [await s.member('admin', ['admin']), await s.member('other')]
    const kid = kidOf(admin.cookie)
    expect((await s.del('/auth/admin/keys/nobody-knows-it', as(admin))).code).toBe('not_found')
    const reply = await s.patiently(s.del(`/auth/admin/keys/${kid}`, as(admin)))
    expect(reply.status).toBe(204)
    for (const one of [admin, other]) {
      expect(await s.get('/auth/session', as(one))).toMatchObject({ status: 401, code: 'unauthenticated' })
    }
    const [event] = s.events.filter(({ type }) => type === 'key.removed')
    expect(event).toMatchObject({ actor: admin.id, severity: 'warning', data: { kid, alg: 'EdDSA' } })
    expect(event?.requestId).not.toBeNull()
    const again = { cookie: (await signedInAs(s, admin.email)).carried.cookies[0]?.split(';')[0] as string }
    const { body } = await s.get('/auth/admin/keys', again)
    expect(body.keys).toMatchObject([{ kid, state: 'removed' }, { state: 'signing' }])
    const audited = await s.get('/auth/admin/audit?type=key.removed', again)
    expect(audited.body.items).toMatchObject([{ type: 'key.removed', actor: admin.id }])
    expect((await s.get(SET)).text).not.toContain(kid)
  })

  it('rotate them, after they proved lately who they are; auditors only look', async () => {
    s = await site({ strategy: hybrid({ accessTtl: '30m' }) })
    const [admin, auditor] = [await s.member('admin', ['admin']), await s.member('auditor', ['auditor'])]
    const member = await s.member('member')
    const made = await s.post('/auth/admin/keys/rotate', undefined, as(admin))
    expect(made).toMatchObject({ status: 200, body: { state: 'published', alg: 'EdDSA', imported: false } })
    const seen = await s.get('/auth/admin/keys', as(auditor))
    expect((seen.body.keys as { state: string }[]).map(({ state }) => state)).toEqual(['signing', 'published'])
    expect(seen.headers.get('cache-control')).toBe('no-store')
    expect(seen.text).not.toMatch(/sealed|"d"/)
    expect((await s.get('/auth/admin/keys', as(member))).status).toBe(403)
    for (const who of [auditor, member]) {
      expect((await s.post('/auth/admin/keys/rotate', undefined, as(who))).status).toBe(403)
      expect((await s.del(`/auth/admin/keys/${kidOf(admin.cookie)}`, as(who))).status).toBe(403)
    }
    await s.later(11 * 60_000)
    expect((await s.post('/auth/admin/keys/rotate', undefined, as(admin))).code).toBe('reauth_required')
    expect((await s.del(`/auth/admin/keys/${made.body.kid}`, as(admin))).code).toBe('reauth_required')
    expect(await s.auth.keys.list()).toHaveLength(2)
  })

  it('cannot rotate what was imported, and are told so', async () => {
    const secret = 'a shared secret of 48 characters: 0123456789abcd'
    s = await site({ strategy: jwt(), keys: { import: [{ key: secret, alg: 'HS256' }] } })
    const admin = await s.member('admin', ['admin'])
    expect(await s.post('/auth/admin/keys/rotate', undefined, as(admin))).toMatchObject({
      code: 'not_supported',
      body: { detail: 'The keys are imported: change them where they come from' },
    })
    expect((await s.get('/auth/admin/keys', as(admin))).body.keys).toMatchObject([
      { kid: kidOf(admin.cookie), state: 'signing', imported: true, createdAt: null },
    ])
    // The last of them gone, there is nothing to sign with, and it says so.
    expect((await s.get('/readyz')).body.parts).toMatchObject({ keys: true })
    await s.patiently(s.del(`/auth/admin/keys/${kidOf(admin.cookie)}`, as(admin)))
    expect(await s.get('/readyz')).toMatchObject({ status: 503, body: { parts: { keys: false } } })
    expect((await s.post('/auth/sign-in', { email: admin.email, password: 'a long enough passphrase' })).status).toBe(
      503,
    )
  })
})
