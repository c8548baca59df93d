import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Member, PASSWORD, type Sending, type Site, site } from './site.ts'

const PLAIN = 'http://app.example'
const PROXY = { connection: { remote: '10.0.0.1' } }

let s: Site
let member: Member

beforeAll(async () => {
  s = await site({ trustedProxies: ['10.0.0.1'] })
  member = await s.member('member')
})
afterAll(() => s.close())

const credentials = () => ({ email: member.email, password: PASSWORD })
const signIn = (sending: Sending = {}, more: object = {}) =>
  s.post(`${PLAIN}/auth/sign-in`, { ...credentials(), ...more }, sending)

describe('CK-12: no session cookie over plain http', () => {
  it('CK-12: says so aloud, and starts nothing', async () => {
    const before = (await s.auth.sessions(member.id)).length
    const reply = await signIn()
    expect(reply).toMatchObject({ status: 400, code: 'invalid_request', cookies: [] })
    expect(reply.body.detail).toMatch(/plain http.*X-Forwarded-Proto.*trustedProxies/s)
    expect(await s.auth.sessions(member.id)).toHaveLength(before)
    expect((await s.post(`${PLAIN}/auth/sign-up`, { ...credentials(), email: 'new@example.com' })).status).toBe(400)
    expect(await s.auth.users.findByEmail('new@example.com')).toBeNull()
  })

  it('CK-12: a proto header from anyone but a trusted proxy changes nothing', async () => {
    const spoofed = {
      'x-forwarded-proto': 'https',
      forwarded: 'proto=https',
      'x-forwarded-ssl': 'on',
      'front-end-https': 'on',
    }
    expect((await signIn({ headers: spoofed, connection: { remote: '192.0.2.1' } })).status).toBe(400)
    expect((await signIn({ headers: spoofed })).status).toBe(400)
    const { 'x-forwarded-proto': _, ...others } = spoofed
    expect((await signIn({ headers: others, ...PROXY })).status).toBe(400)
  })

  it('CK-12: a trusted proxy says how the client came, in either direction', async () => {
    expect(await signIn({ headers: { 'x-forwarded-proto': 'https' }, ...PROXY })).toMatchObject({
      status: 200,
      cookies: [expect.any(String)],
    })
    expect((await signIn({ headers: { 'x-forwarded-proto': 'http' }, ...PROXY })).status).toBe(400)
    const spoofedBefore = { 'x-forwarded-proto': 'https, http' }
    expect((await signIn({ headers: spoofedBefore, ...PROXY })).status).toBe(400)
    const reply = await s.post('/auth/sign-in', credentials(), { headers: { 'x-forwarded-proto': 'http' }, ...PROXY })
    expect(reply.status).toBe(400)
  })

  it('CK-12: tokens in the body are not cookies', async () => {
    expect(await signIn({}, { transport: 'bearer' })).toMatchObject({ status: 200, cookies: [] })
  })

  it('CK-12: a token is not replaced in a cookie either, and the old one stays', async () => {
    const { cookie } = member
    const again = await s.post(`${PLAIN}/auth/reauthenticate`, { password: PASSWORD }, { cookie })
    expect(again).toMatchObject({ status: 400, cookies: [] })
    const change = { currentPassword: PASSWORD, newPassword: 'quite another passphrase' }
    expect(await s.post(`${PLAIN}/auth/password`, change, { cookie })).toMatchObject({ status: 400, cookies: [] })
    expect((await s.get('/auth/session', { cookie })).status).toBe(200)
    const bearer = cookie.split('=')[1] as string
    expect((await s.post(`${PLAIN}/auth/reauthenticate`, { password: PASSWORD }, { bearer })).status).toBe(200)
  })

  it('CK-12: signing out works whatever the way', async () => {
    const { cookie } = await s.post('/auth/sign-in', credentials())
    expect((await s.post(`${PLAIN}/auth/sign-out`, undefined, { cookie })).status).toBe(204)
    expect((await s.get('/auth/session', { cookie })).status).toBe(401)
  })

  it('CK-12: on localhost, where the base address may be plain, the cookie goes without prefix and Secure', async () => {
    const local = await site({ baseUrl: 'http://localhost:3000' })
    const reply = await local.post('/auth/sign-up', { email: 'dev@example.com', password: PASSWORD })
    expect(reply.cookies).toEqual([expect.stringMatching(/^sid=[\w-]{64}; Path=\/; HttpOnly; SameSite=Lax$/)])
    expect((await local.get('/auth/session', { cookie: reply.cookie })).status).toBe(200)
    await local.close()
  })
})

describe('TH-07: the address of a client', () => {
  const ipOf = async (sending: Sending) => {
    const reply = await s.post('/auth/sign-in', { ...credentials(), transport: 'bearer' }, sending)
    return (reply.body.session as { ip: string }).ip
  }

  it('TH-07: is that of the connection, unless a trusted proxy says otherwise', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.9', 'x-real-ip': '203.0.113.8', forwarded: 'for=203.0.113.7' }
    expect(await ipOf({ headers, connection: { remote: '192.0.2.1' } })).toBe('192.0.2.1')
    expect(await ipOf({ headers, ...PROXY })).toBe('203.0.113.9')
    expect(await ipOf({ headers })).toBe('')
  })
})
