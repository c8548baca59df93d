import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cookieFrom, type Member, PASSWORD, type Reply, type Site, signedInAs, site } from './site.ts'

let s: Site
let admin: Member
let auditor: Member
let member: Member

beforeAll(async () => {
  s = await site({ roles: ['member', 'editor'] })
  admin = await s.member('admin', ['admin'])
  auditor = await s.member('auditor', ['auditor'])
  member = await s.member('member')
})
afterAll(() => s.close())

const as = (who: Member) => ({ cookie: who.cookie })
const get = (path: string, who = admin) => s.get(`/auth/admin${path}`, as(who))
const patch = (id: string, body: object, who = admin) =>
  s.call('PATCH', `/auth/admin/users/${id}`, { ...as(who), body })
const items = (reply: Reply) => reply.body.items as Record<string, unknown>[]
const code = async (cookie: string) => (await s.get('/auth/session', { cookie })).code

describe('sessions of everybody', () => {
  it('are listed newest first, with whose they are and no credential', async () => {
    const reply = await get('/sessions')
    expect(items(reply).map(({ user }) => user)).toMatchObject([
      { id: member.id },
      { id: auditor.id },
      { id: admin.id },
    ])
    expect(items(reply).map(({ current }) => current)).toEqual([false, false, true])
    for (const { cookie } of [admin, auditor, member]) expect(reply.text).not.toContain(cookie.split('=')[1])
  })

  it('are filtered by user, address, role and state', async () => {
    const only = async (query: string) =>
      items(await get(`/sessions?${query}`)).map(({ user }) => (user as Member | null)?.id)
    expect(await only(`user=${member.id}`)).toEqual([member.id])
    expect(await only('user=Member@example.com')).toEqual([member.id])
    expect(await only('user=nobody@example.com')).toEqual([])
    expect(await only('role=auditor')).toEqual([auditor.id])
    expect(await only('ip=192.0.2.1')).toEqual([])
    expect(await only('strategy=session&state=active&device=unknown')).toHaveLength(3)
    expect(await only('state=ended')).toEqual([])
  })

  it('come in pages', async () => {
    const seen: unknown[] = []
    let cursor = ''
    for (let page = 0; page < 3; page++) {
      const reply = await get(`/sessions?limit=1${cursor}`)
      seen.push(...items(reply).map(({ id }) => id))
      cursor = `&cursor=${encodeURIComponent(String(reply.body.nextCursor))}`
    }
    expect(seen).toEqual([member.sid, auditor.sid, admin.sid])
    for (const limit of ['0', '-1', '201', '1e2', 'all'])
      expect((await get(`/sessions?limit=${limit}`)).status).toBe(400)
  })

  it('can be ended one by one; what is not there is not found', async () => {
    const cookie = cookieFrom(await signedInAs(s, member.email))
    const { id } = (await s.get('/auth/session', { cookie })).body.session as { id: string }
    expect((await s.del(`/auth/admin/sessions/${id}`, as(admin))).status).toBe(204)
    expect(await code(cookie)).toBe('session_revoked')
    expect(await s.del(`/auth/admin/sessions/${id}`, as(admin))).toMatchObject({ status: 404, code: 'not_found' })
    expect((await s.del('/auth/admin/sessions/AAAAAAAAAAAAAAAAAAAAAA', as(admin))).status).toBe(404)
    expect(items(await get('/sessions?state=ended'))).toMatchObject([{ id, endReason: 'session_revoked' }])
  })
})

