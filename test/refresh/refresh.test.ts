import { afterEach, describe, expect, it, vi } from 'vitest'
import { type House, holding, must } from '../support/house.ts'
import { codeOf, HOUR, hears, hybridHouse, later, MINUTE, refreshed, refreshWith, signedIn, tokenIn } from './holder.ts'
import type { Jar } from './model/jar.ts'

vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('../faults/support/quick-argon2.ts'))

let open: House | null = null
afterEach(async () => {
  await open?.close()
  open = null
})

async function begin(options: Parameters<typeof hybridHouse>[0] = {}): Promise<House> {
  open = await hybridHouse(options)
  return open
}

const code = async (h: House, jar: Jar) => codeOf(await h.patiently(refreshWith(h.auth, jar)))

describe('rotation', () => {
  it('RT-01: each refresh replaces the token, and the one before is spent when its child was used', async () => {
    const h = await begin()
    const { jar: first } = await signedIn(h, 'ada')
    await later(h, 6 * MINUTE)
    const second = await refreshed(h.auth, first)
    expect(second.refresh).not.toBe(first.refresh)
    expect(await hears(h.auth, second)).toBe('in')
    await later(h, MINUTE)
    expect(await code(h, first)).toBe('token_reused')
  })

  it('RT-01: within 30 s the same token is handed out again with a fresh access token, to the millisecond', async () => {
    const h = await begin()
    const { jar: first } = await signedIn(h, 'ada')
    await later(h, 30_000)
    const same = await refreshed(h.auth, first)
    expect(same.refresh).toBe(first.refresh)
    expect(same.access).not.toBe(first.access)
    await later(h, 1)
    expect((await refreshed(h.auth, first)).number).toBe(1)
  })

  it('RT-02: a token that was followed by two is spent, whether or not either was used', async () => {
    const h = await begin()
    const { jar: first } = await signedIn(h, 'ada')
    await later(h, 31_000)
    const second = await refreshed(h.auth, first)
    await later(h, 31_000)
    await refreshed(h.auth, second)
    expect(await code(h, first)).toBe('token_reused')
  })

  it.each([
    ['the thief', '203.0.113.9', '192.0.2.1'],
    ['the owner', '192.0.2.1', '203.0.113.9'],
  ])('RT-02: when %s comes first, both are out, and it is told', async (_, early, late) => {
    const h = await begin({ nodes: 2 })
    const { jar, session, user } = await signedIn(h, 'ada', { source: '192.0.2.1' })
    const [one, two] = h.nodes as [House['auth'], House['auth']]
    await later(h, 6 * MINUTE)
    const child = await refreshed(one, jar, { source: early })
    expect(await hears(one, child, { source: early })).toBe('in')
    await later(h, MINUTE)
    expect(codeOf(await h.patiently(refreshWith(two, jar, { source: late })))).toBe('token_reused')
    for (const auth of [one, two]) {
      for (const held of [child, jar]) {
        expect(codeOf(await refreshWith(auth, held))).toBe('token_reused')
        expect(await hears(auth, held)).toBe('token_reused')
      }
    }
    const reused = h.events.filter(({ type }) => type === 'token.reused')
    const ended = h.events.filter(({ type }) => type === 'session.ended')
    const refreshes = h.events.filter(({ type }) => type === 'token.refreshed')
    expect(reused).toMatchObject([
      { severity: 'warning', outcome: 'failure', subject: user.id, source: late, data: { behind: 1 } },
    ])
    // The other client, by the event of the same session that handed the child out.
    expect(refreshes).toMatchObject([{ source: early, session: reused[0]?.session }])
    expect(ended).toMatchObject([{ reason: 'token_reused', actor: 'system', session: reused[0]?.session }])
    expect((await h.store.sessions.find(session.id))?.endReason).toBe('token_reused')
  })

  it('RT-04: whoever lost the answer gets the identical child, after 2 s, 10 minutes and 8 hours', async () => {
    const h = await begin({ timeouts: { idle: '10h', absolute: '2d' } })
    const { jar } = await signedIn(h, 'ada')
    await later(h, 6 * MINUTE)
    const lost = await refreshed(h.auth, jar)
    for (const ms of [2000, 10 * MINUTE, 8 * HOUR]) {
      await later(h, ms)
      expect((await refreshed(h.auth, jar)).refresh).toBe(lost.refresh)
    }
  })

  it('RT-04: the child is handed out again for 30 s after its first use, not for a millisecond more', async () => {
    const h = await begin()
    const [{ jar: one }, { jar: two }] = [await signedIn(h, 'ada'), await signedIn(h, 'bea')]
    await later(h, 6 * MINUTE)
    const children = [await refreshed(h.auth, one), await refreshed(h.auth, two)] as const
    await later(h, HOUR / 4)
    for (const jar of [await refreshed(h.auth, one), await refreshed(h.auth, two)]) {
      expect(await hears(h.auth, jar)).toBe('in')
    }
    await later(h, 30_000)
    expect((await refreshed(h.auth, one)).refresh).toBe(children[0].refresh)
    await later(h, 1)
    expect(await code(h, two)).toBe('token_reused')
  })

  it('RT-04: a first use counts from its own time, whatever was used later', async () => {
    const h = await begin()
    const { jar } = await signedIn(h, 'ada')
    await later(h, 6 * MINUTE)
    const child = await refreshed(h.auth, jar)
    await hears(h.auth, child)
    await later(h, 20_000)
    await hears(h.auth, child)
    await later(h, 11_000)
    expect(await code(h, jar)).toBe('token_reused')
  })
})

