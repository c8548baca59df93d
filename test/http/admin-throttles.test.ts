import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Member, PASSWORD, type Site, site } from './site.ts'

let s: Site
let admin: Member
beforeEach(async () => {
  s = await site({ throttle: { free: 2, delay: '1m', perSource: { failures: 4, window: '10m' } } })
  admin = await s.member('admin', ['admin'])
})
afterEach(() => s.close())

type Item = {
  key: string
  kind: string
  failures: number
  until: number
  user: { id: string } | null
  source: string | null
}

const guess = (email: string, remote = '192.0.2.7', password = 'a wrong passphrase') =>
  s.post('/auth/sign-in', { email, password }, { connection: { remote } })
const list = async () => (await s.get('/auth/admin/throttles', { cookie: admin.cookie })).body.items as Item[]
const lift = (key: string) => s.del(`/auth/admin/throttles/${key}`, { cookie: admin.cookie })

it('TH-02: names who is slowed, account and source, and until when; and lets them go on', async () => {
  const member = await s.member('member')
  expect(await list()).toEqual([])
  for (const email of [member.email, member.email, 'nobody@example.com', 'nobody@example.com']) await guess(email)
  expect((await guess(member.email, '192.0.2.8', PASSWORD)).status).toBe(429)
  const now = s.clock.now()
  const items = await list()
  expect(
    items.map(({ kind, failures, until, user, source }) => ({ kind, failures, until, id: user?.id, source })),
  ).toEqual(
    expect.arrayContaining([
      { kind: 'account', failures: 2, until: now + 60_000, id: member.id, source: null },
      { kind: 'account', failures: 2, until: now + 60_000, id: undefined, source: null },
      { kind: 'source', failures: 4, until: now + 600_000, id: undefined, source: '192.0.2.7' },
    ]),
  )
  expect(items).toHaveLength(3)

  const own = items.find(({ user }) => user?.id === member.id) as Item
  expect((await lift(own.key)).status).toBe(204)
  expect((await guess(member.email, '192.0.2.8', PASSWORD)).status).toBe(200)
  const source = items.find(({ kind }) => kind === 'source') as Item
  expect((await guess('third@example.com')).status).toBe(429)
  expect((await lift(source.key)).status).toBe(204)
  expect((await guess('third@example.com')).status).toBe(401)
  expect((await list()).map(({ kind, user }) => [kind, user])).toEqual([['account', null]])
  expect(s.events.filter(({ type }) => type === 'throttle.lifted')).toMatchObject([
    { actor: admin.id, data: { key: own.key } },
    { actor: admin.id, data: { key: source.key } },
  ])
})

it('IPv6 is named by its network', async () => {
  for (const i of [1, 2, 3, 4]) await guess(`x${i}@example.com`, '2001:db8::1234')
  const [source] = await list()
  expect(source).toMatchObject({ kind: 'source', source: '2001:db8::/64' })
  expect((await lift(source?.key as string)).status).toBe(204)
  expect(await list()).toEqual([])
})

it('LG-03: tells nothing of an address that nobody has', async () => {
  for (const _ of [1, 2]) await guess('my-secret-password@typo.example')
  const reply = await s.get('/auth/admin/throttles', { cookie: admin.cookie })
  expect(reply.text).not.toMatch(/my-secret|typo/)
  expect((reply.body.items as Item[])[0]).toMatchObject({ kind: 'account', user: null, source: null })
})

it('knows only keys of the list', async () => {
  for (const key of ['x', 'account-', 'first-abc', 'policy-x', 'A'.repeat(22)])
    expect((await lift(key)).status).toBe(404)
  expect(s.events.filter(({ type }) => type === 'throttle.lifted')).toEqual([])
})

it('forgets who is through, and exports the list', async () => {
  for (const _ of [1, 2]) await guess('a@example.com')
  const csv = await s.send('GET', '/auth/admin/throttles', { cookie: admin.cookie, headers: { accept: 'text/csv' } })
  expect((await csv.text()).split('\r\n')[1]).toMatch(/^account-.*,account,2,\d+,,,$/)
  s.clock.step(60_000)
  expect(await list()).toEqual([])
})
