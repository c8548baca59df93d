import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Frame } from '../frame.ts'
import { type Member, type Place, place } from '../place.ts'

const TIMEOUTS = { sections: [{ path: '/billing', reauthenticate: '10m' }] } as const

/** Sections hold on the path that runs, whatever the address says (AZ-05). */
export function pathCases(frame: Frame): void {
  describe('paths', () => {
    let at: Place
    let member: Member
    beforeAll(async () => {
      at = await place(frame, { timeouts: TIMEOUTS })
      member = await at.member('member')
      expect((await at.ask('/billing/invoices', { cookie: member.jar })).status).toBe(200)
      await at.clock.advance(10 * 60_000)
    })
    beforeEach(() => {
      at.ran.length = 0
    })
    afterAll(() => at.close())

    it('RA-02: a section asks for a fresh authentication, and nothing beside it does', async () => {
      const { jar } = member
      const refused = await at.ask('/billing/invoices', { cookie: jar })
      expect(refused).toMatchObject({ status: 401, code: 'reauth_required' })
      expect((await at.ask('/me', { cookie: jar })).status).toBe(200)
      expect((await at.ask('/billings/list', { cookie: jar })).body).toEqual({ area: 'billings' })
      expect(at.ran).toHaveLength(2)
    })

    it('AZ-05: no spelling of the path gets around it', async () => {
      const spellings = [
        '/BILLING',
        '/%62illing',
        '/%42illing',
        '/billing;x',
        '//billing',
        '/./billing',
        '/a/../billing',
      ]
      const more = ['/billing%2f.', '/billing/%2e', '/%2562illing', '/billing/', '/x%2f..%2fbilling', '\\billing']
      for (const spelling of [...spellings, ...more]) {
        for (const rest of ['/invoices', '/list', '/list/', '%2flist']) {
          const { status, headers } = await at.ask(spelling + rest, { cookie: member.jar })
          expect(status, spelling + rest).not.toBe(200)
          expect(status, spelling + rest).toBeLessThan(500)
          if (status === 303) throw new Error(`redirected to ${headers.location}`)
        }
      }
      expect(at.ran).toEqual([])
    })

    it('AZ-05: headers from outside say nothing of the path or of who asks', async () => {
      const lies = {
        'x-original-url': '/open',
        'x-rewrite-url': '/open',
        'x-forwarded-prefix': '/open',
        'x-invoke-path': '/open',
        'x-middleware-subrequest': 'proxy:proxy:proxy:proxy:proxy',
        'x-auth-user': 'admin',
        'x-nextjs-data': '1',
      }
      const refused = await at.ask('/billing/invoices', { cookie: member.jar, headers: lies })
      expect(refused).toMatchObject({ status: 401, code: 'reauth_required' })
      expect(await at.ask('/me', { headers: lies })).toMatchObject({ status: 401, code: 'unauthenticated' })
      expect(at.ran).toEqual([])
    })

    it.skipIf(!frame.rewrites)('AZ-05: where a path is put in place of another, the one that runs counts', async () => {
      expect(await at.ask('/alias', { cookie: member.jar })).toMatchObject({ status: 401, code: 'reauth_required' })
      expect((await at.ask('/billing/elsewhere', { cookie: member.jar })).body).toMatchObject({ email: member.email })
      const page = await at.ask('/alias?x=1', { headers: { accept: 'text/html' } })
      expect(page.headers.location).toBe('/auth/sign-in?return=%2Falias%3Fx%3D1')
    })
  })
}
