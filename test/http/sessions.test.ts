import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cookieFrom, type Member, PASSWORD, type Site, signedInAs, site } from './site.ts'

const MINUTE = 60_000

let s: Site
let member: Member
let cookie: string

beforeAll(async () => {
  s = await site()
  member = await s.member('member')
})
beforeEach(async () => {
  cookie = await enter()
})
afterAll(() => s.close())

const enter = async (email = member.email) => cookieFrom(await signedInAs(s, email))
const session = async (of: string) =>
  (await s.get('/auth/session', { cookie: of })).body.session as Record<string, number>
const code = async (of: string) => (await s.get('/auth/session', { cookie: of })).code

describe('GET session', () => {
  it('TO-07: tells both deadlines, when to warn and the server’s time', async () => {
    const start = s.clock.now()
    await s.later(5 * MINUTE)
    expect(await session(cookie)).toMatchObject({
      createdAt: start,
      authenticatedAt: start,
      lastActiveAt: start,
      now: start + 5 * MINUTE,
      idleExpiresAt: start + 30 * MINUTE,
      warnAt: start + 28 * MINUTE,
      expiresAt: start + 720 * MINUTE,
    })
  })

  it('TO-07: polling is not activity, and two tabs see the same deadline', async () => {
    for (let minute = 1; minute < 30; minute++) {
      await s.later(MINUTE)
      const [one, two] = await Promise.all([session(cookie), session(cookie)])
      expect(one.idleExpiresAt).toBe(two.idleExpiresAt)
    }
    await s.later(MINUTE)
    expect(await s.get('/auth/session', { cookie })).toMatchObject({
      status: 401,
      code: 'session_expired_idle',
      cookies: [],
    })
  })

  it('TO-01: using it is activity', async () => {
    await s.later(20 * MINUTE)
    expect((await s.get('/auth/user', { cookie })).status).toBe(200)
    await s.later(20 * MINUTE)
    expect(await code(cookie)).toBeUndefined()
  })

  it('ER-03, ER-04: strangers hear the same whatever they present; whoever had a genuine token hears why', async () => {
    const unknown = await s.get('/auth/session', { cookie: `__Host-sid=${'A'.repeat(64)}` })
    const malformed = await s.get('/auth/session', { cookie: '__Host-sid=x' })
    const doubled = await s.get('/auth/session', { cookie: `${cookie}; ${cookie}` })
    const guessed = await s.get('/auth/session', { cookie: `${cookie.slice(0, -4)}AAAA` })
    const shape = ({ text, headers }: typeof unknown) => [
      text.replace(headers.get('x-request-id') as string, ''),
      [...headers].filter(([name]) => name !== 'x-request-id'),
    ]
    expect(shape(malformed)).toEqual(shape(unknown))
    expect(shape(doubled)).toEqual(shape(unknown))
    expect(shape(guessed)).toEqual(shape(unknown))
    expect(unknown.headers.get('www-authenticate')).toBe('Bearer realm="auth", error="invalid_token"')
    await s.post('/auth/sign-out', undefined, { cookie })
    expect(await code(cookie)).toBe('signed_out')
    const ended = await s.get('/auth/session', { cookie: `${cookie.slice(0, -4)}AAAA` })
    expect(shape(ended)).toEqual(shape(unknown))
  })
})

