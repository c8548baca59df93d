import { afterEach, expect, it } from 'vitest'
import { hybrid } from '../../src/strategies/hybrid.ts'
import { PASSWORD, type Site, signedInAs, site } from './site.ts'

let s: Site
afterEach(() => s.close())

type Stats = {
  node: {
    signInsPerMinute: number
    refreshesPerMinute: number
    endings: object
    state: string
    settling: { count: number; p50: number }
  }
  installation: {
    sessions: object
    nodes: { source: string; behind: number; mayLease: boolean; own: boolean }[]
    stores: { name: string; reachable: boolean }[]
  }
}

it('says what happens here, and what there is in all', async () => {
  s = await site({ nodes: 2, strategy: hybrid() })
  const admin = await s.member('admin', ['admin'])
  const member = await s.member('member')
  const read = async () => (await s.get('/auth/admin/stats', { cookie: admin.cookie })).body as unknown as Stats
  const second = await signedInAs(s, member.email)
  await signedInAs({ ...s, auth: s.nodes[1] as Site['auth'] }, member.email)
  await s.patiently(s.auth.end(second.session.id))
  const body = { email: member.email, password: PASSWORD, transport: 'bearer' }
  const { tokens } = (await s.post('/auth/sign-in', body)).body as { tokens: { refreshToken: string } }
  await s.clock.advance(31_000)
  expect((await s.post('/auth/refresh', { refreshToken: tokens.refreshToken })).status).toBe(200)

  const first = await read()
  expect(first.node).toMatchObject({
    signInsPerMinute: 4,
    refreshesPerMinute: 1,
    endings: { session_revoked: 1 },
    state: 'leased',
  })
  expect(first.node.settling.count).toBeGreaterThan(0)
  expect(first.node.settling.p50).toBeLessThanOrEqual(100)
  expect(first.installation.sessions).toEqual({ count: 4, margin: 0 })
  expect(first.installation.nodes.map(({ own, mayLease }) => [own, mayLease]).sort()).toEqual([
    [false, true],
    [true, true],
  ])
  expect(first.installation.stores).toMatchObject([{ name: 'memory', reachable: true }])

  await s.clock.advance(61_000)
  const later = await read()
  expect(later.node).toMatchObject({ signInsPerMinute: 0, refreshesPerMinute: 0, endings: { session_revoked: 1 } })
})

it('shows a node that does not keep up', async () => {
  s = await site()
  const admin = await s.member('admin', ['admin'])
  const { feed } = s.store.users.source
  await feed.register(null)
  for (let i = 0; i < 3; i++) await s.patiently(s.auth.setRoles(admin.id, ['admin']))
  const { nodes } = ((await s.get('/auth/admin/stats', { cookie: admin.cookie })).body as unknown as Stats).installation
  expect(nodes).toContainEqual(expect.objectContaining({ own: true, behind: 0, mayLease: true }))
  expect(nodes.filter(({ own }) => !own).every(({ behind, mayLease }) => behind > 0 || !mayLease)).toBe(true)
})

it('TE-10: says that it is unavailable where the stores cannot be asked', async () => {
  s = await site()
  const admin = await s.member('admin', ['admin'])
  const count = s.store.sessions.count
  Object.assign(s.store.sessions, { count: () => Promise.reject(new Error('down')) })
  expect((await s.get('/auth/admin/stats', { cookie: admin.cookie })).status).toBe(500)
  Object.assign(s.store.sessions, { count })
  expect((await s.get('/auth/admin/stats', { cookie: admin.cookie })).status).toBe(200)
})
