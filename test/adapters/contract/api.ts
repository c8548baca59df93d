import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pages } from '../../../src/pages.ts'
import { hybrid } from '../../../src/strategies/hybrid.ts'
import { PASSWORD } from '../../support/house.ts'
import { talk } from '../../support/talk.ts'
import type { Frame, Setup } from '../frame.ts'
import { type Member, type Place, place } from '../place.ts'

const HEAD = 'POST /auth/sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'

/** The API is served whole, whatever stands before it. */
export function apiCases(frame: Frame): void {
  const kinds: readonly (readonly [what: string, setup: Setup])[] = [
    ['before anything reads bodies', {}],
    ['after something has read the body', { parsed: true }],
  ]
  describe.each(kinds)('the API, %s', (_, setup) => {
    let at: Place
    let member: Member
    beforeAll(async () => {
      at = await place(frame, { strategy: hybrid() }, ({ auth }) => ({ ...setup, pages: pages(auth) }))
      member = await at.member('member')
    })
    afterAll(() => at.close())

    it('CK-11: signs in, and sets each cookie by itself', async () => {
      const { email } = member
      const signedIn = await at.post('/auth/sign-in', { json: { email, password: PASSWORD } })
      expect(signedIn.status).toBe(200)
      expect(signedIn.cookies).toHaveLength(2)
      expect(signedIn.cookies.map((cookie) => cookie.split('=')[0])).toEqual(['at', 'rt'])
      expect(signedIn.headers['cache-control']).toBe('no-store')
      const session = await at.ask('/auth/session', { cookie: signedIn.jar })
      expect(session).toMatchObject({ status: 200, body: { user: { email } } })
    })

    it('refreshes, and refuses a body that is none', async () => {
      const refreshed = await at.post('/auth/refresh', { cookie: member.jar })
      expect(refreshed).toMatchObject({ status: 200 })
      const odd = await at.post('/auth/sign-in', { headers: { 'content-type': 'text/plain' }, json: { email: 'x' } })
      expect([400, 415]).toContain(odd.status)
      const extra = await at.post('/auth/sign-in', { json: { email: member.email, password: PASSWORD, admin: true } })
      expect(extra).toMatchObject({ status: 400, code: 'invalid_request' })
    })

    it('ER-07: answers for every path below the base path, and for every method', async () => {
      expect(await at.ask('/auth/nothing')).toMatchObject({ status: 404, code: 'not_found' })
      expect(await at.ask('/auth/sign-out')).toMatchObject({ status: 405, code: 'method_not_allowed' })
      expect(await at.ask('/auth/session', { method: 'OPTIONS' })).toMatchObject({ status: 204 })
      const head = await at.ask('/auth/session', { method: 'HEAD', cookie: member.jar })
      expect(head).toMatchObject({ status: 200, text: '' })
    })

    it('publishes keys where others look for them, and leaves everything else alone', async () => {
      expect(await at.ask('/.well-known/jwks.json')).toMatchObject({ status: 200, body: { keys: expect.any(Array) } })
      expect((await at.ask('/authors')).code).toBeUndefined()
      expect((await at.ask('/livez')).status).toBe(404)
      expect(await at.ask('/open')).toMatchObject({ status: 200, text: 'open' })
    })

    it('serves the pages that it was given, and takes their forms', async () => {
      const shown = await at.ask('/auth/sign-in', { headers: { accept: 'text/html' } })
      expect(shown.status).toBe(200)
      expect(shown.headers['content-type']).toMatch(/^text\/html/)
      const sent = await at.post('/auth/sign-in?return=%2Fme', {
        form: { email: member.email, password: PASSWORD },
        headers: { accept: 'text/html' },
      })
      expect(sent).toMatchObject({ status: 303, headers: { location: '/me' } })
      expect((await at.ask('/me', { cookie: sent.jar })).status).toBe(200)
    })

    it('ER-06: refuses a body that is too large, and survives one that breaks off', async () => {
      const large = await at.post('/auth/sign-in', { json: { email: 'a'.repeat(80_000), password: 'x' } })
      expect(large.status).toBe(413)
      const broken = connect(at.port, '127.0.0.1', () => {
        broken.write(`${HEAD}Content-Length: 1000\r\n\r\n{"email":`, () => broken.destroy())
      })
      await once(broken, 'close')
      expect((await at.ask('/open')).status).toBe(200)
    })

    it.skipIf(setup.parsed)('ER-06: a body that nobody wants holds up no connection', async () => {
      const length = 500_000
      const body = 'x'.repeat(length)
      const after = 'GET /open HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'
      expect(await talk(at.port, `${HEAD}Content-Length: ${length}\r\n\r\n${body}${after}`)).toMatch(/ 413 [\s\S]*open/)
    })

    it('ER-07: methods that Fetch has no request for are refused like others', async () => {
      const traced = await at.ask('/auth/session', { method: 'TRACE', cookie: member.jar })
      expect([400, 404, 405]).toContain(traced.status)
      expect(traced.text).not.toContain(member.jar)
    })
  })
}