describe('limits', () => {
  it('RT-05: refreshing every five minutes is no activity', async () => {
    const h = await begin({ timeouts: { idle: '30m' } })
    let { jar } = await signedIn(h, 'ada')
    for (let i = 0; i < 5; i++) {
      await later(h, 5 * MINUTE)
      jar = await refreshed(h.auth, jar)
    }
    await later(h, 5 * MINUTE)
    expect(await code(h, jar)).toBe('session_expired_idle')
  })

  it('RT-05: neither refreshing nor using moves the absolute limit, nor when its owner was authenticated', async () => {
    const h = await begin({ timeouts: { idle: '30m', absolute: '1h' } })
    const { jar: first, session } = await signedIn(h, 'ada')
    let jar = first
    while (h.clock.now() + 4 * MINUTE < session.expiresAt) {
      await later(h, 4 * MINUTE)
      const { session: after, carried } = must(await refreshWith(h.auth, jar))
      const { expiresAt, authenticatedAt, amr } = session
      expect(after).toMatchObject({ expiresAt, authenticatedAt, amr })
      expect(carried.tokenExpiresAt).toBeLessThanOrEqual(expiresAt)
      jar = await refreshed(h.auth, jar)
      expect([jar.claims.auth_time, jar.claims.amr]).toEqual([first.claims.auth_time, ['pwd']])
      expect(jar.claims.exp * 1000).toBeLessThanOrEqual(expiresAt)
      expect(await hears(h.auth, jar)).toBe('in')
    }
    await later(h, session.expiresAt - h.clock.now())
    expect(await code(h, jar)).toBe('session_expired_absolute')
  })
})

describe('binding', () => {
  it('RT-06: a refresh token gets tokens of its own user only, whatever access token stands beside it', async () => {
    const h = await begin()
    const [ada, bea] = [await signedIn(h, 'ada'), await signedIn(h, 'bea')]
    await later(h, 6 * MINUTE)
    const mixed = { ...ada.jar, access: bea.jar.access }
    const got = must(await refreshWith(h.auth, mixed))
    expect([got.who.user.id, got.session.id]).toEqual([ada.user.id, ada.session.id])
    expect((await refreshed(h.auth, mixed)).claims.sub).toBe(ada.user.id)
  })

  it('RT-06: a token of another installation is refused, and neither is spent by it', async () => {
    const [h, other] = [await begin(), await hybridHouse({ secret: 'another-secret-0123456789-abcdefghijklmnop' })]
    const [here, there] = [await signedIn(h, 'ada'), await signedIn(other, 'ada')]
    await later(h, 6 * MINUTE)
    expect(await code(h, there.jar)).toBe('unauthenticated')
    expect((await refreshed(h.auth, here.jar)).number).toBe(1)
    expect((await h.store.sessions.find(here.session.id))?.counter).toBe(1)
    await other.close()
  })
})

describe('where it opens', () => {
  it('RT-10: as bearer, or as the cookie of the access token, it opens nothing', async () => {
    const h = await begin()
    const { jar } = await signedIn(h, 'ada')
    const token = tokenIn(jar)
    const attempts = [{ bearer: token }, { cookie: `__Host-at=${token}` }, { cookie: jar.refresh }]
    for (const credential of attempts) {
      expect(codeOf(await h.auth.authenticate(holding(credential)))).toBe('unauthenticated')
    }
    expect(await hears(h.auth, jar)).toBe('in')
  })

  it('RT-10: over HTTP a bearer refresh token is answered 401', async () => {
    const h = await begin()
    const { jar } = await signedIn(h, 'ada')
    const headers = { authorization: `Bearer ${tokenIn(jar)}` }
    const response = await h.auth.handler(new Request('https://app.example/auth/session', { headers }))
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toContain('Bearer')
  })

  it('RT-10: its cookie is for its own path, for HTTPS, and out of reach of scripts, at sign-in and after', async () => {
    const h = await begin()
    const { carried, jar } = await signedIn(h, 'ada')
    await later(h, 6 * MINUTE)
    for (const { cookies } of [carried, must(await refreshWith(h.auth, jar)).carried]) {
      const [name, ...attributes] = cookies[1]?.split('; ') ?? []
      expect(name).toMatch(/^__Secure-rt=[A-Za-z0-9_-]{76}$/)
      expect(attributes.sort()).toEqual(['HttpOnly', 'Path=/auth', 'SameSite=Lax', 'Secure'])
    }
  })
})
