import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Auth } from '../../src/auth.ts'
import type { Carrier, RequestContext } from '../../src/carrier.ts'
import type { ContextHook, StrategyFactory } from '../../src/options.ts'
import type { Result } from '../../src/result.ts'
import { hybrid } from '../../src/strategies/hybrid.ts'
import { jwt } from '../../src/strategies/jwt.ts'
import { session } from '../../src/strategies/session.ts'
import type { Tokens } from '../../src/strategy.ts'
import { BASE, type House, holding, house, must, PASSWORD } from '../support/house.ts'

vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('../faults/support/quick-argon2.ts'))

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0'
const HOME = { source: '192.0.2.1', userAgent: FIREFOX } satisfies RequestContext
const AWAY = { source: '203.0.113.7', userAgent: FIREFOX } satisfies RequestContext
const OTHER_CLIENT = { source: HOME.source, userAgent: 'curl/8.0' } satisfies RequestContext
const MINUTE = 60_000

const STRATEGIES: readonly (readonly [string, () => StrategyFactory])[] = [
  ['session', session],
  ['hybrid', hybrid],
  ['jwt', jwt],
]

let open: House | null = null
afterEach(async () => {
  await open?.close()
  open = null
})

type Verdict = ReturnType<ContextHook>

/** An installation whose hook answers with one word until it is given another, and somebody who signed in at home. */
async function begin(strategy: StrategyFactory, options: Parameters<typeof house>[0] = {}) {
  const asked: Parameters<ContextHook>[0][] = []
  const hook = { verdict: 'reauthenticate' as Verdict }
  const onContextChange: ContextHook = (change) => {
    asked.push(change)
    return hook.verdict
  }
  const made = await house({ strategy, onContextChange, ...options })
  open = made
  const given = { email: 'eve@example.com', password: PASSWORD, transport: 'bearer' } as const
  const { carried, user, session: began } = must(await made.auth.signUp(given, HOME))
  const tokens = carried.tokens as Tokens
  const carrier = holding({ bearer: tokens.accessToken })
  const changes = () => made.events.filter(({ type }) => type === 'session.context_changed')
  expect(await word(made.auth, carrier, HOME)).toBe('in')
  return { ...made, asked, hook, tokens, carrier, user, began, changes }
}

async function word(auth: Auth, carrier: Carrier, context: RequestContext): Promise<string> {
  return codeOf(await auth.authenticate(carrier, context))
}

const codeOf = (result: Result<unknown>) => (result.ok ? 'in' : result.refusal.code)

/** Re-authenticates as the routes do; what the client holds then. */
async function proved(
  { auth, patiently }: Pick<House, 'auth' | 'patiently'>,
  carrier: Carrier,
  context: RequestContext,
): Promise<Carrier> {
  const who = must(await auth.authenticate(carrier, { ...context, proving: 'proves' }))
  const { carried } = must(await patiently(auth.reauthenticate(who, PASSWORD, context)))
  return holding({ bearer: carried.tokens?.accessToken as string })
}

