import { afterEach, describe, expect, it } from 'vitest'
import type { Auth } from '../../src/auth.ts'
import type { Introspection } from '../../src/flows/introspect.ts'
import type { StrategyFactory } from '../../src/options.ts'
import type { Store } from '../../src/store.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { sqlite } from '../../src/stores/sql/sqlite.ts'
import { hybrid } from '../../src/strategies/hybrid.ts'
import { jwt } from '../../src/strategies/jwt.ts'
import { session } from '../../src/strategies/session.ts'
import type { Tokens } from '../../src/strategy.ts'
import { newFile } from '../stores/sqlite-fixture.ts'
import { BASE, type House, holding, house, must, PASSWORD } from '../support/house.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const INACTIVE = '{"active":false}'

const open: House[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

async function begin(options: Parameters<typeof house>[0] = {}): Promise<House> {
  const one = await house(options)
  open.push(one)
  return one
}

/** Every kind of token there is. */
const KINDS: readonly (readonly [string, StrategyFactory, (tokens: Tokens) => string])[] = [
  ['the token of session()', session(), ({ accessToken }) => accessToken],
  ['the token of jwt()', jwt(), ({ accessToken }) => accessToken],
  ['the encrypted token of jwt()', jwt({ encrypt: true }), ({ accessToken }) => accessToken],
  ['the access token of hybrid()', hybrid(), ({ accessToken }) => accessToken],
  ['the refresh token of hybrid()', hybrid(), ({ refreshToken = '' }) => refreshToken],
]

async function enter({ auth }: Pick<House, 'auth'>, label: string) {
  const given = { email: `${label}@example.com`, password: PASSWORD, transport: 'bearer' } as const
  const { user, session: own, carried } = must(await auth.signUp(given))
  return { user, sid: own.id, tokens: carried.tokens as Tokens }
}

/** Time passes; leases are renewed in the last seconds of it. */
async function later({ clock }: House, ms: number): Promise<void> {
  clock.step(ms - 4000)
  await clock.advance(4000)
}

const text = async (asked: Promise<Introspection>) => JSON.stringify(await asked)

describe('introspection', () => {
  it.each(KINDS)('TP-11: %s is active while it is good for something', async (name, strategy, pick) => {
    const one = await begin({ strategy })
    const { auth, clock } = one
    await clock.advance(123)
    const { user, sid, tokens } = await enter(one, 'ada')
    const told = await auth.introspect(pick(tokens))
    const now = Math.floor(clock.now() / 1000)
    const life = name.includes('jwt') ? 15 : name.includes('access') ? 5 : 30
    const signed = !/session|refresh/.test(name)
    const claims = signed ? { client_id: 'app.example', jti: expect.stringMatching(/^[\w-]{22}$/) } : {}
    expect(told).toEqual({
      active: true,
      token_type: name.includes('refresh') ? 'refresh_token' : 'Bearer',
      strategy: auth.setting.strategy,
      iss: BASE,
      aud: BASE,
      sub: user.id,
      sid,
      iat: now,
      exp: expect.any(Number),
      auth_time: now,
      amr: ['pwd'],
      roles: ['member'],
      ...claims,
    })
    // Whole seconds, never later than it is over.
    expect((told as { exp: number }).exp - now).toBeGreaterThanOrEqual(life * 60 - 1)
    expect((told as { exp: number }).exp - now).toBeLessThanOrEqual(life * 60)
    expect(JSON.stringify(told)).not.toMatch(/ada|example\.com"|email|name"/)
  })

  it.each(KINDS)(
    'TP-11, ER-04: %s is one and the same nothing once it is not good any more',
    async (_, strategy, pick) => {
      const one = await begin({ strategy, nodes: 2 })
      const { nodes, patiently } = one
      const [auth, other] = nodes as [Auth, Auth]
      const both = async (token: string) => [await text(auth.introspect(token)), await text(other.introspect(token))]

      const ways: Record<string, (entered: Awaited<ReturnType<typeof enter>>) => Promise<unknown>> = {
        out: ({ tokens }) => auth.signOut(holding({ bearer: tokens.accessToken })),
        revoked: ({ sid }) => auth.end(sid),
        all: ({ user }) => auth.endAll(user.id),
        locked: ({ user }) => auth.lock(user.id),
        removed: ({ user }) => auth.users.remove(user.id),
      }
      for (const [way, end] of Object.entries(ways)) {
        const entered = await enter(one, way)
        const token = pick(entered.tokens)
        for (const told of await both(token)) expect(told).toContain('"active":true')
        await patiently(end(entered))
        expect(await both(token), way).toEqual([INACTIVE, INACTIVE])
      }

      const { tokens } = await enter(one, 'late')
      await later(one, 31 * MINUTE)
      expect(await both(pick(tokens)), 'expired').toEqual([INACTIVE, INACTIVE])

      const stranger = await begin({ strategy, secret: 'another-secret-0123456789-abcdefghijklm' })
      expect(await both(pick((await enter(stranger, 'eve')).tokens)), 'foreign').toEqual([INACTIVE, INACTIVE])
    },
  )

  it.each(KINDS)('TP-11: what is not quite %s is nothing', async (_, strategy, pick) => {
    const one = await begin({ strategy })
    const token = pick((await enter(one, 'ada')).tokens)
    const middle = Math.floor(token.length / 2)
    const other = token[middle] === 'A' ? 'B' : 'A'
    const spoilt = [
      token.slice(1),
      token.slice(0, -1),
      `${token}A`,
      `${token}=`,
      ` ${token}`,
      `${token}\n`,
      `${token},${token}`,
      `Bearer ${token}`,
      token.slice(0, middle) + other + token.slice(middle + 1),
      token.toLowerCase(),
      'x'.repeat(100_000),
      'é',
      'a.b.c',
      'a',
      '',
    ]
    for (const text of spoilt) expect(await one.auth.introspect(text), JSON.stringify(text)).toEqual({ active: false })
    expect((await one.auth.introspect(token)).active).toBe(true)
  })

  it.each(KINDS)(
    'TP-11, TO-07: asking about %s is not activity, ends nothing and tells nobody',
    async (_, strategy, pick) => {
      const one = await begin({ strategy })
      const { auth, clock, store, events } = one
      const { tokens, sid } = await enter(one, 'ada')
      await auth.audit({}, null, 1)
      const before = await store.sessions.find(sid)
      const count = events.length
      for (let i = 0; i < 4; i += 1) {
        await later(one, MINUTE)
        expect((await auth.introspect(pick(tokens))).active).toBe(true)
      }
      await clock.advance(2000)
      const { seenAt: _seen, ...after } = (await store.sessions.find(sid)) ?? {}
      const { seenAt: __seen, ...first } = before ?? {}
      expect(after).toEqual(first)
      // No timer runs here: nobody but who asks could end it.
      clock.step(13 * HOUR)
      expect(await auth.introspect(pick(tokens))).toEqual({ active: false })
      expect((await store.sessions.find(sid))?.endedAt ?? null).toBeNull()
      await auth.audit({}, null, 1)
      expect(events.slice(count).filter(({ type }) => !type.startsWith('view.'))).toEqual([])
    },
  )

  it('asking about hundreds of forged ones makes nobody a guesser', async () => {
    const one = await begin({ strategy: hybrid(), accept: [session()] })
    const { accessToken } = (await enter(one, 'ada')).tokens
    for (let i = 0; i < 300; i += 1) {
      await one.auth.introspect('A'.repeat(64))
      await one.auth.introspect(`${accessToken.slice(0, -10)}AAAAAAAAAA`)
    }
    await one.auth.audit({}, null, 1)
    expect(one.events.filter(({ type }) => type.startsWith('token.'))).toEqual([])
  })

  it('tells the roles of this moment, and of a token that lost its roles nothing', async () => {
    for (const [strategy, roles] of [
      [session(), ['auditor']],
      [jwt(), null],
      [hybrid(), null],
    ] as const) {
      const one = await begin({ strategy })
      const { user, tokens } = await enter(one, 'ada')
      must(await one.patiently(one.auth.setRoles(user.id, ['auditor'])))
      const told = await one.auth.introspect(tokens.accessToken)
      if (roles === null) expect(told).toEqual({ active: false })
      else expect(told).toMatchObject({ active: true, roles })
    }
  })

  it('tells the audience and the end that the token itself has', async () => {
    const timeouts = { idle: '10m', absolute: '12m' } as const
    const one = await begin({ strategy: jwt({ audience: 'https://api.example', ttl: '1h' }), timeouts })
    const { tokens } = await enter(one, 'ada')
    const now = Math.floor(one.clock.now() / 1000)
    expect(await one.auth.introspect(tokens.accessToken)).toMatchObject({ aud: 'https://api.example', exp: now + 600 })
  })

  it('KM-02: tells nothing of what a removed key has signed, also on a node that has not heard of the removal', async () => {
    for (const strategy of [jwt(), hybrid()]) {
      const whole = memory()
      const state = { deaf: false }
      const { source } = whole.users
      const { feed } = source
      const read: typeof feed.read = (...asked) =>
        state.deaf ? Promise.reject(new Error('deaf')) : feed.read(...asked)
      const onAppend: typeof feed.onAppend = (wake) => feed.onAppend((told) => state.deaf || wake(told))
      const own = { ...source, feed: { ...feed, read, onAppend } }
      const store = Object.fromEntries(
        Object.entries(whole).map(([name, port]) => [name, { ...port, source: own }]),
      ) as Store
      const one = await begin({ strategy, store })
      const { tokens } = await enter(one, 'ada')
      expect((await one.auth.introspect(tokens.accessToken)).active).toBe(true)
      state.deaf = true
      const [key] = await whole.keys.list()
      await whole.keys.remove(key?.kid ?? '', key?.alg ?? '', one.clock.now())
      // Within its lease it does not know, and whoever removes a key waits for that. Then it has to ask.
      expect((await one.auth.introspect(tokens.accessToken)).active).toBe(true)
      one.clock.step(10_000)
      expect(await one.auth.introspect(tokens.accessToken)).toEqual({ active: false })
    }
  })

  it('reads tokens of every strategy that is honoured', async () => {
    const one = await begin({ strategy: session() })
    const { tokens } = await enter(one, 'ada')
    const next = await begin({ store: one.store, clock: one.clock, strategy: hybrid(), accept: [session()] })
    expect(await next.auth.introspect(tokens.accessToken)).toMatchObject({ active: true, strategy: 'session' })
  })
})

describe('introspecting what rotates', () => {
  const refreshed = async ({ auth }: House, token = '') =>
    must(await auth.refresh({ get: () => null }, token)).carried.tokens as Tokens
  const none = { get: () => null }

  it('TP-11, P4: a spent refresh token is nothing; asking about it uses nothing up and accuses nobody', async () => {
    const one = await begin({ strategy: hybrid() })
    const { auth, store, events } = one
    const { tokens: first, sid } = await enter(one, 'ada')
    await later(one, MINUTE)
    const second = await refreshed(one, first.refreshToken)
    must(await auth.authenticate(holding({ bearer: second.accessToken })))
    await later(one, MINUTE)
    const before = await store.sessions.find(sid)
    for (let i = 0; i < 3; i += 1) {
      expect(await auth.introspect(first.refreshToken ?? '')).toEqual({ active: false })
      expect((await auth.introspect(second.refreshToken ?? '')).active).toBe(true)
    }
    expect(await store.sessions.find(sid)).toEqual(before)
    expect(events.some(({ type }) => type === 'token.reused')).toBe(false)
    const third = await refreshed(one, second.refreshToken)
    expect((await auth.introspect(third.accessToken)).active).toBe(true)
  })

  it('P4: one that a refresh would still honour is active', async () => {
    const one = await begin({ strategy: hybrid() })
    const { tokens: first } = await enter(one, 'ada')
    await later(one, MINUTE)
    await refreshed(one, first.refreshToken)
    expect((await one.auth.introspect(first.refreshToken ?? '')).active).toBe(true)
    await refreshed(one, first.refreshToken)
  })

  it('P4: a service that was shown an access token has seen it: the refresh token before is theft from then on', async () => {
    for (const shown of [true, false]) {
      const one = await begin({ strategy: hybrid() })
      const { tokens: first } = await enter(one, 'ada')
      await later(one, MINUTE)
      const second = await refreshed(one, first.refreshToken)
      if (shown) await one.auth.introspect(second.accessToken)
      await later(one, MINUTE)
      const again = await one.patiently(one.auth.refresh(none, first.refreshToken ?? ''))
      if (shown) expect(again).toMatchObject({ refusal: { code: 'token_reused' } })
      else must(again)
    }
  })
})

describe('revocation', () => {
  it.each(KINDS)('TP-10, P1: %s ends its session; done everywhere when it returns', async (_, strategy, pick) => {
    const one = await begin({ strategy, nodes: 2 })
    const { nodes, patiently, events } = one
    const [auth, other] = nodes as [Auth, Auth]
    const { tokens, user } = await enter(one, 'ada')
    const mate = await enter(one, 'bea')
    const carrier = holding({ bearer: tokens.accessToken })
    for (const node of nodes) must(await node.authenticate(carrier))
    expect(await patiently(auth.revoke(pick(tokens), { actor: 'service:s' }))).toBe(true)
    for (const node of nodes) {
      expect(await node.authenticate(carrier)).toMatchObject({ refusal: { code: 'session_revoked' } })
      expect(await text(node.introspect(pick(tokens)))).toBe(INACTIVE)
    }
    if (tokens.refreshToken !== undefined) {
      expect(await other.refresh({ get: () => null }, tokens.refreshToken)).toMatchObject({ ok: false })
    }
    must(await other.authenticate(holding({ bearer: mate.tokens.accessToken })))
    await auth.audit({}, null, 1)
    expect(events.filter(({ type }) => type === 'session.ended')).toMatchObject([
      { actor: 'service:s', reason: 'session_revoked' },
    ])
    expect(user.id).not.toBe(mate.user.id)
  })

  it.each(KINDS)(
    'TP-10, P1: %s over one database file, the other node in a store of its own',
    async (_, strategy, pick) => {
      const file = newFile()
      const one = await begin({ strategy, store: sqlite(file) })
      const two = await begin({ strategy, store: sqlite(file), clock: one.clock })
      const { tokens } = await enter(one, 'ada')
      const carrier = holding({ bearer: tokens.accessToken })
      must(await two.patiently(Promise.resolve(two.auth.authenticate(carrier))))
      await one.patiently(one.auth.revoke(pick(tokens)))
      expect(await two.patiently(Promise.resolve(two.auth.authenticate(carrier)))).toMatchObject({
        refusal: { code: 'session_revoked' },
      })
    },
  )

  it('TP-10: ending needs less than using: tokens that are over, spent or replaced will do', async () => {
    const late = await begin({ strategy: hybrid() })
    const first = (await enter(late, 'ada')).tokens
    await later(late, 6 * MINUTE)
    const second = await refreshed(late, first.refreshToken)
    expect(await late.patiently(late.auth.revoke(first.accessToken))).toBe(true)
    expect(await late.auth.introspect(second.accessToken)).toEqual({ active: false })

    const spent = await begin({ strategy: hybrid() })
    const old = (await enter(spent, 'ada')).tokens
    await later(spent, MINUTE)
    const next = await refreshed(spent, old.refreshToken)
    expect(await spent.patiently(spent.auth.revoke(old.refreshToken ?? ''))).toBe(true)
    expect(await spent.auth.introspect(next.refreshToken ?? '')).toEqual({ active: false })

    const replaced = await begin()
    const before = (await enter(replaced, 'ada')).tokens
    const who = must(await replaced.auth.authenticate(holding({ bearer: before.accessToken })))
    const after = must(await replaced.patiently(replaced.auth.reauthenticate(who, PASSWORD))).carried.tokens as Tokens
    expect(await replaced.patiently(replaced.auth.revoke(before.accessToken))).toBe(true)
    expect(await replaced.auth.introspect(after.accessToken)).toEqual({ active: false })
  })

  it('TP-10: what never was a token here ends nothing, and neither does asking twice', async () => {
    const one = await begin({ strategy: hybrid() })
    const { auth, patiently } = one
    const { tokens } = await enter(one, 'ada')
    const forged = `${tokens.accessToken.slice(0, -10)}AAAAAAAAAA`
    for (const token of ['', 'x', 'A'.repeat(64), 'A'.repeat(76), forged, ` ${tokens.accessToken}`]) {
      expect(await patiently(auth.revoke(token))).toBe(false)
    }
    expect((await auth.introspect(tokens.accessToken)).active).toBe(true)
    expect(await patiently(auth.revoke(tokens.accessToken))).toBe(true)
    expect(await patiently(auth.revoke(tokens.accessToken))).toBe(false)
  })

  async function refreshed({ auth, patiently }: House, token = ''): Promise<Tokens> {
    return must(await patiently(auth.refresh({ get: () => null }, token))).carried.tokens as Tokens
  }
})
