import { afterEach, describe, expect, it } from 'vitest'
import { hybrid } from '../../src/strategies/hybrid.ts'
import { cookieFrom, type Sending, type Site, signedInAs, site } from './site.ts'

let s: Site
afterEach(() => s.close())

const PAGE = { accept: 'text/html,*/*;q=0.8' }
const ORIGIN = 'https://app.example'

/** A gateway asks by GET; what it was asked is in `about`. */
const ask = (query: string, about: Record<string, string> = {}, more: Sending = {}) =>
  s.get(`/auth/forward${query}`, { ...more, headers: about })

describe('whom a gateway lets in', () => {
  it('says who it is, on every header that a gateway copies, and sets no cookie', async () => {
    s = await site()
    const { cookie, id, sid, email } = await s.member('ann', ['member', 'admin'])
    const reply = await ask('', {}, { cookie })
    expect(reply).toMatchObject({ status: 200, text: '', cookies: [] })
    const said = ['user', 'roles', 'session', 'email'].map((name) => reply.headers.get(`x-auth-${name}`))
    expect(said).toEqual([id, 'member,admin', sid, email])
    expect(reply.headers.get('cache-control')).toBe('no-store')
  })

  it('writes addresses in bytes of UTF-8, and has every header for somebody without a role', async () => {
    s = await site()
    const { cookie } = await s.member('jürgen', [])
    const reply = await ask('', {}, { cookie })
    expect(Buffer.from(reply.headers.get('x-auth-email') ?? '', 'latin1').toString()).toBe('jürgen@example.com')
    expect(reply.headers.get('x-auth-roles')).toBe('')
  })

  it('TE-01: refuses who is signed out at the next request, by any method', async () => {
    s = await site()
    const { cookie, sid } = await s.member('ann')
    const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']
    for (const method of methods) {
      expect((await s.send(method, '/auth/forward', { cookie, from: ORIGIN })).status, method).toBe(200)
      expect((await s.send(method, '/auth/forward', { from: ORIGIN })).status, method).toBe(401)
    }
    await s.auth.end(sid)
    for (const method of methods) {
      expect((await s.send(method, '/auth/forward', { cookie, from: ORIGIN })).status, method).toBe(401)
    }
    expect(await ask('', {}, { cookie })).toMatchObject({ status: 401, code: 'session_revoked' })
  })

  it('AZ-01: asks for one of the roles; one outside the catalogue lets nobody in', async () => {
    s = await site()
    const member = await s.member('ann')
    const admin = await s.member('bea', ['admin'])
    expect(await ask('?roles=admin', {}, member)).toMatchObject({ status: 403, code: 'forbidden' })
    expect(await ask('?roles=admin', {}, admin)).toMatchObject({ status: 200 })
    expect(await ask('?roles=member,admin', {}, member)).toMatchObject({ status: 200 })
    for (const roles of ['boss', 'admin,boss', ',', 'Admin']) {
      expect(await ask(`?roles=${roles}`, {}, admin), roles).toMatchObject({ status: 400, code: 'role_unknown' })
    }
    for (const query of ['?roles=', '?roles=member&roles=admin', '?role=admin', '?section=billing']) {
      expect(await ask(query, {}, admin), query).toMatchObject({ status: 400, code: 'invalid_request' })
    }
  })

  it('TO-04, TO-07: counts as activity, unless it is passive', async () => {
    s = await site({ timeouts: { idle: '10m', absolute: '2h' } })
    const [ann, bea] = [await s.member('ann'), await s.member('bea')]
    for (let i = 0; i < 3; i++) {
      await s.later(240_000)
      const passive = i < 2 ? 200 : 401
      expect((await ask('?passive', {}, ann)).status).toBe(passive)
      expect((await ask('', {}, bea)).status).toBe(200)
    }
  })

  it('lets nobody in who is told why they were refused, whatever holds by now', async () => {
    s = await site()
    const { cookie } = await s.member('ann')
    expect(await ask('?rd&refused', {}, { cookie })).toMatchObject({ status: 503, code: 'unavailable' })
  })
})