describe.each(STRATEGIES)('a session of %s that moves', (name, strategy) => {
  it.each([
    ['to another network', AWAY],
    ['to another client', OTHER_CLIENT],
  ])('SL-10: %s and has to re-authenticate is refused there each time, and goes on where it was', async (_, away) => {
    const one = await begin(strategy())
    for (let i = 0; i < 3; i += 1) {
      expect(await word(one.auth, one.carrier, away)).toBe('reauth_required')
      expect(await word(one.auth, one.carrier, { ...away, passive: true })).toBe('reauth_required')
      expect(await word(one.auth, one.carrier, { ...away, renewing: true })).toBe('reauth_required')
      expect(await word(one.auth, one.carrier, HOME)).toBe('in')
      await one.clock.advance(31_000)
    }
    const refused = await one.auth.authenticate(one.carrier, away)
    expect(refused).toEqual({ ok: false, refusal: { code: 'reauth_required', maxAge: 0 } })
    expect(one.asked).toMatchObject([{ before: { ip: HOME.source }, after: { ip: away.source } }])
    expect(one.changes()).toMatchObject([{ reason: 'reauthenticate' }])
  })

  it('SL-10: whatever the hook says later, or if it fails', async () => {
    const one = await begin(strategy(), {
      onContextChange: ({ after }) => {
        if (after.ip === AWAY.source) return 'reauthenticate'
        throw new Error('no verdict')
      },
    })
    expect(await word(one.auth, one.carrier, AWAY)).toBe('reauth_required')
    for (let i = 0; i < 2; i += 1) {
      const elsewhere = { ...AWAY, source: '203.0.113.8' }
      expect(() => one.auth.authenticate(one.carrier, elsewhere)).toThrow('no verdict')
    }
    expect(await word(one.auth, one.carrier, AWAY)).toBe('reauth_required')
  })

  it('SL-10 RA-03: re-authentication gets through from there, and that place is remembered, beside the old one', async () => {
    const one = await begin(strategy())
    expect(await word(one.auth, one.carrier, AWAY)).toBe('reauth_required')
    await one.clock.advance(MINUTE)
    const next = await proved(one, one.carrier, AWAY)
    for (let i = 0; i < 3; i += 1) {
      expect(await word(one.auth, next, AWAY)).toBe('in')
      expect(await word(one.auth, next, HOME)).toBe('in')
    }
    expect(await word(one.auth, one.carrier, AWAY)).toBe('token_stale')
    expect(one.asked).toHaveLength(1)
    expect(await word(one.auth, next, OTHER_CLIENT)).toBe('reauth_required')
  })

  it('SL-10: the first request from there may be the re-authentication', async () => {
    const one = await begin(strategy())
    const next = await proved(one, one.carrier, AWAY)
    expect(one.asked).toHaveLength(1)
    expect(await word(one.auth, next, AWAY)).toBe('in')
  })

  it('SL-10 RA-05: a wrong password opens nothing, and is no activity', async () => {
    const one = await begin(strategy())
    expect(await word(one.auth, one.carrier, AWAY)).toBe('reauth_required')
    const { lastActiveAt } = must(await one.auth.authenticate(one.carrier, HOME)).session
    await one.clock.advance(MINUTE)
    const who = must(await one.auth.authenticate(one.carrier, { ...AWAY, proving: 'proves' }))
    expect(codeOf(await one.auth.reauthenticate(who, 'not this one at all', AWAY))).toBe('invalid_credentials')
    expect(await word(one.auth, one.carrier, AWAY)).toBe('reauth_required')
    const after = must(await one.auth.authenticate(one.carrier, { ...HOME, passive: true })).session
    expect(after.lastActiveAt).toBe(lastActiveAt)
  })

  it('SL-10 TO-01: what is refused there keeps no session alive', async () => {
    const one = await begin(strategy())
    for (let i = 0; i < 31; i += 1) {
      await word(one.auth, one.carrier, AWAY)
      await one.clock.advance(MINUTE)
    }
    expect(await word(one.auth, one.carrier, HOME)).toBe('session_expired_idle')
  })

  it('SL-10: what the node reads anew changes nothing of that', async () => {
    const one = await begin(strategy())
    expect(await word(one.auth, one.carrier, AWAY)).toBe('reauth_required')
    const again = async (carrier: Carrier) => {
      must(await one.auth.renew(must(await one.auth.authenticate(carrier, HOME)), HOME))
      if (name !== 'jwt') must(await one.patiently(one.auth.setSessionFields(one.began.id, { seen: true })))
    }
    await again(one.carrier)
    expect(await word(one.auth, one.carrier, AWAY)).toBe('reauth_required')
    expect(await word(one.auth, one.carrier, HOME)).toBe('in')
    await one.clock.advance(MINUTE)
    const next = await proved(one, one.carrier, AWAY)
    await again(next)
    expect(await word(one.auth, next, AWAY)).toBe('in')
    expect(one.asked).toHaveLength(1)
  })

  it('SL-10: once its owner re-authenticated at the old place it is asked anew', async () => {
    const one = await begin(strategy())
    expect(await word(one.auth, one.carrier, AWAY)).toBe('reauth_required')
    await one.clock.advance(MINUTE)
    const next = await proved(one, one.carrier, HOME)
    one.hook.verdict = 'allow'
    expect(await word(one.auth, next, AWAY)).toBe('in')
    expect(one.asked).toHaveLength(2)
  })

  it('SL-10: without a source nothing is known, and where it was allowed to go is where it is', async () => {
    const one = await begin(strategy())
    expect(await word(one.auth, one.carrier, {})).toBe('in')
    one.hook.verdict = 'allow'
    for (const [place, times] of [
      [AWAY, 1],
      [AWAY, 1],
      [HOME, 2],
      [AWAY, 3],
    ] as const) {
      expect(await word(one.auth, one.carrier, place)).toBe('in')
      expect(one.asked).toHaveLength(times)
    }
  })

  it('SL-10: each node asks for itself', async () => {
    const one = await begin(strategy(), { nodes: 2 })
    const there = one.nodes[1] as Auth
    expect(await word(one.auth, one.carrier, AWAY)).toBe('reauth_required')
    expect(await word(there, one.carrier, HOME)).toBe('in')
    expect(await word(there, one.carrier, AWAY)).toBe('reauth_required')
    expect(one.asked).toHaveLength(2)
    await one.clock.advance(MINUTE)
    const next = await proved(one, one.carrier, AWAY)
    expect(await word(one.auth, next, AWAY)).toBe('in')
    // Without a record, it begins there with another id.
    expect(await word(there, next, AWAY)).toBe(name === 'jwt' ? 'in' : 'reauth_required')
  })

  it('SL-10: over HTTP, reading the session, re-authenticating and signing out are let in, and nothing else', async () => {
    const one = await begin(strategy())
    const call = async (method: string, path: string, body?: object, token = one.tokens.accessToken) => {
      const headers = { authorization: `Bearer ${token}`, 'user-agent': FIREFOX, 'content-type': 'application/json' }
      const request = new Request(`${BASE}/auth${path}`, {
        method,
        headers,
        ...(body && { body: JSON.stringify(body) }),
      })
      const response = await one.patiently(one.auth.handler(request, { remote: AWAY.source }))
      const text = await response.text()
      return { status: response.status, body: text === '' ? {} : JSON.parse(text) }
    }
    const { refreshToken } = one.tokens
    const refused: readonly (readonly [string, string, object?])[] = [
      ['GET', '/user'],
      ['GET', '/sessions'],
      ['GET', '/session/events'],
      ['POST', '/session/renew'],
      ['PATCH', '/user', { name: 'Eve' }],
      ['POST', '/password', { currentPassword: PASSWORD, newPassword: 'quite another passphrase' }],
      ['DELETE', `/sessions/${one.began.id}`],
      ['DELETE', '/sessions?scope=others'],
      ...(refreshToken === undefined ? [] : [['POST', '/refresh', { refreshToken }] as const]),
    ]
    for (const [method, path, body] of refused) {
      const reply = await call(method, path, body)
      expect([path, reply.status, reply.body.code]).toEqual([path, 401, 'reauth_required'])
    }
    expect(await call('GET', '/session')).toMatchObject({ status: 200, body: { user: { id: one.user.id } } })
    expect((await call('GET', '/csrf')).status).toBe(200)
    await one.clock.advance(MINUTE)
    const again = await call('POST', '/reauthenticate', { password: PASSWORD })
    expect(again.status).toBe(200)
    const { accessToken } = again.body.tokens as Tokens
    expect((await call('GET', '/user', undefined, accessToken)).status).toBe(200)
    expect(one.asked).toHaveLength(1)
  })

  it('SL-10 TE-04: signing out from there is let in, also for a client that has to show where it comes from', async () => {
    const one = await begin(strategy())
    const given = { email: 'eve@example.com', password: PASSWORD }
    const signedIn = must(await one.auth.signIn(given, HOME))
    if (signedIn.status !== 'signed_in') throw new Error(signedIn.status)
    const cookie = signedIn.carried.cookies.map((line) => line.split(';')[0]).join('; ')
    const carrier = holding({ cookie })
    expect(await word(one.auth, carrier, HOME)).toBe('in')
    expect(await word(one.auth, carrier, AWAY)).toBe('reauth_required')
    const headers = {
      cookie,
      'user-agent': FIREFOX,
      'x-csrf-token': one.auth.csrfToken(signedIn.session.id),
    }
    const request = new Request(`${BASE}/auth/sign-out`, { method: 'POST', headers })
    const response = await one.patiently(one.auth.handler(request, { remote: AWAY.source }))
    expect(response.status).toBe(204)
    for (const place of [HOME, AWAY]) expect(await word(one.auth, carrier, place)).toBe('signed_out')
  })
})

