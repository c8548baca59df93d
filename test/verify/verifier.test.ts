import { afterEach, describe, expect, it } from 'vitest'
import { hybrid, jwt, session } from '../../src/index.ts'
import { ConfigurationError, fresh, role, scope, type Verifier, verifier } from '../../src/verify.ts'
import { LEASE_MS } from '../../src/view/lease.ts'
import { BASE, holding, must } from '../support/house.ts'
import { code, type Installation, installation } from './service.ts'

const STRATEGIES = { session: session(), hybrid: hybrid(), jwt: jwt() } as const

let one: Installation
afterEach(() => one?.close())

describe.each(Object.entries(STRATEGIES))('a service of an installation with %s()', (name, strategy) => {
  it('P2: asks about a session once, and decides on it by itself from then on', async () => {
    one = await installation({ strategy, roles: ['member', 'editor'] })
    const service = await one.service()
    const { carrier, user } = await one.warm(service)
    const before = one.way.sent.length
    for (let i = 0; i < 100; i++) {
      const found = service.authenticate(carrier)
      if (found instanceof Promise || !found.ok) throw new Error('asked, or refused')
      expect(found.value).toMatchObject({ userId: user.id, roles: ['member'], via: { transport: 'bearer' } })
    }
    expect(one.way.sent).toHaveLength(before)
    expect(one.questions()).toBe(1)
  })

  it.each([
    [
      'a sign-out',
      (sid: string, _: string, token: string) => one.auth.signOut(holding({ bearer: token })).then(() => sid),
    ],
    ['an ending by its id', (sid: string) => one.auth.end(sid)],
    ['the end of all of the user', (_: string, id: string) => one.auth.endAll(id)],
    ['a lock', (_: string, id: string) => one.auth.lock(id)],
    ['the removal of the user', (_: string, id: string) => one.auth.users.remove(id)],
    ['everyone at once', () => one.auth.endEveryone()],
  ] as const)('P1: %s is true here when it has returned', async (_, end) => {
    one = await installation({ strategy })
    const service = await one.service()
    const { carrier, sid, user, token } = await one.warm(service)
    const other = await one.warm(service, 'bob')
    await one.patiently(Promise.resolve(end(sid, user.id, token)))
    expect(await code(service, carrier)).not.toBe('in')
    if (_ !== 'everyone at once') expect(await code(service, other.carrier)).toBe('in')
    await one.settle()
    expect(await code(service, carrier)).not.toBe('in')
  })

  it('P1: other roles are true here when they have returned', async () => {
    one = await installation({ strategy, roles: ['member', 'editor'] })
    const service = await one.service()
    const { carrier, user } = await one.warm(service)
    must(await one.patiently(one.auth.setRoles(user.id, ['editor'])))
    const found = await service.authenticate(carrier)
    // What carries its roles is out of date, what does not shows the new ones.
    if (name === 'session') expect(must(found).roles).toEqual(['editor'])
    else expect(found).toMatchObject({ ok: false, refusal: { code: 'unauthenticated' } })
  })

  it('P1: what a server says that has not heard of a change yet is not kept', async () => {
    one = await installation({ strategy, roles: ['member', 'editor'] })
    const service = await one.service()
    const { carrier, user, token } = await one.warm(service)
    // A server with a lease from before, that says what it knows until that is over.
    const api = `${BASE}/auth/introspect`
    const { id, secret } = must(await one.auth.services.create('other'))
    const authorization = `Basic ${btoa(`${id}:${secret}`)}`
    const asked = await one.auth.handler(
      new Request(api, { method: 'POST', headers: { authorization }, body: new URLSearchParams({ token }) }),
    )
    const old = await asked.text()
    must(await one.patiently(one.auth.setRoles(user.id, ['editor'])))
    one.way.instead = (request) =>
      request.url === api ? new Response(old, { headers: { 'content-type': 'application/json' } }) : null
    for (let i = 0; i < 5; i++) {
      expect(must(await service.authenticate(carrier)).roles).toEqual(['member'])
      await one.clock.advance(500)
    }
    one.way.instead = null
    const found = await service.authenticate(carrier)
    if (name === 'session') expect(must(found).roles).toEqual(['editor'])
    else expect(found.ok).toBe(false)
  })

  it('P1: nor what a server says just after this service began, which never hears of what was before', async () => {
    one = await installation({ strategy })
    const { carrier } = await one.person('ada')
    const service = await one.service()
    expect(service.leased()).toBe(true)
    for (let i = 0; i < 5; i++) {
      expect(await code(service, carrier)).toBe('in')
      await one.clock.advance(500)
    }
    await one.settle()
    await one.warm(service, 'bob')
    expect(service.authenticate(carrier)).toBeInstanceOf(Promise)
  })

  it('P3: cut off it decides until its lease is over, then nobody gets in and nobody is signed out', async () => {
    one = await installation({ strategy })
    const service = await one.service()
    const { carrier } = await one.warm(service)
    one.way.down = true
    expect(await code(service, carrier)).toBe('in')
    await one.clock.advance(LEASE_MS)
    expect(service.leased()).toBe(false)
    const found = await service.authenticate(carrier)
    expect(found).toMatchObject({ ok: false, refusal: { code: 'unavailable', retryAfter: 1 } })
    one.way.down = false
    await one.clock.advance(2 * LEASE_MS)
    expect(service.leased()).toBe(true)
    expect(await code(service, carrier)).toBe('in')
  })

  it('P5: keeps a session from idling out by what it tells, and one that idled out is out here', async () => {
    one = await installation({ strategy, timeouts: { idle: '10m', absolute: '2h' } })
    const service = await one.service()
    const used = await one.warm(service, 'used')
    const idle = await one.warm(service, 'idle')
    const sessions = name === 'session'
    for (let minutes = 0; minutes < 14; minutes += 2) {
      await one.clock.advance(120_000)
      if (sessions) expect(await code(service, used.carrier)).toBe('in')
    }
    expect(await code(service, idle.carrier)).not.toBe('in')
  })
})

