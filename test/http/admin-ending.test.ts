import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { StoreUnavailable } from '../../src/errors.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { cookieFrom, type Member, type Site, signedInAs, site } from './site.ts'

let s: Site
let admin: Member
beforeEach(async () => {
  s = await site({ roles: ['member', 'editor'] })
  admin = await s.member('admin', ['admin'])
})
afterEach(() => s.close())

const end = (query: string) => s.send('DELETE', `/auth/admin/sessions?${query}`, { cookie: admin.cookie })
const lines = async (response: Response) =>
  (await response.text())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

describe('ending what a filter finds', () => {
  it('TE-02: ends exactly those, tells how far it is, and is true everywhere at the last line', async () => {
    const [one, two, other] = [
      await s.member('one', ['editor']),
      await s.member('two', ['editor']),
      await s.member('x'),
    ]
    const again = cookieFrom(await signedInAs(s, one.email))
    const response = await end('role=editor&expect=3')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch(/^application\/x-ndjson/)
    const told = await lines(response)
    expect(told.at(-1)).toEqual({ done: true, ended: 3, of: 3 })
    for (const cookie of [one.cookie, two.cookie, again]) {
      expect((await s.get('/auth/session', { cookie })).code).toBe('session_revoked')
    }
    for (const { cookie } of [other, admin]) expect((await s.get('/auth/session', { cookie })).status).toBe(200)
    const events = s.events.filter(({ type }) => type === 'session.ended')
    expect(events.map(({ actor, reason }) => [actor, reason])).toEqual(
      Array.from({ length: 3 }, () => [admin.id, 'session_revoked']),
    )
  })

  it('ends nothing when they are more or fewer than expected, and says how many there are', async () => {
    const one = await s.member('one', ['editor'])
    for (const expected of [0, 2, 100_000]) {
      const reply = await s.del(`/auth/admin/sessions?role=editor&expect=${expected}`, { cookie: admin.cookie })
      expect(reply).toMatchObject({ status: 409, code: 'conflict', body: { count: 1 } })
    }
    expect((await s.get('/auth/session', { cookie: one.cookie })).status).toBe(200)
    expect(await lines(await end('user=nobody@example.com&expect=0'))).toContainEqual({ done: true, ended: 0, of: 0 })
  })

  it('refuses to do it without a filter, without a number, and of what has ended', async () => {
    for (const query of [
      'expect=1',
      'role=editor',
      'role=editor&expect=-1',
      'role=editor&expect=all',
      'expect=1&state=ended',
    ]) {
      const reply = await s.del(`/auth/admin/sessions?${query}`, { cookie: admin.cookie })
      expect(reply, query).toMatchObject({ status: 400, code: 'invalid_request' })
    }
    expect((await s.get('/auth/session', { cookie: admin.cookie })).status).toBe(200)
  })

  it('goes on when the client has left, and settles', async () => {
    const member = await s.member('busy')
    const cookies = []
    for (let i = 0; i < 5; i++) cookies.push(cookieFrom(await signedInAs(s, member.email)))
    const response = await end(`user=${member.id}&expect=6`)
    await response.body?.cancel()
    await s.clock.advance(10)
    for (const cookie of cookies) expect((await s.get('/auth/session', { cookie })).code).toBe('session_revoked')
  })

  it('TE-10: says on the last line that the store failed, and how many were ended', async () => {
    await s.close()
    const store = memory()
    let left = 200
    const failing = {
      ...store.sessions,
      end: (...given: Parameters<typeof store.sessions.end>) => {
        left -= 1
        return left >= 0 ? store.sessions.end(...given) : Promise.reject(new StoreUnavailable('gone'))
      },
    }
    s = await site({ store: { ...store, sessions: failing } })
    admin = await s.member('admin', ['admin'])
    const member = await s.member('busy')
    const [record] = await store.sessions.ofUser(member.id as never, 'active', 1)
    if (!record) throw new Error('no session')
    for (let i = 1; i < 250; i++) {
      await store.sessions.start({ ...record, id: `busy-${i}` as never }, null, s.clock.now())
    }
    const told = await lines(await end(`user=${member.id}&expect=250`))
    expect(told.at(-1)).toEqual({ done: false, ended: 200, of: 250, code: 'unavailable' })
  })
})
