import { afterEach, describe, expect, it } from 'vitest'
import { hybrid, jwt, memory, session } from '../../src/index.ts'
import { holding, must } from '../support/house.ts'
import { code, type Installation, installation } from './service.ts'

const SHARED = 'a shared secret of 48 characters: 0123456789abcd'

let one: Installation
afterEach(() => one?.close())

/** Lets the server say something else of every token than it would. */
function told(change: Readonly<Record<string, unknown>>): void {
  one.way.instead = async (request) => {
    const answer = await one.auth.handler(request)
    if (!request.url.endsWith('/introspect')) return answer
    return Response.json({ ...((await answer.json()) as object), ...change })
  }
}

describe.each([
  ['encrypted', { strategy: jwt({ encrypt: true }) }, 5],
  ['signed by a secret', { strategy: hybrid(), keys: { import: [{ key: SHARED, alg: 'HS256' as const }] } }, 3],
] as const)('tokens that only the server can read: %s', (_, options, parts) => {
  it('TP-11, P1: are asked about at every use, by questions sent after it, and are nobody’s once an ending has returned', async () => {
    one = await installation(options)
    const service = await one.service()
    const { token, carrier, sid, user } = await one.person('ada')
    expect(token.split('.')).toHaveLength(parts)
    await one.settle()
    for (let i = 1; i <= 3; i++) {
      expect(must(await service.authenticate(carrier))).toMatchObject({
        userId: user.id,
        sessionId: sid,
        roles: ['member'],
        amr: ['pwd'],
        via: { transport: 'bearer' },
      })
      expect(one.questions()).toBe(i)
    }
    await one.patiently(one.auth.end(sid))
    expect(await code(service, carrier)).toBe('unauthenticated')
    expect(await code(service, holding({ bearer: `${token.slice(0, -4)}AAAA` }))).toBe('unauthenticated')
    one.way.down = true
    expect(await code(service, carrier)).toBe('unavailable')
  })
})

describe.each([
  ['session', session()],
  ['jwt, encrypted', jwt({ encrypt: true })],
] as const)('what the server says of a token of %s', (_, strategy) => {
  it.each([
    ['is not active', { active: false }, 'unauthenticated'],
    ['is active as a text', { active: 'true' }, 'unauthenticated'],
    ['JW-13: is of another issuer', { iss: 'https://evil.example' }, 'unauthenticated'],
    ['JW-12: is for others', { aud: ['https://other.example'] }, 'unauthenticated'],
    ['JW-12: is for nobody', { aud: undefined }, 'unauthenticated'],
    ['TP-11: is for refreshing only', { token_type: 'refresh_token' }, 'unauthenticated'],
    ['has no user', { sub: undefined }, 'unauthenticated'],
    ['has roles that are none', { roles: 'admin' }, 'unauthenticated'],
    ['is as it was', {}, 'in'],
  ])('lets in by what is good for that only: it %s', async (_, change, expected) => {
    one = await installation({ strategy })
    const service = await one.service()
    const { carrier } = await one.person('ada')
    told(change)
    expect(await code(service, carrier)).toBe(expected)
  })
})

it('TP-11: tokens signed by a secret are asked about beside keys of before, too, which are still published', async () => {
  const store = memory()
  const before = await installation({ strategy: hybrid(), store })
  const old = await before.person('ada')
  await before.close()
  const { clock } = before
  one = await installation({ strategy: hybrid(), store, clock, keys: { import: [{ key: SHARED, alg: 'HS256' }] } })
  expect(await one.auth.keys.published()).toHaveLength(1)
  const service = await one.service()
  const { carrier } = await one.person('bob')
  expect(await code(service, carrier)).toBe('in')
  expect(await code(service, old.carrier)).toBe('in')
})

it('takes the word of a session for no other', async () => {
  one = await installation({ strategy: session() })
  const service = await one.service()
  const { carrier } = await one.person('ada')
  const other = await one.person('bob')
  told({ sid: other.sid })
  expect(await code(service, carrier)).toBe('unauthenticated')
})

it('TP-11: a refresh token lets nobody in', async () => {
  one = await installation({ strategy: hybrid() })
  const service = await one.service()
  const { refreshToken } = await one.person('ada')
  expect(refreshToken).not.toBeNull()
  expect(await code(service, holding({ bearer: refreshToken as string }))).toBe('unauthenticated')
})

it.each([
  [401, '{}'],
  [200, 'nothing of the kind'],
  [302, ''],
  [500, '{"active":true}'],
])('P3: an answer of %i that says nothing lets nobody in: %j', async (status, body) => {
  one = await installation({ strategy: session() })
  const service = await one.service()
  const { carrier } = await one.person('ada')
  one.way.instead = (request) => (request.url.endsWith('/introspect') ? new Response(body, { status }) : null)
  expect(await code(service, carrier)).toBe(status === 200 ? 'unauthenticated' : 'unavailable')
})

it('P3: a service that the server knows no more lets nobody in once its lease is over, and signs nobody out', async () => {
  one = await installation({ strategy: hybrid() })
  const service = await one.service()
  const { carrier } = await one.warm(service)
  const [made] = await one.auth.services.list()
  must(await one.auth.services.remove(made?.id as string))
  await one.clock.advance(3100)
  expect(service.leased()).toBe(false)
  expect(await code(service, carrier)).toBe('unavailable')
})
