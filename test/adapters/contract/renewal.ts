import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { jwt } from '../../../src/strategies/jwt.ts'
import { ask } from '../client.ts'
import type { Frame } from '../frame.ts'
import { type Member, type Place, place } from '../place.ts'

const MINUTE = 60_000

/** Tokens that are all there is are renewed by using them. */
export function renewalCases(frame: Frame): void {
  describe('the next token', () => {
    let at: Place
    let member: Member
    beforeAll(async () => {
      at = await place(frame, { strategy: jwt() })
      member = await at.member('member')
    })
    afterAll(() => at.close())

    it('comes in the second half of a token’s life, beside the cookies of the application', async () => {
      expect((await at.ask('/me', { cookie: member.jar })).cookies).toEqual([expect.stringMatching(/^own=1/)])
      await at.clock.advance(8 * MINUTE)
      const renewed = await at.ask('/me', { cookie: member.jar })
      expect(renewed.status).toBe(200)
      expect(renewed.cookies.map((cookie) => cookie.split('=')[0]).sort()).toEqual(['at', 'own'])
      expect(renewed.headers['cache-control']).toBe('no-store')
      await at.clock.advance(8 * MINUTE)
      expect((await at.ask('/me', { cookie: member.jar })).status).toBe(401)
      expect((await at.ask('/me', { cookie: renewed.jar })).status).toBe(200)
    })

    it('CK-12: goes out with an answer that nobody keeps, whatever the handler says of it', async () => {
      const { jar } = await at.member('cached')
      const kept = await at.ask('/cached', { cookie: jar })
      expect(kept).toMatchObject({ status: 200, cookies: [], headers: { 'cache-control': 'public, max-age=60' } })
      await at.clock.advance(8 * MINUTE)
      const renewed = await at.ask('/cached', { cookie: jar })
      expect(renewed).toMatchObject({ status: 200, text: 'cached', headers: { 'cache-control': 'no-store' } })
      expect(renewed.jar).toContain('at=')
    })

    it('is not for clients that carry it in a header', async () => {
      const { token } = await at.member('program')
      await at.clock.advance(8 * MINUTE)
      const { status, cookies } = await at.ask('/me', { bearer: token })
      expect(status).toBe(200)
      expect(cookies.filter((cookie) => cookie.startsWith('at='))).toEqual([])
    })

    it('is one for requests that come together', async () => {
      const { jar } = await at.member('together')
      await at.clock.advance(8 * MINUTE)
      at.events.length = 0
      const answers = await Promise.all(Array.from({ length: 5 }, () => at.ask('/me', { cookie: jar })))
      expect(answers.every(({ status, jar: next }) => status === 200 && next.includes('at='))).toBe(true)
      expect(at.events.filter(({ type }) => type === 'session.renewed')).toHaveLength(1)
    })

    it('AZ-02: comes at once where roles have changed, and they count at once', async () => {
      const someone = await at.member('promoted')
      expect((await at.ask('/admin', { cookie: someone.jar })).status).toBe(403)
      await at.auth.setRoles(someone.id, ['member', 'admin'])
      const next = await at.ask('/admin', { cookie: someone.jar })
      expect(next.status).toBe(200)
      expect(next.jar).toContain('at=')
      await at.auth.setRoles(someone.id, ['member'])
      expect((await at.ask('/admin', { cookie: next.jar })).status).toBe(403)
    })

    it('P7, TE-02: is good for nothing when the session ended while the request was under way', async () => {
      const { jar } = await at.member('leaving')
      await at.clock.advance(8 * MINUTE)
      const slow = at.ask('/slow', { cookie: jar })
      while (!at.ran.includes('/slow')) await new Promise((resolve) => setImmediate(resolve))
      expect((await at.post('/auth/sign-out', { cookie: jar })).status).toBe(204)
      at.release()
      const answered = await slow
      expect(answered.jar).toContain('at=')
      expect((await at.ask('/me', { cookie: answered.jar })).status).toBe(401)
    })
  })

  it('CK-12: no next token goes out over plain http, but for localhost', async () => {
    const at = await place(frame, { strategy: jwt(), baseUrl: 'https://app.example', trustedProxies: ['127.0.0.1'] })
    const member = await at.member('member')
    await at.clock.advance(8 * MINUTE)
    const plain = await ask(at.port, '/me', { cookie: member.jar })
    expect(plain).toMatchObject({ status: 200 })
    expect(plain.jar).not.toContain('at=')
    const secure = await at.ask('/me', { cookie: member.jar, headers: { 'x-forwarded-proto': 'https' } })
    expect(secure.jar).toContain('__Host-at=')
    const signIn = await at.post('/auth/sign-in', {
      json: { email: member.email, password: 'a long enough passphrase' },
    })
    expect(signIn).toMatchObject({ status: 400, code: 'invalid_request' })
    await at.close()
  })
}
