import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { StoreUnavailable } from '../../src/errors.ts'
import type { CreatedService } from '../../src/flows/services.ts'
import type { Store } from '../../src/store.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { hybrid } from '../../src/strategies/hybrid.ts'
import { jwt } from '../../src/strategies/jwt.ts'
import { session } from '../../src/strategies/session.ts'
import { must } from '../support/house.ts'
import { type Member, PASSWORD, type Reply, type Sending, type Site, site } from './site.ts'

const INACTIVE = '{"active":false}'
const FORM = 'application/x-www-form-urlencoded'

/** Store verbs that fail while they are named. */
const failing = new Set<string>()

function breakable(): Store {
  const ports = Object.entries(memory()).map(([name, port]) => {
    const own = new Proxy(port, {
      get(of, verb) {
        if (failing.has(`${name}.${String(verb)}`)) return () => Promise.reject(new StoreUnavailable('down'))
        return Reflect.get(of, verb)
      },
    })
    return [name, own]
  })
  return Object.fromEntries(ports)
}

let s: Site
let admin: Member
let billing: CreatedService

beforeAll(async () => {
  s = await site({ strategy: hybrid(), accept: [session()], store: breakable() })
  admin = await s.member('admin', ['admin'])
  billing = must(await s.auth.services.create('billing'))
})
afterEach(() => failing.clear())
afterAll(() => s.close())

const basic = ({ id, secret }: Pick<CreatedService, 'id' | 'secret'>) =>
  `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`

type Asking = Sending & { readonly as?: string | null; readonly at?: Site }

/** Posts the form, as the service unless told otherwise; without `Origin`, as programs do. */
function ask(
  path: string,
  form: string | Record<string, string>,
  { as, at = s, ...sending }: Asking = {},
): Promise<Reply> {
  const authorization = as === undefined ? basic(billing) : as
  const headers = { ...(authorization !== null && { authorization }), ...sending.headers }
  const content = typeof form === 'string' ? form : String(new URLSearchParams(form))
  return at.call('POST', `/auth/${path}`, { from: null, raw: { content, type: FORM }, ...sending, headers })
}

async function enter(label: string, at: Site = s) {
  const made = await at.post('/auth/sign-up', {
    email: `${label}@example.com`,
    password: PASSWORD,
    transport: 'bearer',
  })
  return made.body.tokens as { readonly accessToken: string; readonly refreshToken: string }
}

