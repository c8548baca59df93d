import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { StoreUnavailable } from '../../../src/errors.ts'
import { memory } from '../../../src/stores/memory/memory.ts'
import { hybrid } from '../../../src/strategies/hybrid.ts'
import type { Frame } from '../frame.ts'
import { type Member, type Place, place } from '../place.ts'

const HTML = { accept: 'text/html,application/xhtml+xml' }
const OPENED = { ...HTML, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', 'sec-fetch-site': 'none' }

/** Who is let in, and what the others are told. */
export function admissionCases(frame: Frame): void {
  describe('admission', () => {
    let at: Place
    let member: Member
    let admin: Member
    beforeAll(async () => {
      at = await place(frame)
      member = await at.member('member')
      admin = await at.member('admin', ['admin'])
    })
    afterAll(() => at.close())

    it('tells a handler who is there, by cookie and by token', async () => {
      expect(await at.ask('/me', { cookie: member.jar })).toMatchObject({
        status: 200,
        body: { email: member.email, transport: 'cookie' },
      })
      expect(await at.ask('/me', { bearer: member.token })).toMatchObject({
        status: 200,
        body: { email: member.email, transport: 'bearer' },
      })
    })

    it('tells who is there where nobody has to be', async () => {
      expect((await at.ask('/maybe', { cookie: member.jar })).body).toEqual({ email: member.email })
      expect((await at.ask('/maybe')).body).toEqual({ email: null })
      expect((await at.ask('/open')).text).toBe('open')
    })

    it('ER-03: refuses strangers with a challenge, and runs nothing for them', async () => {
      at.ran.length = 0
      const refused = await at.ask('/me')
      expect(refused).toMatchObject({ status: 401, code: 'unauthenticated' })
      expect(refused.headers).toMatchObject({
        'content-type': 'application/problem+json; charset=utf-8',
        'www-authenticate': 'Bearer realm="auth"',
        'cache-control': 'no-store',
        'x-request-id': refused.body?.requestId,
      })
      expect(await at.ask('/me', { bearer: 'x'.repeat(64) })).toMatchObject({ status: 401 })
      expect(await at.ask('/me', { method: 'HEAD' })).toMatchObject({ status: 401, text: '' })
      expect(at.ran).toEqual([])
    })

    it('AZ-01: guards have their say, and one that names no role of the catalogue lets nobody in', async () => {
      expect((await at.ask('/admin', { cookie: admin.jar })).status).toBe(200)
      at.ran.length = 0
      expect(await at.ask('/admin', { cookie: member.jar })).toMatchObject({ status: 403, code: 'forbidden' })
      const fault = await at.ask('/typo', { cookie: admin.jar })
      expect(fault).toMatchObject({ status: 500, code: 'internal' })
      expect(fault.text).not.toContain('typo')
      expect(at.ran).toEqual([])
    })

    it('CS-10: sends people who open a page to sign in, and back to where they were', async () => {
      for (const headers of [HTML, OPENED]) {
        const sent = await at.ask('/me?page=2&q=a%20b', { headers })
        expect(sent.status).toBe(303)
        expect(sent.headers.location).toBe(`/auth/sign-in?return=${encodeURIComponent('/me?page=2&q=a%20b')}`)
        expect(sent.headers['cache-control']).toBe('no-store')
      }
    })

    it('sends nobody else anywhere: scripts, frames and programs are refused', async () => {
      const not: readonly Record<string, string>[] = [
        { accept: '*/*' },
        { accept: 'application/json' },
        { ...HTML, 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
        { ...HTML, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
      ]
      for (const headers of not) expect(await at.ask('/me', { headers })).toMatchObject({ status: 401 })
      const forbidden = await at.ask('/admin', { cookie: member.jar, headers: HTML })
      expect(forbidden).toMatchObject({ status: 403, code: 'forbidden' })
    })

    it('CS-10: a form that was sent without a session leads to sign in, and not back into nothing', async () => {
      const sent = await at.post('/me', { headers: HTML })
      expect(sent).toMatchObject({ status: 303, headers: { location: '/auth/sign-in' } })
    })

    it('CS-10: takes over no return target that leads elsewhere', async () => {
      const targets = ['//evil.example/list', '/\\evil.example/list', '/%2f%2fevil.example/list', '/%09/evil/list']
      for (const target of targets) {
        const { status, headers } = await at.ask(target, { headers: HTML })
        if (status !== 303) continue
        const back = new URL(headers.location as string, 'http://localhost').searchParams.get('return')
        expect(back === null || /^\/(?![/\\%])/.test(back), `${target} → ${back}`).toBe(true)
      }
    })

    it('RA-01: an authentication that is too old is refused, or done again in a page', async () => {
      const someone = await at.member('someone')
      expect((await at.ask('/fresh', { cookie: someone.jar })).status).toBe(200)
      await at.clock.advance(10 * 60_000)
      const refused = await at.ask('/fresh', { cookie: someone.jar })
      expect(refused).toMatchObject({ status: 401, code: 'reauth_required' })
      expect(refused.headers['www-authenticate']).toContain('max_age="600"')
      const sent = await at.ask('/fresh', { cookie: someone.jar, headers: HTML })
      expect(sent.headers.location).toBe('/auth/sign-in?return=%2Ffresh')
    })

    it('JW-23, CK-07: two credentials of a kind are none', async () => {
      const { jar, token } = await at.member('twice')
      const both = await at.ask('/me', { headers: { authorization: [`Bearer ${token}`, `Bearer ${token}`] } })
      expect(both.status).toBe(401)
      expect((await at.ask('/me', { headers: { cookie: [jar, jar] } })).status).toBe(401)
    })

    it('SL-10: a session is at home where it was signed in from', async () => {
      const headers = { 'user-agent': 'Browser/1.0 (\u00e9t\u00e9)' }
      const email = 'home@example.com'
      await at.auth.users.create({ email, password: 'a long enough passphrase' })
      const { jar } = await at.post('/auth/sign-in', { json: { email, password: 'a long enough passphrase' }, headers })
      at.events.length = 0
      expect((await at.ask('/me', { cookie: jar, headers })).status).toBe(200)
      expect(at.events).toEqual([])
      expect((await at.ask('/me', { cookie: jar, headers: { 'user-agent': 'Other/2.0' } })).status).toBe(200)
      expect(at.events.map(({ type }) => type)).toEqual(['session.context_changed'])
    })

    it('TH-07, LG-02: events say whose request it was, and where from; no header of a stranger does', async () => {
      at.events.length = 0
      const refused = await at.ask('/admin', { cookie: member.jar, headers: { 'x-forwarded-for': '203.0.113.9' } })
      const [event] = at.events
      expect(event).toMatchObject({ type: 'access.denied', source: '127.0.0.1', requestId: refused.body?.requestId })
    })

    it('SL-05: answers everybody for themselves, also all at once', async () => {
      const people = await Promise.all(Array.from({ length: 8 }, (_, i) => at.member(`person-${i}`)))
      const asked = Array.from({ length: 160 }, (_, i) => people[i % 8] as Member)
      const answers = await Promise.all(asked.map(({ jar }) => at.ask('/me', { cookie: jar })))
      expect(answers.map(({ body }) => body?.email)).toEqual(asked.map(({ email }) => email))
    })
  })

  it('TH-07: a trusted proxy is believed', async () => {
    const at = await place(frame, { trustedProxies: ['127.0.0.1'] })
    const member = await at.member('member')
    at.events.length = 0
    await at.ask('/admin', { cookie: member.jar, headers: { 'x-forwarded-for': '203.0.113.9' } })
    expect(at.events.map(({ source }) => source)).toContain('203.0.113.9')
    await at.close()
  })

  it('P3, ER-02: nobody is let in or sent away on a store that does not answer', async () => {
    const store = memory()
    let works = true
    const find: typeof store.sessions.find = (...given) =>
      works ? store.sessions.find(...given) : Promise.reject(new StoreUnavailable('SELECT secret'))
    const at = await place(frame, {
      store: { ...store, sessions: { ...store.sessions, find } },
      cache: { sessions: 1 },
    })
    const member = await at.member('member')
    const other = await at.member('other')
    expect((await at.ask('/me', { cookie: other.jar })).status).toBe(200)
    works = false
    at.ran.length = 0
    for (const headers of [{}, HTML]) {
      const refused = await at.ask('/me', { cookie: member.jar, headers })
      expect(refused).toMatchObject({ status: 503, code: 'unavailable', headers: { 'retry-after': '1' } })
      expect(refused.cookies).toEqual([])
    }
    expect(at.ran).toEqual([])
    works = true
    expect((await at.ask('/me', { cookie: member.jar })).status).toBe(200)
    await at.close()
  })

  it('hybrid: a page whose access token is over goes on by way of the refresh token', async () => {
    const at = await place(frame, { strategy: hybrid() })
    const member = await at.member('member')
    await at.clock.advance(6 * 60_000)
    const page = await at.ask('/me?x=1', { cookie: member.jar, headers: OPENED })
    expect(page).toMatchObject({ status: 303, headers: { location: '/auth/continue?return=%2Fme%3Fx%3D1' } })
    const on = await at.ask(page.headers.location as string, { cookie: member.jar, headers: OPENED })
    expect(on).toMatchObject({ status: 303, headers: { location: '/me?x=1' } })
    expect((await at.ask('/me?x=1', { cookie: on.jar, headers: OPENED })).status).toBe(200)
    expect(await at.ask('/me', { cookie: member.jar })).toMatchObject({ status: 401, code: 'token_stale' })
    await at.close()
  })
}