describe('a service', () => {
  it('takes the next token of a session that it knows, and none of one that was reset', async () => {
    one = await installation({ strategy: hybrid() })
    const service = await one.service()
    const { user, carrier, refreshToken } = await one.person('ada')
    await one.settle()
    expect(await code(service, carrier)).toBe('in')
    await one.clock.advance(60_000)
    const next = must(await one.auth.refresh({ get: () => null }, refreshToken))
    const token = next.carried.tokens?.accessToken as string
    expect(await code(service, holding({ bearer: token }))).toBe('in')
    expect(one.questions()).toBe(1)
    await one.patiently(one.auth.endAll(user.id))
    expect(await code(service, holding({ bearer: token }))).not.toBe('in')
  })

  it('KM-02: takes no token of a key that was removed, once that has returned', async () => {
    one = await installation({ strategy: hybrid() })
    const service = await one.service()
    const { carrier, refreshToken } = await one.warm(service)
    const [key] = await one.auth.keys.list()
    must(await one.patiently(one.auth.keys.remove(key?.kid as string)))
    const before = one.questions()
    expect(await code(service, carrier)).toBe('unauthenticated')
    expect(one.questions()).toBe(before)
    await one.clock.advance(60_000)
    const next = must(await one.auth.refresh({ get: () => null }, refreshToken))
    const goesOn = holding({ bearer: next.carried.tokens?.accessToken as string })
    for (let i = 0; i < 3; i++) {
      expect(await code(service, goesOn)).toBe('in')
      await one.settle()
    }
    expect(service.authenticate(goesOn)).not.toBeInstanceOf(Promise)
    expect(await code(service, carrier)).toBe('unauthenticated')
  })

  it('KM-06: asks once for the keys, however many strange kids there are', async () => {
    one = await installation({ strategy: hybrid() })
    const service = await one.service()
    const { token } = await one.warm(service)
    await one.settle()
    const sets = () => one.way.sent.filter((path) => path.endsWith('jwks.json')).length
    const before = sets()
    const [, payload, signature] = token.split('.')
    for (let i = 0; i < 1000; i++) {
      const header = btoa(JSON.stringify({ typ: 'at+jwt', alg: 'EdDSA', kid: `kid-${i}` }))
      const strange = [header.replaceAll('=', ''), payload, signature].join('.')
      expect(await code(service, holding({ bearer: strange }))).toBe('unauthenticated')
    }
    expect(sets() - before).toBe(1)
    expect(one.questions()).toBe(1)
  })

  it('KM-05: takes no key set in which a kid is there twice, and lets nobody in on it', async () => {
    one = await installation({ strategy: hybrid() })
    const service = await one.service()
    const { carrier } = await one.person('ada')
    const keys = await one.auth.keys.published()
    one.way.instead = ({ url }) => (url.includes('jwks') ? Response.json({ keys: [...keys, ...keys] }) : null)
    expect(await code(service, carrier)).toBe('unavailable')
  })

  it('JW-12 JW-13: takes no token of another issuer or for another audience, whatever key signed it', async () => {
    one = await installation({ strategy: hybrid({ audience: 'https://api.example' }) })
    const service = await one.service()
    const { carrier } = await one.person('ada')
    await one.settle()
    expect(await code(service, carrier)).toBe('unauthenticated')
    const right = await one.service({ audience: 'https://api.example' })
    expect(await code(right, carrier)).toBe('in')
  })

  it.each([
    ['no object', 7],
    ['no feeds', { total: 1, place: 'x', feeds: 7 }],
    ['a feed of nothing', { total: 1, place: 'x', feeds: [null] }],
    ['no position', { total: 1, place: 'x', feeds: [{ lost: false, standing: 'good', entries: [] }] }],
    [
      'a change that is none',
      {
        total: 1,
        place: 'x',
        feeds: [
          {
            lost: false,
            standing: 'good',
            complete: true,
            position: { at: 9, id: 'x' },
            entries: [{ at: 9, id: 'x' }],
          },
        ],
      },
    ],
  ])('P3: a feed that makes no sense is no lease and no fault of the service, which goes on: %s', async (_, body) => {
    one = await installation({ strategy: hybrid() })
    const service = await one.service()
    const { carrier } = await one.warm(service)
    one.way.instead = ({ url }) => (url.includes('/feed') ? Response.json(body) : null)
    // What waits for news is answered like that, too.
    const other = await one.person('bob')
    await one.patiently(one.auth.endAll(other.user.id))
    await one.clock.advance(30_000)
    expect(service.leased()).toBe(false)
    expect(await code(service, carrier)).toBe('in')
    one.way.instead = null
    await one.clock.advance(30_000)
    expect(service.leased()).toBe(true)
    expect(await code(service, carrier)).toBe('in')
    expect(await code(service, other.carrier)).not.toBe('in')
  })

  it('ER-04: tells strangers nothing, and asks nobody about what cannot be a token', async () => {
    one = await installation({ strategy: session() })
    const service = await one.service()
    for (const bearer of ['', 'x', 'a.b', 'a.b.c', `${'a'.repeat(9000)}`, 'ü', 'a b']) {
      expect(await service.authenticate(holding({ bearer }))).toMatchObject({
        ok: false,
        refusal: { code: 'unauthenticated', presented: true },
      })
    }
    expect(await service.authenticate({ get: () => null })).toEqual({ ok: false, refusal: { code: 'unauthenticated' } })
    expect(one.questions()).toBe(0)
  })

  it('CS-11: an Authorization header alone counts, and cookies only those that are named', async () => {
    one = await installation({ strategy: session() })
    const service = await one.service({ cookies: ['__Host-sid'] })
    const { carrier, cookie } = await one.enter('ada')
    await one.settle()
    expect(must(await service.authenticate(carrier)).via).toEqual({ transport: 'cookie' })
    const both = { get: (name: string) => (name.toLowerCase() === 'cookie' ? cookie : 'Bearer strange') }
    expect((await service.authenticate(both)).ok).toBe(false)
    const without = await one.service()
    expect(await without.authenticate(carrier)).toEqual({ ok: false, refusal: { code: 'unauthenticated' } })
  })

  it('judges by guards who is let in', async () => {
    one = await installation({ strategy: hybrid(), roles: ['member', 'editor'] })
    const service = await one.service()
    const { carrier } = await one.warm(service)
    const refusal = async (...guards: Parameters<Verifier['require']> extends [unknown, ...infer G] ? G : never) => {
      const found = await service.require(carrier, ...guards)
      return found.ok ? null : found.refusal.code
    }
    expect(await refusal(role('member', 'editor'), fresh('10m'), scope('read'))).toBeNull()
    expect(await refusal(role('editor'))).toBe('forbidden')
    await one.clock.advance(4 * 60_000)
    expect(await refusal(fresh('4m'))).toBe('reauth_required')
  })

  it('asks about everything while nobody follows, and says 503 for one question too many', async () => {
    one = await installation({ strategy: session() })
    const service = await one.service()
    const { carrier } = await one.person('ada')
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    one.way.instead = async ({ url }) =>
      url.endsWith('/introspect') ? held.then(() => null as never) : (null as never)
    const many = Array.from({ length: 201 }, () => code(service, carrier))
    expect(await many.at(-1)).toBe('unavailable')
    release()
    expect(new Set(await Promise.all(many.slice(0, -1)))).toEqual(new Set(['in']))
  })

  it.each([
    [{ issuer: 'https://auth.example/' }, /issuer is/],
    [{ issuer: 'auth.example' }, /issuer is/],
    [{ issuer: 'https://auth.example', url: 'http://10.0.0.1' }, /unprotected/],
    [{ issuer: 'https://auth.example', basePath: 'auth' }, /basePath/],
    [{ issuer: 'https://auth.example', sessions: 0 }, /sessions is 0/],
    [{ issuer: 'https://auth.example', service: { id: 'x', secret: '' } }, /services create/],
  ])('%j does not start', (given, said) => {
    const service = { id: 'id', secret: 'secret' }
    expect(() => verifier({ service, ...given })).toThrow(ConfigurationError)
    expect(() => verifier({ service, ...given })).toThrow(said)
  })
})
