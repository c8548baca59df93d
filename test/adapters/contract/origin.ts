import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Frame } from '../frame.ts'
import { type Member, type Place, place } from '../place.ts'

const OWN = 'http://localhost'

/** Unsafe requests that are carried by cookies prove where they come from (CS-01). */
export function originCases(frame: Frame): void {
  describe('where unsafe requests come from', () => {
    let at: Place
    let member: Member
    beforeAll(async () => {
      at = await place(frame, { cors: { origins: ['https://partner.example'] } })
      member = await at.member('member')
    })
    beforeEach(() => {
      at.ran.length = 0
    })
    afterAll(() => at.close())

    const send = (headers: Record<string, string>, cookie: string | undefined = member.jar) =>
      at.ask('/me', { method: 'POST', cookie, headers, json: { x: 1 } })

    it('CS-01, CS-02: runs what comes from an own page', async () => {
      const own: readonly Record<string, string>[] = [
        { origin: OWN },
        { 'sec-fetch-site': 'same-origin', origin: 'null' },
        { referer: `${OWN}/page` },
        { origin: 'https://partner.example' },
      ]
      for (const headers of own) expect((await send(headers)).status, JSON.stringify(headers)).toBe(200)
      expect(at.ran).toHaveLength(own.length)
    })

    it('CS-01, CS-03: refuses everything else before the handler runs, and before it counts as a use', async () => {
      const foreign: readonly Record<string, string>[] = [
        {},
        { origin: 'https://evil.example' },
        { origin: 'null' },
        { origin: `${OWN}.evil.example` },
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
        { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example', referer: `${OWN}/` },
        { referer: 'https://evil.example/' },
      ]
      const lastActive = async () => {
        const { body } = await at.ask('/auth/session', { cookie: member.jar })
        return (body as { readonly session: { readonly lastActiveAt: number } }).session.lastActiveAt
      }
      const before = await lastActive()
      await at.clock.advance(70_000)
      for (const headers of foreign) {
        const refused = await send(headers)
        expect(refused, JSON.stringify(headers)).toMatchObject({ status: 403, code: 'csrf_rejected' })
      }
      expect(at.ran).toEqual([])
      expect(await lastActive()).toBe(before)
      expect(at.events.filter(({ type }) => type === 'csrf.rejected').length).toBeGreaterThanOrEqual(foreign.length)
    })

    it('CS-01: so it is with every method that is not safe', async () => {
      for (const method of ['PUT', 'PATCH', 'DELETE']) {
        const { status } = await at.ask('/me', {
          method,
          cookie: member.jar,
          headers: { origin: 'https://evil.example' },
        })
        expect([403, 404, 405]).toContain(status)
      }
      const disguised = { 'x-http-method-override': 'GET', 'x-method-override': 'GET' }
      expect((await send({ ...disguised, origin: 'https://evil.example' })).status).toBe(403)
      expect(at.ran).toEqual([])
    })

    it('CS-04: a client that says nothing of itself shows the token of its session', async () => {
      const { body } = await at.ask('/auth/csrf', { cookie: member.jar })
      const other = await at.member('other')
      const theirs = await at.ask('/auth/csrf', { cookie: other.jar })
      const token = body?.token as string
      expect((await send({ 'x-csrf-token': token })).status).toBe(200)
      for (const wrong of [theirs.body?.token as string, '', token.slice(1)]) {
        expect((await send({ 'x-csrf-token': wrong })).status).toBe(403)
      }
      expect((await send({ 'x-csrf-token': token, origin: 'https://evil.example' })).status).toBe(403)
      expect(at.ran).toHaveLength(1)
    })

    it('CS-11: a token in a header needs none of it, and a bad one does not fall back to the cookie', async () => {
      const good = await at.ask('/me', { method: 'POST', bearer: member.token, json: {} })
      expect(good.status).toBe(200)
      const bad = await at.ask('/me', { method: 'POST', bearer: 'x'.repeat(64), cookie: member.jar, json: {} })
      expect(bad.status).toBe(401)
      expect(at.ran).toHaveLength(1)
    })

    it('a stranger without a cookie is a stranger', async () => {
      expect(await send({ origin: OWN }, '')).toMatchObject({ status: 401, code: 'unauthenticated' })
      expect(await at.ask('/me', { method: 'POST', json: {} })).toMatchObject({ status: 401 })
      expect(at.ran).toEqual([])
    })
  })
}