describe('POST introspect', () => {
  it('TP-11: tells what a token is good for, and is not kept', async () => {
    const { accessToken, refreshToken } = await enter('ada')
    const access = await ask('introspect', { token: accessToken })
    expect(access).toMatchObject({ status: 200, cookies: [] })
    expect(access.headers.get('cache-control')).toBe('no-store')
    expect(access.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(access.body).toMatchObject({
      active: true,
      token_type: 'Bearer',
      roles: ['member'],
      client_id: 'app.example',
    })
    const refresh = await ask('introspect', { token: refreshToken })
    expect(refresh.body).toMatchObject({ active: true, token_type: 'refresh_token', sid: access.body.sid })
  })

  it.each([
    ['session', session()],
    ['jwt', jwt()],
    ['hybrid', hybrid()],
  ])('TP-11, ER-04: expired, ended, unknown and malformed are the same bytes under %s', async (_, strategy) => {
    const at = await site({ strategy })
    const as = basic(must(await at.auth.services.create('billing')))
    const [ended, old] = [await enter('ended', at), await enter('old', at)]
    const tokens = (of: typeof old) => [of.accessToken, ...(of.refreshToken ? [of.refreshToken] : [])]
    for (const token of [...tokens(ended), ...tokens(old)]) {
      expect((await ask('introspect', { token }, { as, at })).body.active).toBe(true)
    }
    expect((await at.post('/auth/sign-out', undefined, { bearer: ended.accessToken })).status).toBe(204)
    await at.later(31 * 60_000)
    const replies = []
    for (const token of [...tokens(ended), ...tokens(old), 'A'.repeat(64), 'a.b.c', 'garbage', 'é ☃']) {
      replies.push(await ask('introspect', { token }, { as, at }))
    }
    for (const { status, text, headers } of replies) {
      expect([status, text, headers.get('cache-control')]).toEqual([200, INACTIVE, 'no-store'])
    }
    await at.close()
  })

  it('says nothing of credentials of services, which are no tokens', async () => {
    expect((await ask('introspect', { token: `${billing.id}.${billing.secret}` })).text).toBe(INACTIVE)
  })
})

describe.each(['introspect', 'revoke'])('who may ask at %s', (path) => {
  const OTHER = 'A'.repeat(43)

  it('TP-10, TP-11: nobody but a service, and everybody else hears the same', async () => {
    const { accessToken } = await enter(`${path}-who`)
    const form = { token: accessToken }
    const stranger = [
      null,
      basic({ id: billing.id, secret: OTHER }),
      basic({ id: 'A'.repeat(22), secret: billing.secret }),
      `Bearer ${billing.id}.${OTHER}`,
      `Bearer ${accessToken}`,
      'Basic',
      'Basic ====',
      `${basic(billing)}, ${basic(billing)}`,
      'x'.repeat(5000),
    ]
    for (const as of stranger) {
      const reply = await ask(path, form, { as, cookie: admin.cookie })
      expect(reply, String(as)).toMatchObject({ status: 401, code: 'unauthenticated', cookies: [] })
      expect(reply.headers.get('www-authenticate')).toBe('Basic realm="auth"')
      const { requestId: _, ...said } = reply.body
      expect(said).toEqual({
        type: 'urn:sallyport:problem:unauthenticated',
        title: 'Sign in to continue',
        status: 401,
        code: 'unauthenticated',
      })
    }
    expect((await s.get('/auth/session', { bearer: accessToken })).status).toBe(200)
  })

  it('takes id and secret as RFC 6749 writes them, and as one bearer token', async () => {
    const escaped = (text: string) =>
      [...text].map((character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`).join('')
    const ways = [
      basic({ id: escaped(billing.id), secret: escaped(billing.secret) }),
      basic(billing).replace('Basic', 'basic'),
      `Bearer ${billing.id}.${billing.secret}`,
    ]
    for (const as of ways) expect((await ask(path, { token: 'x' }, { as })).status, as).toBe(200)
  })

  it('reads no cookie, asks for no proof of origin, and sets none', async () => {
    const headers = { 'sec-fetch-site': 'cross-site' }
    const reply = await ask(path, { token: 'x' }, { cookie: admin.cookie, from: 'https://elsewhere.example', headers })
    expect(reply).toMatchObject({ status: 200, cookies: [] })
    expect((await s.get('/auth/session', { cookie: admin.cookie })).status).toBe(200)
  })

  it('a removed service is nobody at once', async () => {
    const gone = must(await s.auth.services.create('gone'))
    expect((await ask(path, { token: 'x' }, { as: basic(gone) })).status).toBe(200)
    must(await s.auth.services.remove(gone.id))
    expect((await ask(path, { token: 'x' }, { as: basic(gone) })).status).toBe(401)
  })

  it('SI-07: guessing is slowed by source, and the service that is known there goes on', async () => {
    const connection = { remote: path === 'revoke' ? '192.0.2.20' : '192.0.2.21' }
    const as = basic({ id: billing.id, secret: OTHER })
    expect((await ask(path, { token: 'x' }, { connection })).status).toBe(200)
    for (let i = 0; i < 100; i += 1) await ask(path, { token: 'x' }, { as, connection })
    const slowed = await ask(path, { token: 'x' }, { as, connection })
    expect(slowed).toMatchObject({ status: 429, code: 'throttled' })
    expect(slowed.headers.get('retry-after')).toBe('60')
    expect((await ask(path, { token: 'x' }, { connection })).status).toBe(200)
  })

  it('ER-02: without an answer of the store there is none of ours', async () => {
    const { accessToken } = await enter(`${path}-down`)
    failing.add('services.find')
    expect(await ask(path, { token: accessToken })).toMatchObject({ status: 503, code: 'unavailable' })
    failing.clear()
    // The lease is over, so the store has to be asked.
    s.clock.step(10_000)
    for (const verb of ['sessions.find', 'sessions.end', 'keys.list']) failing.add(verb)
    const reply = await ask(path, { token: accessToken })
    expect(reply).toMatchObject({ status: 503, code: 'unavailable' })
    expect(reply.headers.get('retry-after')).toBe('1')
    failing.clear()
    await s.clock.advance(4000)
    expect((await ask(path, { token: accessToken })).status).toBe(200)
  })
})

describe.each(['introspect', 'revoke'])('the form of %s', (path) => {
  it('is a form and nothing else', async () => {
    const json = { raw: { content: '{"token":"x"}', type: 'application/json' } }
    for (const sending of [
      json,
      { raw: { content: 'token=x', type: 'text/plain' } },
      { raw: { content: 'token=x' } },
    ]) {
      const reply = await ask(path, '', sending)
      expect(reply).toMatchObject({ status: 415, body: { detail: `Send ${FORM}` } })
    }
    const charset = { raw: { content: 'token=x', type: `${FORM}; charset=UTF-8` } }
    expect((await ask(path, '', charset)).status).toBe(200)
  })

  it.each([
    ['no token', 'token_type_hint=access_token'],
    ['an empty token', 'token='],
    ['no body', ''],
    ['a token twice', 'token=x&token=y'],
    ['a token twice in disguise', 'token=x&tok%65n=y'],
    ['a hint twice', 'token=x&token_type_hint=a&token_type_hint=b'],
    ['a broken escape', 'token=%zz'],
    ['no UTF-8', 'token=%ff'],
  ])('ER-05: %s is a bad request', async (_, form) => {
    expect(await ask(path, form)).toMatchObject({ status: 400, code: 'invalid_request' })
  })

  it('ER-06: is bounded', async () => {
    expect(await ask(path, `token=${'x'.repeat(70_000)}`)).toMatchObject({ status: 413, code: 'payload_too_large' })
  })

  it('TP-10: passes over what it does not know, and over a wrong hint', async () => {
    const { accessToken } = await enter(`${path}-hint`)
    for (const hint of ['refresh_token', 'access_token', 'nonsense', '']) {
      const form = { token: accessToken, token_type_hint: hint, client_id: 'someone', __proto__x: '1' }
      const reply = await ask(path, form)
      expect(reply.status).toBe(200)
      if (path === 'introspect') expect(reply.body.active).toBe(true)
    }
  })
})

describe('POST revoke', () => {
  it.each([
    ['access', 'refresh_token'],
    ['refresh', 'access_token'],
  ] as const)('TP-10: the %s token ends its session, which is over when this answers', async (kind, hint) => {
    const { accessToken, refreshToken } = await enter(`revoked-${kind}`)
    const token = kind === 'access' ? accessToken : refreshToken
    const reply = await ask('revoke', { token, token_type_hint: hint })
    expect(reply).toMatchObject({ status: 200, text: '', cookies: [] })
    expect(reply.headers.get('cache-control')).toBe('no-store')
    expect((await s.get('/auth/session', { bearer: accessToken })).code).toBe('session_revoked')
    expect((await s.post('/auth/refresh', { refreshToken }, { from: null })).status).toBe(401)
    for (const one of [accessToken, refreshToken]) {
      expect((await ask('introspect', { token: one })).text).toBe(INACTIVE)
    }
    // Asked again, after an answer that was lost, it says the same.
    expect(await ask('revoke', { token })).toMatchObject({ status: 200, text: '' })
  })

  it('TP-10: an unknown token gets the answer that a good one gets', async () => {
    const { accessToken } = await enter('answered')
    const seen = async (token: string) => {
      const { status, text, headers } = await ask('revoke', { token })
      return JSON.stringify([status, text, [...headers].filter(([name]) => name !== 'x-request-id')])
    }
    const good = await seen(accessToken)
    for (const token of ['garbage', 'A'.repeat(64), 'A'.repeat(76), 'a.b.c']) expect(await seen(token)).toBe(good)
  })

  it('LG-02: is told with the service that asked', async () => {
    const { accessToken } = await enter('told')
    const { sid } = (await ask('introspect', { token: accessToken })).body
    await ask('revoke', { token: accessToken })
    const { items } = await s.auth.audit({ type: 'session.ended' }, null, 1)
    expect(items[0]).toMatchObject({ actor: `service:${billing.id}`, reason: 'session_revoked', outcome: 'success' })
    expect(JSON.stringify(items)).not.toContain(sid)
  })
})

it('LG-03: the secret is in no event, however it was shown', async () => {
  await ask('introspect', { token: billing.secret })
  await ask('revoke', { token: `${billing.id}.${billing.secret}` })
  await ask('introspect', { token: 'x' }, { as: `Bearer ${billing.secret}` })
  const told = JSON.stringify([s.events, await s.auth.audit({}, null, 1000)])
  expect(told).not.toContain(billing.secret)
})

it('the document says that both take a form, by a service', async () => {
  const { paths, components } = (await s.get('/openapi.json')).body as never as {
    paths: Record<string, { post: { security: unknown; requestBody: { required: boolean; content: object } } }>
    components: { securitySchemes: Record<string, unknown> }
  }
  for (const path of ['/auth/introspect', '/auth/revoke']) {
    const post = paths[path]?.post
    expect(post?.security).toEqual([{ service: [] }])
    expect(Object.keys(post?.requestBody.content ?? {})).toEqual([FORM])
    expect(post?.requestBody.required).toBe(true)
  }
  expect(components.securitySchemes.service).toMatchObject({ type: 'http', scheme: 'basic' })
})