describe('POST session/renew', () => {
  it('TO-07: begins the idle limit anew, never beyond the absolute one', async () => {
    const { expiresAt } = await session(cookie)
    await s.later(29 * MINUTE)
    const reply = await s.post('/auth/session/renew', undefined, { cookie })
    expect(reply.body.session).toMatchObject({ idleExpiresAt: s.clock.now() + 30 * MINUTE, expiresAt, current: true })
    expect(reply.cookies).toEqual([])
    while (s.clock.now() + 29 * MINUTE < (expiresAt as number)) {
      await s.later(29 * MINUTE)
      expect((await s.post('/auth/session/renew', undefined, { cookie })).status).toBe(200)
    }
    await s.later((expiresAt as number) - s.clock.now())
    expect(await s.post('/auth/session/renew', undefined, { cookie })).toMatchObject({
      status: 401,
      code: 'session_expired_absolute',
    })
  })

  it('TO-06: the limit holds whatever the client made of its cookie', async () => {
    const reply = await s.post('/auth/sign-in', { email: member.email, password: PASSWORD, remember: true })
    await s.later(31 * 24 * 60 * MINUTE)
    expect(await s.get('/auth/session', { cookie: `${reply.cookie}; Max-Age=99999999` })).toMatchObject({ status: 401 })
    expect(await s.get('/auth/session', { cookie: reply.cookie })).toMatchObject({ status: 401 })
    expect(await s.post('/auth/session/renew', undefined, { cookie: reply.cookie })).toMatchObject({
      status: 401,
      cookies: [],
    })
  })
})

describe('POST reauthenticate', () => {
  it('RA-03, SL-01: gives a new token, and the old one is stale at once', async () => {
    await s.later(15 * MINUTE)
    const before = await session(cookie)
    const reply = await s.post('/auth/reauthenticate', { password: PASSWORD }, { cookie })
    expect(reply).toMatchObject({
      status: 200,
      body: { session: { id: before.id, authenticatedAt: s.clock.now(), expiresAt: before.expiresAt } },
    })
    expect(reply.cookies).toHaveLength(1)
    expect(reply.body).not.toHaveProperty('tokens')
    expect(await s.get('/auth/session', { cookie })).toMatchObject({ status: 401, code: 'token_stale', cookies: [] })
    expect(await code(reply.cookie)).toBeUndefined()
  })

  it('gives bearer clients their token in the body, and no cookie', async () => {
    const bearer = cookie.split('=')[1] as string
    const reply = await s.post('/auth/reauthenticate', { password: PASSWORD }, { bearer })
    expect(reply.cookies).toEqual([])
    const { accessToken } = reply.body.tokens as { accessToken: string }
    expect((await s.get('/auth/session', { bearer: accessToken })).status).toBe(200)
  })

  it('RA-05: a wrong password changes nothing and counts', async () => {
    const reply = await s.post('/auth/reauthenticate', { password: 'a wrong passphrase' }, { cookie })
    expect(reply).toMatchObject({ status: 401, code: 'invalid_credentials', cookies: [] })
    expect(await code(cookie)).toBeUndefined()
    expect(s.events.some(({ type }) => type === 'session.reauthentication_failed')).toBe(true)
  })
})