describe('users', () => {
  it('are listed, filtered and shown', async () => {
    const only = async (query: string) => items(await get(`/users?${query}`)).map(({ id }) => id)
    expect(await only('query=MEMB')).toEqual([member.id])
    expect(await only('role=auditor')).toEqual([auditor.id])
    expect(await only('status=locked')).toEqual([])
    expect((await get(`/users/${member.id}`)).body.user).toMatchObject({ id: member.id, email: member.email })
    expect(await get('/users/AAAAAAAAAAAAAAAAAAAAAA')).toMatchObject({ status: 404 })
  })

  it('are made with roles of the catalogue', async () => {
    const given = { email: 'made@example.com', password: PASSWORD, name: 'Made', roles: ['editor'] }
    const reply = await s.post('/auth/admin/users', given, as(admin))
    expect(reply).toMatchObject({ status: 201, cookies: [], body: { user: { roles: ['editor'], name: 'Made' } } })
    expect(await s.post('/auth/admin/users', given, as(admin))).toMatchObject({ status: 409, code: 'email_taken' })
    const other = { ...given, email: 'other@example.com' }
    expect(await s.post('/auth/admin/users', { ...other, roles: ['root'] }, as(admin))).toMatchObject({
      status: 400,
      code: 'role_unknown',
    })
    expect(await s.post('/auth/admin/users', { ...other, password: 'short' }, as(admin))).toMatchObject({ status: 422 })
    expect(s.events.findLast(({ type }) => type === 'user.created')).toMatchObject({ actor: admin.id })
  })

  it('AZ-02: new roles count from the next request on', async () => {
    const helper = await s.member('helper', ['auditor'])
    expect((await get('/users', helper)).status).toBe(200)
    expect((await patch(helper.id, { roles: ['member'] })).body.user).toMatchObject({ roles: ['member'] })
    expect(await get('/users', helper)).toMatchObject({ status: 403, code: 'forbidden' })
    expect((await s.get('/auth/session', as(helper))).body.user).toMatchObject({ roles: ['member'] })
  })

  it('a change that is refused has changed nothing', async () => {
    const reply = await patch(member.id, { name: 'Changed', status: 'locked', roles: ['member', 'root'] })
    expect(reply).toMatchObject({ status: 400, code: 'role_unknown', body: { errors: [{ path: 'roles.1' }] } })
    const control = await patch(member.id, { name: 'a\u0000b', status: 'locked', roles: ['editor'] })
    expect(control.status).toBe(400)
    expect((await get(`/users/${member.id}`)).body.user).toMatchObject({
      name: 'member',
      status: 'active',
      roles: ['member'],
    })
    expect(await code(member.cookie)).toBeUndefined()
  })

  it('TE-07: locking ends everything the account holds, at once', async () => {
    const target = await s.member('target')
    const bearer = (await s.post('/auth/sign-in', { email: target.email, password: PASSWORD, transport: 'bearer' }))
      .body.tokens as { accessToken: string }
    const reply = await patch(target.id, { status: 'locked' })
    expect(reply.body.user).toMatchObject({ status: 'locked' })
    expect(await s.get('/auth/session', as(target))).toMatchObject({ status: 401, code: 'user_locked', cookies: [] })
    expect((await s.get('/auth/session', { bearer: bearer.accessToken })).status).toBe(401)
    expect(items(await get(`/sessions?user=${target.id}`))).toEqual([])
    expect((await patch(target.id, { status: 'active' })).body.user).toMatchObject({ status: 'active' })
    expect(await code(target.cookie)).toBe('user_locked')
    expect((await s.post('/auth/sign-in', { email: target.email, password: PASSWORD })).status).toBe(200)
  })

  it('TE-07: deleting does so too, and the account is gone', async () => {
    const target = await s.member('gone')
    expect((await s.del(`/auth/admin/users/${target.id}`, as(admin))).status).toBe(204)
    expect((await s.get('/auth/session', as(target))).status).toBe(401)
    expect((await s.del(`/auth/admin/users/${target.id}`, as(admin))).status).toBe(404)
    expect((await get(`/users/${target.id}`)).status).toBe(404)
  })

  it('all their sessions can be ended, and only theirs', async () => {
    const target = await s.member('busy')
    await signedInAs(s, target.email)
    const path = `/auth/admin/users/${target.id}/sessions`
    expect(await s.del(path, as(admin))).toMatchObject({ status: 200, body: { ended: 2 } })
    expect(await code(target.cookie)).toBe('session_revoked')
    expect(await code(member.cookie)).toBeUndefined()
    expect((await s.del('/auth/admin/users/AAAAAAAAAAAAAAAAAAAAAA/sessions', as(admin))).status).toBe(404)
    const event = s.events.findLast(({ type }) => type === 'session.ended')
    expect(event).toMatchObject({ actor: admin.id, subject: target.id })
  })

  it('PW-10: a change of password can be demanded', async () => {
    const target = await s.member('weak')
    const path = `/auth/admin/users/${target.id}/require-password-change`
    expect((await s.post(path, undefined, as(admin))).status).toBe(204)
    expect((await s.get('/auth/session', as(target))).status).toBe(401)
    const reply = await s.post('/auth/sign-in', { email: target.email, password: PASSWORD })
    expect(reply.body).toMatchObject({ status: 'password_change_required' })
    expect(
      (await s.post('/auth/admin/users/AAAAAAAAAAAAAAAAAAAAAA/require-password-change', {}, as(admin))).status,
    ).toBe(404)
  })

  it('administrators cannot shut themselves out', async () => {
    for (const body of [
      { status: 'locked' },
      { roles: ['member'] },
      { roles: [] },
      { name: 'x', roles: ['auditor'] },
    ]) {
      expect(await patch(admin.id, body)).toMatchObject({
        status: 403,
        code: 'forbidden',
        body: { detail: expect.any(String) },
      })
    }
    expect(await s.del(`/auth/admin/users/${admin.id}`, as(admin))).toMatchObject({ status: 403, code: 'forbidden' })
    expect((await patch(admin.id, { name: 'Chief', roles: ['admin', 'member'], status: 'active' })).status).toBe(200)
    expect(await code(admin.cookie)).toBeUndefined()
  })
})

