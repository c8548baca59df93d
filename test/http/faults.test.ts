import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { StoreUnavailable } from '../../src/errors.ts'
import type { Logger } from '../../src/options.ts'
import type { Store } from '../../src/store.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { cookieFrom, type Member, PASSWORD, type Reply, type Site, signedInAs, site } from './site.ts'

const SECRET = 'SELECT secret FROM sessions -- /srv/app/store.ts'
const NEXT = 'quite another passphrase'

/** What is done behind the answer, or after everything that decides it: its failure is for the log. */
const BEHIND = new Set(['audit.append', 'sessions.touch', 'sessions.endOf', 'counters.remove'])

/** A store in which one call can be made to fail: the n-th from now, of those that decide an answer. */
function breakable() {
  const state = { failAt: 0, calls: 0, failed: null as string | null, fault: () => new Error() }
  const ports = Object.entries(memory()).map(([portName, port]) => {
    const verbs = Object.entries(port).map(([verb, value]) => {
      if (typeof value !== 'function') return [verb, value]
      const name = `${portName}.${verb}`
      const call = async (...given: unknown[]) => {
        if (!BEHIND.has(name)) state.calls += 1
        if (state.calls === state.failAt && state.failed === null) {
          state.failed = name
          throw state.fault()
        }
        return (value as (...args: unknown[]) => unknown)(...given)
      }
      return [verb, call]
    })
    return [portName, Object.fromEntries(verbs)]
  })
  function arm(failAt: number, fault: () => Error): void {
    Object.assign(state, { failAt, calls: 0, failed: null, fault })
  }
  return { store: Object.fromEntries(ports) as Store, state, arm }
}

const { store, state, arm } = breakable()
const log: string[] = []
let s: Site
let target: Member
let count = 0

beforeAll(async () => {
  const keep = (fields: object, message: string) => void log.push(JSON.stringify([fields, message]))
  s = await site({ store, log: { info: keep, warn: keep, error: keep } satisfies Logger })
  target = await s.member('target')
})
afterAll(() => s.close())

const USES: Record<string, (admin: Pick<Member, 'cookie' | 'email' | 'sid'>) => Promise<Reply>> = {
  'sign-up': () => s.post('/auth/sign-up', { email: `new${count}@example.com`, password: PASSWORD }),
  'sign-in': (admin) => s.post('/auth/sign-in', { email: admin.email, password: PASSWORD }, admin),
  'sign-out': (admin) => s.post('/auth/sign-out', undefined, admin),
  renew: (admin) => s.post('/auth/session/renew', undefined, admin),
  reauthenticate: (admin) => s.post('/auth/reauthenticate', { password: PASSWORD }, admin),
  sessions: (admin) => s.get('/auth/sessions', admin),
  'end one': (admin) => s.del(`/auth/sessions/${admin.sid}`, admin),
  'end all': (admin) => s.del('/auth/sessions?scope=all', admin),
  password: (admin) => s.post('/auth/password', { currentPassword: PASSWORD, newPassword: NEXT }, admin),
  profile: (admin) => s.call('PATCH', '/auth/user', { ...admin, body: { name: 'x' } }),
  'delete account': (admin) => s.del('/auth/user', admin),
  'list sessions': (admin) => s.get('/auth/admin/sessions', admin),
  'list users': (admin) => s.get('/auth/admin/users', admin),
  lock: (admin) =>
    s.call('PATCH', `/auth/admin/users/${target.id}`, { ...admin, body: { status: 'locked', name: 'x' } }),
}

/** Uses after which another account is needed. */
const SPENT = new Set(['password', 'delete account'])

describe.each(Object.keys(USES))('%s', (name) => {
  let known: Member | null = null
  const use = async (failAt: number, fault: () => Error) => {
    count += 1
    if (known === null || SPENT.has(name)) known = await s.member(`admin${count}`, ['admin'])
    const { email } = known
    const signedIn = await signedInAs(s, email)
    const cookie = cookieFrom(signedIn)
    arm(failAt, fault)
    const reply = (await USES[name]?.({ cookie, email, sid: signedIn.session.id })) as Reply
    const { failed } = state
    arm(0, () => new Error())
    return { reply, failed, cookie }
  }

  it('ER-02, TE-10: is refused with 503 whichever call of the store fails, and takes no cookie away', async () => {
    let failures = 0
    for (let failAt = 1; failAt < 30; failAt++) {
      const { reply, failed } = await use(failAt, () => new StoreUnavailable(SECRET))
      if (failed === null) {
        expect(reply.status).toBeLessThan(300)
        break
      }
      failures += 1
      expect(reply, failed).toMatchObject({ status: 503, code: 'unavailable', cookies: [] })
      expect(Number(reply.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
      expect(reply.text).not.toContain(SECRET)
    }
    expect(failures).toBeGreaterThan(0)
  })

  it('ER-01: an inner fault is 500 with a fixed body; the log hears of it without its words', async () => {
    log.length = 0
    const { reply, failed } = await use(1, () => new TypeError(SECRET))
    expect(failed).not.toBeNull()
    const { requestId, ...body } = reply.body
    expect(requestId).toBe(reply.headers.get('x-request-id'))
    expect(body).toEqual({
      type: 'urn:sallyport:problem:internal',
      title: 'Something went wrong',
      status: 500,
      code: 'internal',
    })
    expect(reply.cookies).toEqual([])
    expect(log.filter((line) => line.includes('TypeError'))).toEqual([expect.stringMatching(/"serving [A-Z]+ \//)])
    expect(log.join()).not.toContain('SELECT')
  })
})

it('ER-02: a sign-out that could not be stored leaves the cookie, so that it can be tried again', async () => {
  const { cookie } = await s.member('stays', ['admin'])
  arm(1, () => new StoreUnavailable('gone'))
  expect(await s.post('/auth/sign-out', undefined, { cookie })).toMatchObject({ status: 503, cookies: [] })
  arm(0, () => new Error())
  expect((await s.get('/auth/session', { cookie })).status).toBe(200)
  expect((await s.post('/auth/sign-out', undefined, { cookie })).status).toBe(204)
  expect((await s.get('/auth/session', { cookie })).status).toBe(401)
})

it('ER-01: an answer that cannot be written is an inner fault too', async () => {
  vi.spyOn(s.auth.users, 'list').mockResolvedValue({ items: [], nextCursor: 1n as unknown as string })
  const { cookie } = await s.member('reader', ['admin'])
  expect(await s.get('/auth/admin/users', { cookie })).toMatchObject({ status: 500, code: 'internal' })
})