describe('re-authentication with a token that a refresh would replace', () => {
  it('SL-10: is let in where no refresh is: one that is over, and one of older roles', async () => {
    const one = await begin(hybrid())
    const refresh = () => one.auth.refresh(holding({ bearer: '' }), one.tokens.refreshToken as string, AWAY)
    must(await one.patiently(one.auth.setRoles(one.user.id, ['auditor'])))
    await one.clock.advance(10 * MINUTE)
    expect(codeOf(await refresh())).toBe('reauth_required')
    expect(codeOf(await refresh())).toBe('reauth_required')
    for (const proving of ['asks', undefined] as const) {
      const context = { ...AWAY, ...(proving && { proving }) }
      expect(await word(one.auth, one.carrier, context)).toBe('token_stale')
    }
    const next = await proved(one, one.carrier, AWAY)
    const who = must(await one.auth.authenticate(next, AWAY))
    expect(who.user.roles).toEqual(['auditor'])
    expect(await word(one.auth, one.carrier, { ...AWAY, proving: 'proves' })).toBe('token_stale')
  })

  it('SL-10: older roles under jwt too', async () => {
    const one = await begin(jwt())
    must(await one.patiently(one.auth.setRoles(one.user.id, ['auditor'])))
    expect(await word(one.auth, one.carrier, AWAY)).toBe('token_stale')
    const next = await proved(one, one.carrier, AWAY)
    expect(must(await one.auth.authenticate(next, AWAY)).user.roles).toEqual(['auditor'])
  })

  it.each(STRATEGIES)('P5: not once the session is over, by %s', async (_, strategy) => {
    const one = await begin(strategy())
    expect(await word(one.auth, one.carrier, HOME)).toBe('in')
    await one.clock.advance(31 * MINUTE)
    expect(await word(one.auth, one.carrier, { ...HOME, proving: 'proves' })).toBe('session_expired_idle')
  })

  it('P1: nor once it was ended', async () => {
    const one = await begin(hybrid())
    await one.clock.advance(10 * MINUTE)
    await one.patiently(one.auth.end(one.began.id))
    expect(await word(one.auth, one.carrier, { ...HOME, proving: 'proves' })).toBe('session_revoked')
  })
})