describe('what the original request is like', () => {
  it('CS-01, CS-06: its method is judged, and no header makes it look safer', async () => {
    s = await site()
    const { cookie } = await s.member('ann')
    const foreign = { origin: 'https://evil.example' }
    for (const name of ['x-forwarded-method', 'x-original-method']) {
      for (const method of ['POST', 'DELETE', 'post', 'GET, POST', 'get']) {
        expect(await ask('', { [name]: method, ...foreign }, { cookie }), method).toMatchObject({
          code: 'csrf_rejected',
        })
        expect(await ask('', { [name]: method }, { cookie }), method).toMatchObject({ code: 'csrf_rejected' })
        expect(await ask('', { [name]: method, origin: ORIGIN }, { cookie }), method).toMatchObject({ status: 200 })
      }
      for (const method of ['GET', 'HEAD', 'OPTIONS']) {
        expect(await ask('', { [name]: method, ...foreign }, { cookie }), method).toMatchObject({ status: 200 })
      }
    }
    const contrary = { 'x-forwarded-method': 'POST', 'x-original-method': 'GET', ...foreign }
    expect(await ask('', contrary, { cookie })).toMatchObject({ code: 'csrf_rejected' })
    const disguised = { headers: { 'x-forwarded-method': 'GET' }, cookie, from: 'https://evil.example' }
    expect((await s.send('POST', '/auth/forward', disguised)).status).toBe(403)
  })

  it('CS-01: a token that fits the session proves it too, and beside a bearer nothing has to', async () => {
    s = await site()
    const { cookie, signedIn } = await s.member('ann')
    const token = s.auth.csrfToken(signedIn.session.id)
    expect((await ask('', { 'x-forwarded-method': 'POST', 'x-csrf-token': token }, { cookie })).status).toBe(200)
    const bearer = cookie.split('=')[1] as string
    const foreign = { 'x-forwarded-method': 'POST', origin: 'https://evil.example' }
    expect((await ask('', foreign, { bearer })).status).toBe(200)
  })

  it('CS-08: a WebSocket by cookie needs an origin of its own', async () => {
    s = await site()
    const { cookie } = await s.member('ann')
    const socket = { 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==', 'sec-websocket-version': '13' }
    expect((await ask('', { ...socket, origin: 'https://evil.example' }, { cookie })).status).toBe(403)
    expect((await ask('', { ...socket, origin: ORIGIN }, { cookie })).status).toBe(200)
  })

  it('AZ-05: sections of the policy are applied by its path, in every way to read it', async () => {
    s = await site({ timeouts: { sections: [{ path: '/billing', reauthenticate: '5m' }] } })
    const { cookie } = await s.member('ann')
    await s.later(301_000)
    const inside = [
      '/billing',
      '/billing/x?y=1',
      '/Billing',
      '/a/../billing',
      '/%62illing',
      '//billing',
      'https://app.example/billing',
    ]
    for (const name of ['x-forwarded-uri', 'x-original-uri', 'x-original-url']) {
      for (const path of inside) {
        const reply = await ask('', { [name]: path }, { cookie })
        expect(reply, path).toMatchObject({ status: 401, code: 'reauth_required' })
      }
      for (const path of ['/', '/billings', '/x?to=/billing']) {
        expect((await ask('', { [name]: path }, { cookie })).status, path).toBe(200)
      }
      for (const path of ['billing', '/, /billing', 'javascript:0', '']) {
        const status = path === '' ? 200 : 400
        expect((await ask('', { [name]: path }, { cookie })).status, path).toBe(status)
      }
    }
    const both = { 'x-forwarded-uri': '/billing', 'x-original-uri': '/' }
    expect((await ask('', both, { cookie })).status).toBe(401)
    expect((await ask('?section=/billing', { 'x-forwarded-uri': '/' }, { cookie })).status).toBe(401)
  })
})

describe('where people are sent', () => {
  const location = async (query: string, about: Record<string, string> = PAGE, more: Sending = {}) => {
    const reply = await ask(query, about, more)
    return reply.status === 303 ? reply.headers.get('location') : reply.status
  }

  it('CS-10: to sign in and back to where they were, if that is ours', async () => {
    s = await site({ cors: { origins: ['https://files.example'] } })
    expect(await location('')).toBe(401)
    const back = { ...PAGE, 'x-forwarded-uri': '/reports?of=may&all' }
    expect(await location('?rd', back)).toBe('/auth/sign-in?return=%2Freports%3Fof%3Dmay%26all')
    expect(await location('?rd=/reports')).toBe('/auth/sign-in?return=%2Freports')
    expect(await location(`?rd=${ORIGIN}/reports`)).toBe('/auth/sign-in?return=https%3A%2F%2Fapp.example%2Freports')
    expect(await location('?rd=https://files.example/x')).toBe(
      'https://app.example/auth/sign-in?return=https%3A%2F%2Ffiles.example%2Fx',
    )
    for (const evil of [
      'https://evil.example/',
      '//evil.example',
      '/%5cevil.example',
      'javascript:alert(1)',
      '/\\evil',
    ]) {
      expect(await location(`?rd=${encodeURIComponent(evil)}`), evil).toBe('/auth/sign-in')
    }
    expect(await location('?rd', { ...PAGE, 'x-forwarded-uri': '//evil.example/' })).toBe('/auth/sign-in')
    const form = { ...back, 'x-forwarded-method': 'POST', origin: ORIGIN }
    expect(await location('?rd', form, { cookie: '__Host-sid=over' })).toBe('/auth/sign-in')
  })

  it('programs and scripts get the refusal', async () => {
    s = await site()
    expect(await location('?rd', { accept: 'application/json' })).toBe(401)
    expect(await location('?rd', { ...PAGE, 'sec-fetch-dest': 'empty' })).toBe(401)
    expect(await location('?rd', { ...PAGE, 'sec-fetch-dest': 'iframe' })).toBe(401)
    expect(await location('?rd', PAGE, { bearer: 'x' })).toBe(401)
    const { cookie } = await s.member('ann')
    expect(await location('?rd&roles=admin', PAGE, { cookie })).toBe(403)
    expect(await location('?rd', { ...PAGE, 'x-forwarded-method': 'POST' }, { cookie })).toBe(403)
  })

  it('to prove again who they are where a section asks for it', async () => {
    s = await site({ timeouts: { sections: [{ path: '/billing', reauthenticate: '5m' }] } })
    const { cookie } = await s.member('ann')
    await s.later(301_000)
    const billing = { ...PAGE, 'x-forwarded-uri': '/billing' }
    expect(await location('?rd', billing, { cookie })).toBe('/auth/sign-in?return=%2Fbilling')
  })

  it('to get the next token where only that is over', async () => {
    s = await site({ strategy: hybrid() })
    const { email } = await s.member('ann')
    const cookie = cookieFrom(await signedInAs(s, email))
    expect(await location('?rd=/x', PAGE, { cookie })).toBe(200)
    await s.auth.setRoles((await s.auth.users.findByEmail(email))?.id ?? '', ['member', 'auditor'])
    expect(await location('?rd=/x', PAGE, { cookie })).toBe('/auth/continue?return=%2Fx')
    const reply = await ask('', {}, { cookie })
    expect(reply).toMatchObject({ status: 401, code: 'token_stale', cookies: [] })
  })
})
