import { afterEach, describe, expect, it } from 'vitest'
import { hybrid } from '../../src/strategies/hybrid.ts'
import { jwt } from '../../src/strategies/jwt.ts'
import { session } from '../../src/strategies/session.ts'
import { PASSWORD, type Site, signedInAs, site } from './site.ts'

let s: Site
afterEach(() => s.close())

const EVERYONE = { confirm: 'everyone' }

describe.each([
  ['session', session],
  ['hybrid', () => hybrid()],
  ['jwt', () => jwt()],
] as const)('signing everyone out under %s', (_, strategy) => {
  it('TE-08: ends everybody’s sessions and the caller’s others; the caller goes on under a new token', async () => {
    s = await site({ strategy: strategy() })
    const signIn = async (email: string) => {
      const body = { email, password: PASSWORD, transport: 'bearer' }
      return ((await s.post('/auth/sign-in', body)).body.tokens as { accessToken: string }).accessToken
    }
    const admin = await s.member('admin', ['admin'])
    const member = await s.member('member')
    const [own, other, theirs] = [await signIn(admin.email), await signIn(admin.email), await signIn(member.email)]

    const reply = await s.post('/auth/admin/sign-out-everyone', EVERYONE, { bearer: own })
    expect(reply).toMatchObject({ status: 200, cookies: [] })
    const { accessToken } = reply.body.tokens as { accessToken: string }
    for (const bearer of [other, theirs]) {
      expect(await s.get('/auth/session', { bearer })).toMatchObject({ status: 401, code: 'session_revoked' })
    }
    expect((await s.get('/auth/session', { bearer: own })).status).toBe(401)
    expect((await s.get('/auth/session', { bearer: accessToken })).body.user).toMatchObject({ id: admin.id })
    expect((await s.get('/auth/admin/users', { bearer: accessToken })).status).toBe(200)
    expect(s.events.filter(({ type }) => type === 'everyone.signed_out')).toMatchObject([{ actor: admin.id }])
    expect((await s.post('/auth/sign-in', { email: member.email, password: PASSWORD })).status).toBe(200)
  })
})

it('sets the cookie of the session that goes on', async () => {
  s = await site()
  const admin = await s.member('admin', ['admin'])
  await s.member('member')
  const reply = await s.post('/auth/admin/sign-out-everyone', EVERYONE, { cookie: admin.cookie })
  expect(reply.body).toMatchObject({ ended: 1, session: { id: admin.sid } })
  expect(reply.cookie).not.toBe(admin.cookie)
  expect((await s.get('/auth/session', { cookie: reply.cookie })).status).toBe(200)
  expect((await s.get('/auth/session', { cookie: admin.cookie })).code).toBe('token_stale')
})

it('takes the word, and a fresh authentication', async () => {
  s = await site()
  const admin = await s.member('admin', ['admin'])
  const cookie = admin.cookie
  for (const body of [{}, { confirm: true }, { confirm: 'all' }, { ...EVERYONE, also: 1 }]) {
    expect((await s.post('/auth/admin/sign-out-everyone', body, { cookie })).status).toBe(400)
  }
  await s.later(10 * 60_000)
  expect((await s.post('/auth/admin/sign-out-everyone', EVERYONE, { cookie })).code).toBe('reauth_required')
  expect((await s.get('/auth/session', { cookie })).status).toBe(200)
})

it('P7: of two administrators at once each has signed the other out', async () => {
  s = await site()
  const [one, two] = [await s.member('one', ['admin']), await s.member('two', ['admin'])]
  const replies = await Promise.all(
    [one, two].map(({ cookie }) => s.post('/auth/admin/sign-out-everyone', EVERYONE, { cookie })),
  )
  const cookies = replies.map(({ cookie }) => cookie).filter((cookie) => cookie !== '')
  const left = await Promise.all(cookies.map((cookie) => s.get('/auth/session', { cookie })))
  expect(left.filter(({ status }) => status === 200)).toEqual([])
  for (const { cookie } of [one, two]) expect((await s.get('/auth/session', { cookie })).status).toBe(401)
  expect(replies.filter(({ status }) => status === 401).length).toBeGreaterThan(0)
})

it('answers where there are more records than are marked at once, and the sweeper goes on', async () => {
  s = await site()
  const admin = await s.member('admin', ['admin'])
  const { signedIn } = await s.enter('many')
  const [record] = await s.store.sessions.ofUser(signedIn.user.id, 'active', 1)
  if (!record) throw new Error('no session')
  await Promise.all(
    Array.from({ length: 1_500 }, (_, i) =>
      s.store.sessions.start({ ...record, id: `many-${i}` as never, digest: `${i}` }, null, s.clock.now()),
    ),
  )
  const reply = await s.post('/auth/admin/sign-out-everyone', EVERYONE, { cookie: admin.cookie })
  expect(reply.body.ended).toBe(1_000)
  await s.patiently(s.auth.sweep())
  const { items } = await s.store.sessions.list({ state: 'active' }, null, 10, s.clock.now())
  expect(items.map(({ id }) => id)).toEqual([admin.sid])
  await signedInAs(s, admin.email)
})
