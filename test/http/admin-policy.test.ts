import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Member, type Site, site } from './site.ts'

let s: Site
let admin: Member
beforeEach(async () => {
  s = await site({ roles: ['member', 'clerk'], timeouts: { fixed: ['remember'] } })
  admin = await s.member('admin', ['admin'])
})
afterEach(() => s.close())

const read = async () => (await s.get('/auth/admin/policy', { cookie: admin.cookie })).body as Standing
const put = (body: unknown) => s.call('PUT', '/auth/admin/policy', { cookie: admin.cookie, body })
type Standing = { version: number; timeouts: Record<string, unknown>; sessionLimit: unknown; configured: unknown }

it('is what the configuration says until it is changed, and can be sent back changed', async () => {
  const first = await read()
  expect(first).toMatchObject({
    version: 0,
    timeouts: { idleMs: 1_800_000, absoluteMs: 43_200_000, warnMs: 120_000, roles: {}, sections: [] },
    sessionLimit: null,
    fixed: ['remember'],
  })
  const roles = { clerk: { idleMs: 300_000 } }
  const sections = [{ path: '/billing', reauthenticateMs: 60_000 }]
  const timeouts = { ...first.timeouts, idleMs: 1_200_000, roles, sections }
  const reply = await put({ ...first, timeouts, sessionLimit: { max: 3, whenFull: 'end-oldest' } })
  expect(reply.status).toBe(200)
  expect(reply.body).toEqual({
    ...first,
    version: 1,
    timeouts: { ...timeouts, roles: { clerk: { idleMs: 300_000, absoluteMs: 43_200_000 } } },
    sessionLimit: { max: 3, whenFull: 'end-oldest' },
  })
  expect(await read()).toEqual(reply.body)
  expect(s.events.findLast(({ type }) => type === 'policy.changed')).toMatchObject({
    actor: admin.id,
    data: { version: 1, timeouts: expect.stringContaining('1200000') },
  })
  const session = (await s.get('/auth/session', { cookie: admin.cookie })).body.session as Record<string, number>
  expect((session.idleExpiresAt as number) - (session.lastActiveAt as number)).toBe(1_200_000)
})

it('refuses what would not start, in the same words, and has changed nothing', async () => {
  const first = await read()
  const { timeouts } = first
  const wrong: [object, RegExp][] = [
    [{ timeouts: { ...timeouts, idleMs: 50_000_000 } }, /longer than timeouts.absolute/],
    [{ timeouts: { ...timeouts, warnMs: 1_800_000 } }, /write a warning lead below/],
    [{ timeouts: { ...timeouts, roles: { nobody: { idleMs: 1000 } } } }, /not in the catalogue/],
    [{ timeouts: { ...timeouts, sections: [{ path: 'billing', idleMs: 1000 }] } }, /without a final slash/],
    [{ timeouts: { ...timeouts, sections: [{ path: '/billing' }] } }, /sets no limit/],
    [{ timeouts: { ...timeouts, remember: null } }, /^remember: fixed by the configuration/],
  ]
  for (const [change, detail] of wrong) {
    const reply = await put({ ...first, ...change })
    expect(reply).toMatchObject({
      status: 422,
      code: 'policy_invalid',
      body: { detail: expect.stringMatching(detail) },
    })
  }
  expect(await read()).toEqual(first)
  expect(s.events.filter(({ type }) => type === 'policy.changed')).toEqual([])
})

it('AZ-04: takes nothing but what it is made of', async () => {
  const first = await read()
  for (const change of [
    { timeouts: { ...first.timeouts, idleMs: 0 } },
    { timeouts: { ...first.timeouts, idleMs: '30m' } },
    { timeouts: { ...first.timeouts, idleMs: 1.5 } },
    { timeouts: { ...first.timeouts, preset: 'aal1' } },
    { timeouts: { ...first.timeouts, roles: [] } },
    { sessionLimit: { max: 0, whenFull: 'refuse' } },
    { version: -1 },
    { fresh: 1 },
  ]) {
    expect((await put({ ...first, ...change })).status).toBe(400)
  }
  expect((await put({})).status).toBe(400)
})

it('of an older version is a conflict', async () => {
  const first = await read()
  expect((await put(first)).status).toBe(200)
  expect(await put(first)).toMatchObject({ status: 409, code: 'conflict' })
  expect((await put({ ...first, version: 7 })).status).toBe(409)
  expect((await read()).version).toBe(1)
})

it('is sent to open streams', async () => {
  const member = await s.member('member')
  const response = await s.send('GET', '/auth/session/events', { cookie: member.cookie })
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  let text = ''
  const until = async (wanted: RegExp) => {
    while (!wanted.test(text)) text += new TextDecoder().decode((await reader.read()).value)
  }
  await until(/event: policy/)
  text = ''
  const first = await read()
  await put({ ...first, timeouts: { ...first.timeouts, idleMs: 600_000 } })
  const heard = until(/event: policy\ndata: .*\n\n/)
  await s.clock.advance(1500)
  await heard
  const data = JSON.parse(/data: (.*)/.exec(text)?.[1] ?? '{}') as { idleExpiresAt: number; now: number }
  expect(data.idleExpiresAt).toBeLessThanOrEqual(data.now + 600_000)
  await reader.cancel()
})
