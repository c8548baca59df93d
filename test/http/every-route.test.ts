import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Route } from '../../src/http/route.ts'
import { ROUTES } from '../../src/http/routes.ts'
import { mailbox } from '../support/mailbox.ts'
import { cookieFrom, PASSWORD, type Site, signedInAs, site } from './site.ts'

/**
 * Every route, and what it answers to whoever may use it: one line each, so that a new route without a line is an error.
 * `body` and `query` are good ones; `{id}` stands for an id that belongs to nobody.
 */
const EXPECTED: Record<
  string,
  {
    readonly good: number
    readonly body?: object
    readonly query?: string
    readonly open?: true
    /** For programs: nobody who is signed in may, whoever they are. */
    readonly service?: true
  }
> = {
  'POST /sign-up': { good: 409, body: { email: 'target@example.com', password: PASSWORD }, open: true },
  'POST /sign-in': { good: 200, body: { email: 'target@example.com', password: PASSWORD }, open: true },
  'POST /sign-out': { good: 204, open: true },
  'POST /refresh': { good: 400, open: true },
  'GET /continue': { good: 303, open: true },
  'GET /session': { good: 200 },
  'POST /session/renew': { good: 200 },
  'GET /session/events': { good: 200 },
  'POST /reauthenticate': { good: 401, body: { password: 'a wrong passphrase' } },
  'GET /sessions': { good: 200 },
  'DELETE /sessions': { good: 200, query: '?scope=others' },
  'DELETE /sessions/{id}': { good: 404 },
  'POST /password': { good: 422, body: { currentPassword: PASSWORD, newPassword: 'short' } },
  'POST /password/reset': { good: 400, body: { token: 'x', newPassword: 'quite another passphrase' }, open: true },
  'POST /password/forgot': { good: 202, body: { email: 'target@example.com' }, open: true },
  'POST /email': { good: 202, body: { email: 'next@example.com', password: PASSWORD } },
  'POST /email/verify': { good: 400, body: { token: 'x' }, open: true },
  'POST /email/verify/resend': { good: 202 },
  'POST /email/object': { good: 400, body: { token: 'x' }, open: true },
  'GET /user': { good: 200 },
  'GET /user/export': { good: 200 },
  'PATCH /user': { good: 200, body: { name: 'Name' } },
  'DELETE /user': { good: 204 },
  'GET /csrf': { good: 200 },
  'GET /admin/sessions': { good: 200 },
  'DELETE /admin/sessions': { good: 409, query: '?user=AAAAAAAAAAAAAAAAAAAAAA&expect=1' },
  'DELETE /admin/sessions/{id}': { good: 404 },
  'POST /admin/sign-out-everyone': { good: 400, body: { confirm: 'nobody' } },
  'GET /admin/users': { good: 200 },
  'POST /admin/users': { good: 409, body: { email: 'target@example.com', password: PASSWORD } },
  'GET /admin/users/{id}': { good: 404 },
  'PATCH /admin/users/{id}': { good: 404, body: { name: 'Name' } },
  'DELETE /admin/users/{id}': { good: 404 },
  'DELETE /admin/users/{id}/sessions': { good: 404 },
  'POST /admin/users/{id}/send-reset': { good: 404 },
  'POST /admin/users/{id}/require-password-change': { good: 404 },
  'GET /admin/audit': { good: 200 },
  'GET /admin/keys': { good: 200 },
  'POST /admin/keys/rotate': { good: 200 },
  'DELETE /admin/keys/{kid}': { good: 404 },
  'GET /admin/policy': { good: 200 },
  'PUT /admin/policy': { good: 400, body: { version: 0 } },
  'GET /admin/stats': { good: 200 },
  'GET /admin/throttles': { good: 200 },
  'DELETE /admin/throttles/{key}': { good: 404 },
  'POST /introspect': { good: 401, service: true },
  'POST /revoke': { good: 401, service: true },
  'GET /forward': { good: 200 },
  'GET /feed': { good: 401, service: true },
  'POST /feed/ack': { good: 401, body: { uses: [] }, service: true },
  'GET /.well-known/jwks.json': { good: 200, open: true },
  'GET /.well-known/oauth-authorization-server': { good: 200, open: true },
  'GET /livez': { good: 200, open: true },
  'GET /readyz': { good: 200, open: true },
}

/** Signing in and out with it end the session behind it, so open routes are not asked. */
const REPLACED = 'a replaced token'

type Credential = { readonly cookie?: string; readonly bearer?: string }

const nameOf = ({ method, path }: Route) => `${method} ${path}`
const names = ROUTES.map(nameOf)

let s: Site
/** Ways to have no right to anything, and the code whoever holds it hears. */
const bad: Record<string, { readonly code: string; readonly credential: Credential }> = {}

