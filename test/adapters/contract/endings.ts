import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { memory } from '../../../src/stores/memory/memory.ts'
import type { Frame } from '../frame.ts'
import { type Member, type Place, place } from '../place.ts'

/** An ending that has returned is true in every route. */
export function endingCases(frame: Frame): void {
  describe('endings', () => {
    let at: Place
    beforeAll(async () => {
      at = await place(frame, { store: memory(), nodes: 2 })
    })
    afterAll(() => at.close())

    const isIn = async ({ jar }: Pick<Member, 'jar'>) => (await at.ask('/me', { cookie: jar })).status === 200

    it('P1, TE-01: what was signed out, ended, locked or demoted elsewhere is refused here at once', async () => {
      const [, elsewhere] = at.nodes
      if (!elsewhere) throw new Error('there is no second node')
      const leaving = await at.member('leaving')
      expect(await isIn(leaving)).toBe(true)
      const out = await at.patiently(at.post('/auth/sign-out', { cookie: leaving.jar }))
      expect(out).toMatchObject({ status: 204 })
      expect(out.cookies.every((cookie) => /Max-Age=0/.test(cookie))).toBe(true)
      expect(await isIn(leaving)).toBe(false)

      const ended = await at.member('ended')
      const sid = (await at.ask('/me', { cookie: ended.jar })).body?.sid as string
      await at.patiently(elsewhere.end(sid))
      expect(await at.ask('/me', { cookie: ended.jar })).toMatchObject({ status: 401, code: 'session_revoked' })

      const locked = await at.member('locked')
      await at.patiently(elsewhere.lock(locked.id))
      expect(await at.ask('/me', { cookie: locked.jar })).toMatchObject({ status: 401, code: 'user_locked' })

      const demoted = await at.member('demoted', ['admin'])
      expect((await at.ask('/admin', { cookie: demoted.jar })).status).toBe(200)
      await at.patiently(elsewhere.setRoles(demoted.id, ['member']))
      expect((await at.ask('/admin', { cookie: demoted.jar })).status).toBe(403)
    })

    it('SL-08: a request that was let in before the end changes nothing about it', async () => {
      const member = await at.member('slow')
      const slow = at.ask('/slow', { cookie: member.jar })
      while (!at.ran.includes('/slow')) await new Promise((resolve) => setImmediate(resolve))
      await at.patiently(at.post('/auth/sign-out', { cookie: member.jar }))
      at.release()
      expect(await slow).toMatchObject({ status: 200, cookies: [] })
      expect(await isIn(member)).toBe(false)
    })
  })
}