describe('SL-03: own sessions', () => {
  let other: Member
  let first: string
  let second: string
  let third: string
  const list = async (of: string, query = '') =>
    (await s.get(`/auth/sessions${query}`, { cookie: of })).body.sessions as Record<string, unknown>[]

  beforeEach(async () => {
    other = await s.member(`user${s.events.length}`)
    first = other.cookie
    second = await enter(other.email)
    third = await enter(other.email)
  })

  it('SL-03: are listed, the current one first, the devices told apart', async () => {
    const headers = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' }
    const signedIn = await s.post(
      '/auth/sign-in',
      { email: other.email, password: PASSWORD },
      { headers, connection: { remote: '192.0.2.5' } },
    )
    const sessions = await list(second)
    expect(sessions).toHaveLength(4)
    expect(sessions.map(({ current }) => current)).toEqual([true, false, false, false])
    expect(sessions[0]?.id).toBe((await session(second)).id)
    const newest = sessions.find(({ id }) => id === (signedIn.body.session as { id: string }).id)
    expect(newest).toMatchObject({ device: { browser: 'Firefox', os: 'Linux', type: 'desktop' }, ip: '192.0.2.5' })
    const text = JSON.stringify(sessions)
    for (const token of [first, second, third, signedIn.cookie]) expect(text).not.toContain(token.split('=')[1])
  })

  it('SL-03: one can be ended, and only that one', async () => {
    const target = (await session(third)).id
    expect(await s.del(`/auth/sessions/${target}`, { cookie: first })).toMatchObject({ status: 204, cookies: [] })
    expect(await code(third)).toBe('session_revoked')
    expect(await code(second)).toBeUndefined()
    expect((await s.del(`/auth/sessions/${target}`, { cookie: first })).status).toBe(204)
    const ended = await list(first, '?ended=true')
    expect(ended).toMatchObject([{ id: target, endReason: 'session_revoked', endedAt: s.clock.now(), current: false }])
    expect(await list(first)).toHaveLength(2)
  })

  it('SL-03, AZ-03: those of others are not found', async () => {
    const foreign = (await session(cookie)).id
    expect(await s.del(`/auth/sessions/${foreign}`, { cookie: first })).toMatchObject({
      status: 404,
      code: 'not_found',
    })
    expect((await s.del('/auth/sessions/AAAAAAAAAAAAAAAAAAAAAA', { cookie: first })).status).toBe(404)
    expect(await code(cookie)).toBeUndefined()
  })

  it('SL-03: all others can be ended, or all', async () => {
    expect(await s.del('/auth/sessions?scope=others', { cookie: first })).toMatchObject({
      status: 200,
      body: { ended: 2 },
    })
    expect(await code(first)).toBeUndefined()
    expect([await code(second), await code(third)]).toEqual(['session_revoked', 'session_revoked'])
    expect(await s.del('/auth/sessions?scope=all', { cookie: first })).toMatchObject({
      status: 200,
      body: { ended: 1 },
      cookies: [],
    })
    expect(await code(first)).toBe('session_revoked')
  })

  it('refuses to guess which are meant', async () => {
    expect(await s.del('/auth/sessions', { cookie: first })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'scope', code: 'required' }] },
    })
    expect((await s.del('/auth/sessions?scope=everything', { cookie: first })).status).toBe(400)
    expect(await list(first)).toHaveLength(3)
  })

  it('RA-06: ending others takes a fresh authentication, ending the current one does not', async () => {
    await s.later(10 * MINUTE)
    const target = (await session(third)).id
    for (const path of [`/auth/sessions/${target}`, '/auth/sessions?scope=others', '/auth/sessions?scope=all']) {
      const reply = await s.del(path, { cookie: first })
      expect(reply).toMatchObject({ status: 401, code: 'reauth_required', cookies: [] })
      expect(reply.headers.get('www-authenticate')).toBe(
        'Bearer realm="auth", error="insufficient_user_authentication", max_age="600"',
      )
    }
    expect(await list(first)).toHaveLength(3)
    const current = (await session(second)).id
    expect((await s.del(`/auth/sessions/${current}`, { cookie: second })).status).toBe(204)
    expect(await code(second)).toBe('signed_out')

    const { cookie: fresh } = await s.post('/auth/reauthenticate', { password: PASSWORD }, { cookie: first })
    expect((await s.del(`/auth/sessions/${target}`, { cookie: fresh })).status).toBe(204)
  })

  it('what is over by time is not listed as open, even before it is swept', async () => {
    await s.later(29 * MINUTE)
    await s.get('/auth/user', { cookie: first })
    await s.later(MINUTE)
    expect(await list(first)).toHaveLength(1)
  })
})

it('SL-04: the session that had to make room hears why', async () => {
  const capped = await site({ sessionLimit: { max: 2, whenFull: 'end-oldest' } })
  const one = await capped.member('one')
  await signedInAs(capped, one.email)
  await signedInAs(capped, one.email)
  expect(await capped.get('/auth/session', { cookie: one.cookie })).toMatchObject({
    status: 401,
    code: 'session_evicted',
  })
  await capped.close()

  const strict = await site({ sessionLimit: { max: 1, whenFull: 'refuse' } })
  const two = await strict.member('two')
  const reply = await strict.post('/auth/sign-in', { email: two.email, password: PASSWORD })
  expect(reply).toMatchObject({ status: 409, code: 'session_limit_reached', cookies: [] })
  await strict.close()
})
