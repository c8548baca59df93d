import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { describeWith } from '../support/services.ts'
import { type Gateway, type Place, place, type Reached } from './place.ts'

const PAGE = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', 'sec-fetch-dest': 'document' }
const PROGRAM = { accept: 'application/json' }

/** What every gateway does that stands before an application, by the recipe of docs/gateway.md: real processes, asked over sockets. */
export function gatewayContract(gateway: Gateway): void {
  describeWith(gateway.name)(`behind ${gateway.name}`, () => {
    let at: Place
    let ann: Awaited<ReturnType<Place['member']>>
    let admin: Awaited<ReturnType<Place['member']>>
    beforeAll(async () => {
      at = await place(gateway)
      ann = await at.member('ann')
      admin = await at.member('bea')
      await at.appoint(admin.email, 'admin')
      at.reached.splice(0)
    })
    afterEach(() => void at.reached.splice(0))
    afterAll(() => at?.close())

    it('TE-10: lets no stranger through, and tells programs why', async () => {
      for (const method of ['GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS']) {
        const answer = await at.ask('/x', { method, headers: { ...PROGRAM, origin: at.origin } })
        expect(answer.status, method).toBe(401)
        expect(answer.headers['www-authenticate']).toMatch(/^Bearer realm="auth"$/)
        if (method !== 'HEAD') expect(answer).toMatchObject({ code: 'unauthenticated', cookies: [] })
        expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
      }
      for (const bearer of ['garbage', 'A'.repeat(64)]) expect((await at.ask('/x', { bearer })).status).toBe(401)
      expect(at.reached).toEqual([])
    })

    it('CS-10: sends people to sign in, and back to where they were', async () => {
      const answer = await at.ask('/reports?of=may&all', { headers: PAGE })
      expect([answer.status, answer.headers.location]).toEqual([
        303,
        '/auth/sign-in?return=%2Freports%3Fof%3Dmay%26all',
      ])
      expect((await at.ask(answer.headers.location ?? '', { headers: PAGE })).status).toBe(200)
      const elsewhere = { ...PAGE, 'x-forwarded-uri': '//evil.example', 'x-forwarded-host': 'evil.example' }
      for (const path of ['//evil.example/', '/%5cevil.example', '/x?rd=https://evil.example&roles=']) {
        const { headers } = await at.ask(path, { headers: elsewhere })
        expect(headers.location, path).toMatch(/^\/auth\/sign-in(?:\?return=%2F(?!%2F|%5C|%255c).*)?$/i)
      }
      expect(at.reached).toEqual([])
    })

    it('tells the application who it is from, by cookie and by bearer, and passes everything else on', async () => {
      const byCookie = await at.ask('/x?y=1', { cookie: ann.jar, headers: { 'x-own': 'kept' } })
      expect(byCookie).toMatchObject({ status: 200, text: 'the application', jar: 'own=1' })
      expect((await at.ask('/x', { bearer: ann.token })).status).toBe(200)
      const [first, second] = at.reached as [Reached, Reached]
      expect(first.url).toBe('/x?y=1')
      const session = expect.stringMatching(/^[\w-]{10,}$/)
      const who = {
        'x-auth-user': ann.id,
        'x-auth-roles': 'member',
        'x-auth-session': session,
        'x-auth-email': ann.email,
      }
      expect(told(first)).toEqual(who)
      expect(told(second)).toEqual(who)
      expect(told(second)['x-auth-session']).not.toBe(told(first)['x-auth-session'])
      expect(first.headers).toContain('kept')
    })

    it('AZ-05: nothing a client says about who it is reaches the application', async () => {
      const names = ['X-Auth-User', 'x-auth-user', 'X-AUTH-ROLES', 'x-Auth-Session', 'X-Auth-Email']
      const folded = names.flatMap((name) => [
        name,
        name.replaceAll('-', '_'),
        name.replace('-', '_'),
        name.replace(/-(?=\w+$)/, '_'),
      ])
      for (const path of ['/x', '/public/x']) {
        for (const name of folded) {
          for (const value of ['forged', ['forged', 'forged again']]) {
            const answer = await at.ask(path, { cookie: ann.jar, headers: { [name]: value } })
            expect(answer.status, name).toBe(200)
            const reached = at.reached.pop() as Reached
            expect(reached.headers.join('\n'), `${name} at ${path}`).not.toContain('forged')
            expect(told(reached)['x-auth-user']).toBe(path === '/x' ? ann.id : undefined)
          }
        }
        expect((await at.ask('/x', { headers: { ...PROGRAM, 'x-auth-user': ann.id } })).status).toBe(401)
      }
      await at.ask('/x', { cookie: admin.jar, headers: { 'x-auth-roles': 'forged' } })
      expect(told(at.reached.pop() as Reached)).toMatchObject({ 'x-auth-roles': 'admin' })
    })

    it('CS-01, CS-06: judges an unsafe request as what it is, whatever it says it is', async () => {
      const send = (headers: Record<string, string>, more = {}) =>
        at.ask('/x', { method: 'POST', json: { a: 1 }, cookie: ann.jar, headers: { ...PROGRAM, ...headers }, ...more })
      const evil = { origin: 'https://evil.example' }
      const disguises = ['x-forwarded-method', 'x-original-method', 'x-http-method-override']
      for (const headers of [{}, ...disguises.map((name) => ({ [name]: 'GET' }))]) {
        expect(await send({ ...headers, ...evil })).toMatchObject({ status: 403, code: 'csrf_rejected' })
        expect(await send(headers)).toMatchObject({ status: 403, code: 'csrf_rejected' })
      }
      expect((await send({ ...evil, ...PAGE })).status).toBe(403)
      expect(at.reached).toEqual([])
      expect((await send({ origin: at.origin })).status).toBe(200)
      expect(at.reached).toMatchObject([{ method: 'POST', url: '/x', body: '{"a":1}' }])
      expect((await at.ask('/x', { cookie: ann.jar })).status).toBe(200)
      expect((await at.ask('/x', { method: 'POST', json: {}, bearer: ann.token })).status).toBe(200)
      const { status } = await at.ask('/x', { cookie: ann.jar, headers: evil })
      expect(status).toBe(200)
      const socket = {
        upgrade: 'websocket',
        connection: 'upgrade',
        'sec-websocket-key': 'eA==',
        'sec-websocket-version': '13',
      }
      expect((await at.ask('/x', { cookie: ann.jar, headers: { ...socket, ...evil } })).status).toBe(403)
    })

    it('AZ-05: asks for roles by the path that is served, however it is written', async () => {
      const open = (path: string, cookie: string) => at.ask(path, { cookie, headers: PROGRAM })
      expect(await open('/admin/x', ann.jar)).toMatchObject({ status: 403, code: 'forbidden' })
      const ways = [
        '/admin',
        '//admin/x',
        '/%61dmin/x',
        '/ADMIN/x',
        '/a/../admin/x',
        '/public/../admin/x',
        '/public/%2e%2e/admin/x',
      ]
      for (const path of [...ways, '/public/..%2fadmin/x', '/admin/x?roles=member&rd=/']) {
        const { status } = await open(path, ann.jar)
        expect([400, 403], path).toContain(status)
      }
      expect(at.reached).toEqual([])
      expect((await open('/admin/x', admin.jar)).status).toBe(200)
    })

    it('RA-02: applies sections of the policy by the path that was asked for', async () => {
      await new Promise((resolve) => setTimeout(resolve, 1000))
      const headers = { ...PROGRAM, 'x-original-uri': '/', 'x-forwarded-uri': '/' }
      for (const path of ['/billing', '/billing/x?y', '/Billing', '/a/../billing/x', '/%62illing']) {
        const { status, code } = await at.ask(path, { cookie: ann.jar, headers })
        expect([status, code], path).toEqual([401, 'reauth_required'])
      }
      const { headers: answered } = await at.ask('/billing/x', { cookie: ann.jar, headers: PAGE })
      expect(answered.location).toBe('/auth/sign-in?return=%2Fbilling%2Fx')
      expect(at.reached).toEqual([])
      expect((await at.ask('/billings', { cookie: ann.jar })).status).toBe(200)
    })

    it('passes the cookies of the auth server on, and sets none of its own', async () => {
      const json = { email: ann.email, password: 'a long enough passphrase' }
      const { cookies } = await at.ask('/auth/sign-in', { method: 'POST', json, headers: { origin: at.origin } })
      expect(cookies).toEqual([expect.stringMatching(/^sid=.+HttpOnly/)])
      const session = await at.ask('/auth/session', { cookie: ann.jar, headers: { 'x-forwarded-for': '203.0.113.9' } })
      expect(session.body).toMatchObject({ session: { ip: '127.0.0.1' } })
    })

    it('TE-01: refuses at the very next request what has ended', async () => {
      const cat = await at.member('cat')
      expect((await at.ask('/x', { cookie: cat.jar })).status).toBe(200)
      const out = await at.ask('/auth/sign-out', { method: 'POST', cookie: cat.jar, headers: { origin: at.origin } })
      expect(out.status).toBe(204)
      expect(await at.ask('/x', { cookie: cat.jar, headers: PROGRAM })).toMatchObject({
        status: 401,
        code: 'signed_out',
      })
      expect((await at.ask('/x', { bearer: cat.token })).status).toBe(200)
      expect(at.reached).toHaveLength(2)
    })

    it('TE-10: with the auth server gone, the answer is 5xx and nobody is let in', async () => {
      await at.auth.kill()
      for (const [path, cookie] of [
        ['/x', ann.jar],
        ['/admin/x', admin.jar],
        ['/x', ''],
      ] as const) {
        for (const headers of [PAGE, PROGRAM]) {
          const { status } = await at.ask(path, { cookie, headers })
          expect(status).toBeGreaterThanOrEqual(500)
        }
      }
      expect(at.reached).toEqual([])
      expect((await at.ask('/public/x')).status).toBe(200)
    })
  })
}

/** Whatever an application may read as a header of ours, under the names it may read it by. */
function told({ headers }: Reached): Record<string, string> {
  const pairs = headers.flatMap((name, i) =>
    i % 2 === 0 ? [[name.toLowerCase().replaceAll('_', '-'), headers[i + 1] ?? ''] as const] : [],
  )
  const ours = pairs.filter(([name]) => name.startsWith('x-auth-'))
  expect(new Set(ours.map(([name]) => name)).size).toBe(ours.length)
  return Object.fromEntries(ours)
}