beforeAll(async () => {
  s = await site({ mailer: mailbox() })
  await s.member('target')
  const admin = async (label: string) => {
    const made = await s.member(label, ['admin'])
    return { ...made, bearer: made.cookie.split('=')[1] as string }
  }
  const [ended, locked, deleted, changed, everyone, replaced] = await Promise.all(
    ['ended', 'locked', 'deleted', 'changed', 'everyone', 'replaced'].map(admin),
  )
  if (!ended || !locked || !deleted || !changed || !everyone || !replaced) throw new Error('no users')

  await s.auth.end(ended.sid)
  await s.auth.lock(locked.id)
  await s.auth.users.remove(deleted.id)
  const elsewhere = cookieFrom(await signedInAs(s, changed.email))
  const change = { currentPassword: PASSWORD, newPassword: 'quite another passphrase' }
  expect((await s.post('/auth/password', change, { cookie: elsewhere })).status).toBe(200)
  expect((await s.post('/auth/reauthenticate', { password: PASSWORD }, { cookie: replaced.cookie })).status).toBe(200)
  await s.auth.endAll(everyone.id)

  Object.assign(bad, {
    'no credential': { code: 'unauthenticated', credential: {} },
    'a garbage cookie': { code: 'unauthenticated', credential: { cookie: '__Host-sid=garbage' } },
    'an unknown cookie': { code: 'unauthenticated', credential: { cookie: `__Host-sid=${'A'.repeat(64)}` } },
    'a garbage token': { code: 'unauthenticated', credential: { bearer: 'garbage' } },
    'an unknown token': { code: 'unauthenticated', credential: { bearer: 'A'.repeat(64) } },
    'an ended session': { code: 'session_revoked', credential: { cookie: ended.cookie } },
    'the token of an ended session': { code: 'session_revoked', credential: { bearer: ended.bearer } },
    'a locked user': { code: 'user_locked', credential: { cookie: locked.cookie } },
    'the token of a locked user': { code: 'user_locked', credential: { bearer: locked.bearer } },
    'a deleted user': { code: 'session_revoked', credential: { cookie: deleted.cookie } },
    'the token of a deleted user': { code: 'session_revoked', credential: { bearer: deleted.bearer } },
    'a password changed elsewhere': { code: 'session_revoked', credential: { cookie: changed.cookie } },
    'the token from before a password was changed elsewhere': {
      code: 'session_revoked',
      credential: { bearer: changed.bearer },
    },
    'all sessions ended': { code: 'session_revoked', credential: { cookie: everyone.cookie } },
    [REPLACED]: { code: 'token_stale', credential: { cookie: replaced.cookie } },
  })
})
afterAll(() => s.close())

/** Status and code; a stream that was opened is closed again. */
async function ask(
  route: Route,
  credential: Credential,
): Promise<{ status: number; code: unknown; cookies: readonly string[] }> {
  const { body, query = '' } = EXPECTED[nameOf(route)] ?? {}
  const path = `${route.root ? '' : '/auth'}${route.path.replace(/\{\w+\}/, 'AAAAAAAAAAAAAAAAAAAAAA')}${query}`
  const response = await s.send(route.method, path, { ...credential, ...(body && { body }) })
  const type = response.headers.get('content-type') ?? ''
  const cookies = response.headers.getSetCookie()
  if (type.startsWith('text/event-stream')) await response.body?.cancel()
  const code = type.startsWith('application/problem') ? ((await response.json()) as { code: string }).code : null
  return { status: response.status, code, cookies }
}

it('names every route of the table, and no other', () => {
  expect(Object.keys(EXPECTED).sort()).toEqual([...names].sort())
  expect(new Set(names).size).toBe(names.length)
})

it('is open exactly where the table says public', () => {
  const open = Object.keys(EXPECTED).filter((name) => EXPECTED[name]?.open)
  expect(open.sort()).toEqual(
    ROUTES.filter(({ access }) => access === 'public')
      .map(nameOf)
      .sort(),
  )
})

it('is for programs exactly where the table says so', () => {
  const programs = Object.keys(EXPECTED).filter((name) => EXPECTED[name]?.service)
  expect(programs.sort()).toEqual(
    ROUTES.filter(({ access }) => access === 'service')
      .map(nameOf)
      .sort(),
  )
})

describe('with a good credential', () => {
  it.each(ROUTES.map((route) => [nameOf(route), route] as const))('%s answers as expected', async (name, route) => {
    const { cookie } = await s.member(`admin${names.indexOf(name)}`, ['admin'])
    expect((await ask(route, { cookie })).status).toBe(EXPECTED[name]?.good)
  })
})

describe('with a credential that is good for nothing', () => {
  it.each(ROUTES.map((route) => [nameOf(route), route] as const))('ER-02, TE-07, SL-01: %s', async (name, route) => {
    const expected = EXPECTED[name]
    for (const [how, { code, credential }] of Object.entries(bad)) {
      if (expected?.open && how === REPLACED) continue
      const reply = await ask(route, credential)
      if (expected?.open) expect(reply.status, how).toBe(expected.good)
      else expect(reply, how).toEqual({ status: 401, code: expected?.service ? 'unauthenticated' : code, cookies: [] })
    }
  })
})

describe('with too few rights', () => {
  it.each(
    ROUTES.filter(({ access }) => access === 'admin' || access === 'auditor').map(
      (route) => [nameOf(route), route] as const,
    ),
  )('AZ-01, AZ-02: %s', async (name, route) => {
    const index = names.indexOf(name)
    const member = await s.member(`member${index}`)
    expect(await ask(route, { cookie: member.cookie })).toMatchObject({ status: 403, code: 'forbidden' })
    const auditor = await s.member(`auditor${index}`, ['auditor'])
    const status = route.access === 'auditor' ? EXPECTED[name]?.good : 403
    expect((await ask(route, { cookie: auditor.cookie })).status).toBe(status)
  })

  it('every administrative route that changes something asks for fresh authentication', () => {
    const admin = ROUTES.filter(({ path }) => path.startsWith('/admin/'))
    for (const { method, access, fresh } of admin) {
      expect({ access, fresh }).toEqual(
        method === 'GET' ? { access: 'auditor', fresh: undefined } : { access: 'admin', fresh: true },
      )
    }
  })
})
