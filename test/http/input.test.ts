import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Member, PASSWORD, type Site, site } from './site.ts'

let s: Site
let member: Member

beforeAll(async () => {
  s = await site()
  member = await s.member('member')
})
afterAll(() => s.close())

const json = (content: string | Uint8Array<ArrayBuffer>) => ({ raw: { content, type: 'application/json' } })
const signIn = (content: string) => s.post('/auth/sign-in', undefined, json(content))

describe('ER-05: input of another type than asked for is refused', () => {
  const good = `"password":"${PASSWORD}"`

  it.each([
    ['an array', `{"email":["member@example.com"],${good}}`],
    ['an operator', `{"email":{"$gt":""},${good}}`],
    ['a truth value as password', '{"email":"member@example.com","password":true}'],
    ['a number as password', '{"email":"member@example.com","password":1}'],
    ['null', `{"email":null,${good}}`],
    ['a bracketed name', `{"email[]":"member@example.com",${good}}`],
    ['text for a truth value', `{"email":"member@example.com",${good},"remember":"true"}`],
    ['an unknown transport', `{"email":"member@example.com",${good},"transport":"query"}`],
    ['a repeated member', `{"email":"x@example.com","email":"member@example.com",${good}}`],
    ['a repeated member in disguise', `{"email":"x@example.com","\\u0065mail":"member@example.com",${good}}`],
    ['a prototype member', `{"email":"member@example.com",${good},"__proto__":{"remember":true}}`],
    ['a constructor member', `{"email":"member@example.com",${good},"constructor":{}}`],
    ['a lone surrogate', `{"email":"member@example.com","password":"\\ud800"}`],
    ['an array around it', `[{"email":"member@example.com",${good}}]`],
    ['text around it', '"sign me in"'],
    ['nothing', 'null'],
    ['a rest behind it', `{"email":"member@example.com",${good}} x`],
    ['a byte order mark', `\ufeff{"email":"member@example.com",${good}}`],
    ['deep nesting', `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`],
  ])('ER-05: %s', async (_, content) => {
    const reply = await signIn(content)
    expect(reply).toMatchObject({ status: 400, code: 'invalid_request' })
    expect(reply.cookies).toEqual([])
  })

  it('ER-05: bytes that are not UTF-8', async () => {
    const bytes = new TextEncoder().encode(`{"email":"me?ber@example.com",${good}}`)
    bytes[bytes.indexOf(0x3f)] = 0xff
    expect(await s.post('/auth/sign-in', undefined, json(bytes))).toMatchObject({
      status: 400,
      code: 'invalid_request',
    })
  })

  it('says where and what, and repeats no value', async () => {
    const reply = await s.post('/auth/sign-in', { email: 7, extra: 'secret-value', transport: 'secret-value' })
    expect(reply.body.errors).toEqual([
      { path: 'email', code: 'type', detail: 'Has another type than asked for' },
      { path: 'password', code: 'required', detail: 'Is missing' },
      { path: 'transport', code: 'invalid', detail: 'Is not one of the values allowed' },
      { path: 'extra', code: 'unknown', detail: 'There is no such field' },
    ])
    expect(reply.text).not.toContain('secret-value')
  })

  it('takes no members where none are asked for', async () => {
    const reply = await s.post('/auth/session/renew', { idle: '99d' }, { cookie: member.cookie })
    expect(reply).toMatchObject({ status: 400, body: { errors: [{ path: 'idle', code: 'unknown' }] } })
  })
})

describe('queries', () => {
  const get = (query: string) => s.get(`/auth/sessions${query}`, { cookie: member.cookie })

  it.each(['?ended=1', '?ended=TRUE', '?ended', '?ended[]=true', '?ended=true&x=1'])(
    'ER-05: %s is refused',
    async (query) => {
      expect(await get(query)).toMatchObject({ status: 400, code: 'invalid_request' })
    },
  )

  it('ER-05: a parameter that stands twice is refused', async () => {
    const reply = await get('?ended=true&ended=false')
    expect(reply).toMatchObject({ status: 400, body: { errors: [{ path: 'ended', code: 'duplicate' }] } })
  })

  it('AZ-04: a parameter cannot reach a prototype', async () => {
    expect(await get('?__proto__=1')).toMatchObject({ status: 400 })
    expect(({} as Record<string, unknown>).ended).toBeUndefined()
  })
})

describe('AZ-04: nobody sets protected fields of themselves', () => {
  const protectedFields = {
    id: 'x',
    role: 'admin',
    roles: ['admin'],
    status: 'active',
    emailVerified: true,
    passwordChangeRequired: false,
    generation: 9,
    version: 9,
    tenantId: 't',
    mfa: false,
    createdAt: 0,
  }

  it.each(Object.entries(protectedFields))('AZ-04: %s', async (name, value) => {
    const reply = await s.post('/auth/sign-up', { email: 'new@example.com', password: PASSWORD, [name]: value })
    expect(reply).toMatchObject({ status: 400, body: { errors: [{ path: name, code: 'unknown' }] } })
    expect(await s.auth.users.findByEmail('new@example.com')).toBeNull()

    const change = await s.call('PATCH', '/auth/user', { cookie: member.cookie, body: { [name]: value } })
    expect(change.status).toBe(400)
    const nested = await s.call('PATCH', '/auth/user', { cookie: member.cookie, body: { fields: { [name]: value } } })
    expect(nested.status).toBe(400)
    expect((await s.get('/auth/user', { cookie: member.cookie })).body.user).toMatchObject({
      id: member.id,
      roles: ['member'],
    })
  })
})

describe('SI-05: a credential is read from where it belongs only', () => {
  it('SI-05: not from query, path, body or another header', async () => {
    const token = member.cookie.split('=')[1] as string
    const headers = {
      'x-session': token,
      'x-auth-token': token,
      'proxy-authorization': `Bearer ${token}`,
      'x-access-token': token,
    }
    for (const path of [`/auth/session?token=${token}`, `/auth/session?access_token=${token}&__Host-sid=${token}`]) {
      expect((await s.get(path)).status).toBe(401)
    }
    expect((await s.get(`/auth/session/${token}`)).status).toBe(404)
    expect((await s.get('/auth/session', { headers })).status).toBe(401)
    expect((await s.get('/auth/session', { cookie: `sid=${token}` })).status).toBe(401)
    const reply = await s.post('/auth/session/renew', { token, accessToken: token })
    expect(reply.status).toBe(401)
    expect(reply.text).not.toContain(token)
  })
})
