import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cookieFrom, type Member, PASSWORD, type Site, signedInAs, site } from './site.ts'

const NEXT = 'quite another passphrase'

let s: Site
let member: Member

beforeAll(async () => {
  s = await site()
})
afterAll(() => s.close())

const change = (cookie: string, given: object) => s.post('/auth/password', given, { cookie })
const code = async (cookie: string) => (await s.get('/auth/session', { cookie })).code

describe('POST password', () => {
  it('PW-09: takes the current password; a wrong one changes nothing and counts', async () => {
    member = await s.member('first')
    const { cookie } = member
    expect(await change(cookie, { newPassword: NEXT })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'currentPassword', code: 'required' }] },
    })
    expect(await change(cookie, { currentPassword: 'a wrong passphrase', newPassword: NEXT })).toMatchObject({
      ...{ status: 401, code: 'invalid_credentials', cookies: [] },
    })
    expect(s.events.filter(({ type, subject }) => type === 'sign_in.failed' && subject === member.id)).toHaveLength(1)
    expect(await change(cookie, { currentPassword: PASSWORD, newPassword: 'short' })).toMatchObject({
      ...{ status: 422, code: 'password_too_short', body: { errors: [{ path: 'newPassword' }] } },
    })
    for (let i = 0; i < 4; i++) await change(cookie, { currentPassword: 'a wrong passphrase', newPassword: NEXT })
    expect(await change(cookie, { currentPassword: PASSWORD, newPassword: NEXT })).toMatchObject({ status: 429 })
    expect(await code(cookie)).toBeUndefined()
  })

  it('TE-06, SL-01: ends every other session, gives this one a new token, and the old password is dead', async () => {
    member = await s.member('second')
    const others = [cookieFrom(await signedInAs(s, member.email)), cookieFrom(await signedInAs(s, member.email))]
    const reply = await change(member.cookie, { currentPassword: PASSWORD, newPassword: NEXT })
    expect(reply).toMatchObject({ status: 200, body: { session: { id: member.sid, current: true } } })
    expect(reply.cookies).toHaveLength(1)
    for (const other of others)
      expect(await s.get('/auth/session', { cookie: other })).toMatchObject({ status: 401, cookies: [] })
    expect(await code(member.cookie)).toBe('token_stale')
    expect(await code(reply.cookie)).toBeUndefined()

    const signIn = (password: string) => s.post('/auth/sign-in', { email: member.email, password })
    expect(await signIn(PASSWORD)).toMatchObject({ status: 401, code: 'invalid_credentials' })
    expect((await signIn(NEXT)).status).toBe(200)
  })

  it('gives bearer clients their new token in the body', async () => {
    member = await s.member('third')
    const bearer = member.cookie.split('=')[1] as string
    const reply = await s.post('/auth/password', { currentPassword: PASSWORD, newPassword: NEXT }, { bearer })
    expect(reply.cookies).toEqual([])
    const { accessToken } = reply.body.tokens as { accessToken: string }
    expect((await s.get('/auth/session', { bearer: accessToken })).status).toBe(200)
    expect((await s.get('/auth/session', { bearer })).status).toBe(401)
  })
})

describe('own profile', () => {
  it('is shown and changed', async () => {
    member = await s.member('profile')
    const { cookie } = member
    const reply = await s.call('PATCH', '/auth/user', { cookie, body: { name: ' Ada ' } })
    expect(reply).toMatchObject({ status: 200, body: { user: { id: member.id, name: 'Ada' } } })
    expect((await s.get('/auth/user', { cookie })).body.user).toMatchObject({ name: 'Ada', email: member.email })
    expect((await s.get('/auth/session', { cookie })).body.user).toMatchObject({ name: 'Ada' })
    const hostile = await s.call('PATCH', '/auth/user', { cookie, body: { name: 'a\u202eb' } })
    expect(hostile).toMatchObject({ status: 400, body: { errors: [{ path: 'name' }] } })
  })

  it('RA-01, TE-07: deleting the account takes a fresh authentication, and ends everything it holds', async () => {
    member = await s.member('leaving')
    const { cookie } = member
    const other = cookieFrom(await signedInAs(s, member.email))
    await s.later(10 * 60_000)
    expect(await s.del('/auth/user', { cookie })).toMatchObject({ status: 401, code: 'reauth_required' })
    expect(await s.auth.users.find(member.id)).not.toBeNull()

    const { cookie: fresh } = await s.post('/auth/reauthenticate', { password: PASSWORD }, { cookie })
    expect(await s.del('/auth/user', { cookie: fresh })).toMatchObject({ status: 204, cookies: [] })
    expect(await s.auth.users.find(member.id)).toBeNull()
    for (const one of [fresh, other]) expect((await s.get('/auth/session', { cookie: one })).status).toBe(401)
    expect((await s.post('/auth/sign-in', { email: member.email, password: PASSWORD })).status).toBe(401)
  })
})