describe('who may', () => {
  it('AZ-02: an auditor may read everything and change nothing', async () => {
    for (const path of ['/sessions', '/users', `/users/${member.id}`, '/audit'])
      expect((await get(path, auditor)).status).toBe(200)
    expect(await patch(member.id, { name: 'x' }, auditor)).toMatchObject({ status: 403, code: 'forbidden' })
    for (const path of [`/users/${member.id}`, `/users/${member.id}/sessions`, `/sessions/${member.sid}`]) {
      expect((await s.del(`/auth/admin${path}`, as(auditor))).status).toBe(403)
    }
  })

  it('RA-01: what changes anything takes a fresh authentication; reading does not', async () => {
    await s.later(10 * 60_000)
    expect((await get('/users')).status).toBe(200)
    const attempts = [
      patch(member.id, { roles: ['admin'] }),
      s.post('/auth/admin/users', { email: 'x@example.com', password: PASSWORD }, as(admin)),
      s.del(`/auth/admin/users/${member.id}`, as(admin)),
      s.del(`/auth/admin/users/${member.id}/sessions`, as(admin)),
      s.del(`/auth/admin/sessions/${member.sid}`, as(admin)),
      s.post(`/auth/admin/users/${member.id}/require-password-change`, undefined, as(admin)),
    ]
    for (const reply of await Promise.all(attempts))
      expect(reply).toMatchObject({ status: 401, code: 'reauth_required' })
    expect(await code(member.cookie)).toBeUndefined()
  })

  it('LG-06: what was denied is an event', async () => {
    s.events.length = 0
    await get('/users', member)
    expect(s.events.filter(({ type }) => type === 'access.denied')).toMatchObject([
      { outcome: 'failure', reason: 'forbidden', actor: member.id, severity: 'notice' },
    ])
  })
})

describe('the audit log', () => {
  it('TE-08: says who did what to whom', async () => {
    const reply = await get(`/audit?user=${member.id}&type=access.denied`)
    expect(items(reply)[0]).toMatchObject({ type: 'access.denied', actor: member.id, outcome: 'failure' })
    const none = await get('/audit?from=1&to=2')
    expect(none.body).toEqual({ items: [], nextCursor: null, total: 0 })
  })

  it('comes in pages, and takes moments only as numbers', async () => {
    const first = await get('/audit?limit=2')
    const second = await get(`/audit?limit=2&cursor=${encodeURIComponent(String(first.body.nextCursor))}`)
    const ids = [...items(first), ...items(second)].map(({ id }) => id)
    expect(new Set(ids).size).toBe(4)
    for (const from of ['yesterday', '-1', '1.5', '']) expect((await get(`/audit?from=${from}`)).status).toBe(400)
  })
})
