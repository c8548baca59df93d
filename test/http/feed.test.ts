import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { StoreUnavailable } from '../../src/errors.ts'
import type { CreatedService } from '../../src/flows/services.ts'
import type { SessionId } from '../../src/session.ts'
import type { Store } from '../../src/store.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { must } from '../support/house.ts'
import { type Member, type Reply, type Sending, type Site, signedInAs, site } from './site.ts'

let s: Site
let member: Member
let billing: CreatedService
let other: CreatedService

const base = memory()
let down = false

/** A store whose feed can fail. */
const store: Store = (() => {
  const { feed } = base.users.source
  const read: typeof feed.read = (...asked) =>
    down ? Promise.reject(new StoreUnavailable('down')) : feed.read(...asked)
  const source = { ...base.users.source, feed: { ...feed, read } }
  return Object.fromEntries(Object.entries(base).map(([name, port]) => [name, { ...port, source }])) as Store
})()

beforeAll(async () => {
  s = await site({ store })
  member = await s.member('ada')
  billing = must(await s.auth.services.create('billing'))
  other = must(await s.auth.services.create('other'))
})
afterEach(() => {
  down = false
})
afterAll(() => s.close())

const basic = ({ id, secret }: Pick<CreatedService, 'id' | 'secret'>) =>
  `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`

type Asking = Sending & { readonly as?: string | null }

const asking = ({ as = basic(billing), ...sending }: Asking): Sending => ({
  from: null,
  ...sending,
  headers: { ...(as !== null && { authorization: as }), ...sending.headers },
})

const get = (query: Record<string, string | number> | string = {}, given: Asking = {}): Promise<Reply> => {
  const search = typeof query === 'string' ? query : new URLSearchParams(query as Record<string, string>)
  return s.call('GET', `/auth/feed?${search}`, asking(given))
}
const ack = (body: unknown, given: Asking = {}) => s.call('POST', '/auth/feed/ack', asking({ body, ...given }))

type Told = { readonly place: string; readonly lease: boolean; readonly feeds: readonly Record<string, unknown>[] }
const told = ({ status, body }: Reply): Told => {
  expect(status).toBe(200)
  return body as never
}

const register = async (given: Asking = {}) => told(await get({}, given)).place

describe('GET feed', () => {
  it('registers without a place, reads after one, and says no more of anybody than ids', async () => {
    const place = await register()
    const reply = await get({ place })
    expect(reply.headers.get('cache-control')).toBe('no-store')
    expect(reply.cookies).toEqual([])
    expect(told(reply)).toMatchObject({ lease: true, feeds: [{ standing: 'good', complete: true, entries: [] }] })
    const { session } = await signedInAs(s, member.email)
    const ending = s.auth.end(session.id)
    await s.clock.advance(5)
    const next = await get({ place })
    expect(told(next).feeds).toMatchObject([{ entries: [{ change: { kind: 'ended', sessions: [session.id] } }] }])
    expect(next.text).not.toContain('ada')
    expect((await ack({ place: told(next).place })).status).toBe(204)
    await s.patiently(ending)
    await ack({ place, leave: true })
  })

  it('asked for the epoch makes no row', async () => {
    const before = await base.users.source.feed.rows()
    const reply = await get({ ask: 'epoch' })
    expect(reply.body).toEqual({ total: 1, feeds: [{ feed: 0, epoch: await base.users.source.feed.epoch() }] })
    expect(await base.users.source.feed.rows()).toHaveLength(before.length)
  })

  it('reads as many entries as are asked for, and says that there are more', async () => {
    const place = await register()
    for (const sid of ['a', 'b', 'c'] as SessionId[]) {
      await base.denials.deny({ sid, reason: 'signed_out', until: 2e12 }, s.clock.now())
    }
    const page = told(await get({ place, limit: 2 }))
    expect(page.feeds).toMatchObject([{ complete: false, entries: [{}, {}] }])
    const rest = told(await get({ place: page.place, limit: 2, once: 'zq-9' }))
    expect(rest.feeds).toMatchObject([{ complete: true, entries: [{}] }])
    await ack({ place, leave: true })
  })

  it('waits for news, and says that no lease is to be counted from that', async () => {
    const place = await register()
    const quiet = get({ place, wait: 2 })
    await s.clock.advance(2000)
    expect(told(await quiet)).toMatchObject({ lease: false, feeds: [{ entries: [] }] })
    const waiting = get({ place, wait: 25 })
    await s.clock.advance(3000)
    await base.denials.deny({ sid: 'x' as SessionId, reason: 'signed_out', until: 2e12 }, s.clock.now())
    await s.clock.advance(0)
    expect(told(await waiting)).toMatchObject({ lease: false, feeds: [{ entries: [{}] }] })
    await ack({ place, leave: true })
  })

  it('gives up its wait when the client is gone', async () => {
    const place = await register()
    const gone = new AbortController()
    const url = `${s.auth.setting.baseUrl.origin}/auth/feed?place=${place}&wait=25`
    const headers = { authorization: basic(billing) }
    let answered = false
    const asked = s.auth.handler(new Request(url, { headers, signal: gone.signal })).then(() => {
      answered = true
    })
    await s.clock.advance(1000)
    expect(answered).toBe(false)
    gone.abort()
    await s.clock.advance(0)
    expect(answered).toBe(true)
    await asked
    await ack({ place, leave: true })
  })

  it('ER-02: answers 503 when the database does not', async () => {
    const place = await register()
    down = true
    const reply = await get({ place })
    expect(reply).toMatchObject({ status: 503, code: 'unavailable' })
    expect(reply.headers.get('retry-after')).toBe('1')
    await ack({ place, leave: true })
  })

  it('TH-10: gives no service more than 64 rows, and says when to come again', async () => {
    const as = basic(must(await s.auth.services.create('many')))
    const places: string[] = []
    for (let i = 0; i < 64; i++) places.push(await register({ as }))
    const refused = await get({}, { as })
    expect(refused).toMatchObject({ status: 429, code: 'throttled' })
    expect(refused.headers.get('retry-after')).toBe('60')
    for (const place of places) expect((await ack({ place, leave: true }, { as })).status).toBe(204)
    await ack({ place: await register({ as }), leave: true }, { as })
  })
})

describe('POST feed/ack', () => {
  it('TO-04: tells of uses, with a place or without', async () => {
    const { session } = await signedInAs(s, member.email)
    await s.clock.advance(60_000)
    const at = s.clock.now()
    expect((await ack({ uses: [{ sid: session.id, at, counter: 0 }] })).status).toBe(204)
    await s.clock.advance(120_000)
    expect((await base.sessions.find(session.id))?.lastActiveAt).toBe(at)
  })

  it('takes a thousand uses at once, and not one more', async () => {
    const uses = Array.from({ length: 1000 }, (_, i) => ({
      sid: `nobody${i}`.padEnd(22, '_'),
      counter: 1_000_000 + i,
      at: 1_800_000_000_000 + i,
    }))
    const place = await register()
    expect((await ack({ place, uses })).status).toBe(204)
    const more = await ack({ place, uses: [...uses, { sid: 'x', at: 0 }] })
    expect(more).toMatchObject({ status: 400, code: 'invalid_request', body: { errors: [{ code: 'too_long' }] } })
    await ack({ place, leave: true })
  })

  it('ER-06: is bounded', async () => {
    const raw = { content: JSON.stringify({ place: 'x'.repeat(140_000) }), type: 'application/json' }
    expect(await ack(undefined, { raw })).toMatchObject({ status: 413, code: 'payload_too_large' })
  })
})

describe('who may', () => {
  const ways = [
    ['GET feed', (given: Asking) => get({ ask: 'epoch' }, given)],
    ['POST feed/ack', (given: Asking) => ack({}, given)],
  ] as const

  it.each(ways)('TP-11: %s: nobody but a service', async (_, call) => {
    expect((await call({})).status).toBeLessThan(300)
    const bad = [null, `${basic(billing).slice(0, -4)}AAA=`, 'Bearer x', `Bearer ${billing.id}.${'A'.repeat(43)}`]
    for (const as of bad) {
      const reply = await call({ as, cookie: member.cookie })
      expect(reply).toMatchObject({ status: 401, code: 'unauthenticated', cookies: [] })
      expect(reply.headers.get('www-authenticate')).toBe('Basic realm="auth"')
    }
  })

  it('a removed service reads nothing more', async () => {
    const gone = must(await s.auth.services.create('gone'))
    const as = basic(gone)
    const place = await register({ as })
    must(await s.auth.services.remove(gone.id))
    expect((await get({ place }, { as })).status).toBe(401)
    await s.clock.advance(4000)
  })

  it('TP-11: a place is of one service, and nobody can make one', async () => {
    const place = await register()
    const refused = { status: 400, code: 'invalid_request', body: { errors: [{ path: 'place', code: 'invalid' }] } }
    const theirs = { as: basic(other) }
    expect(await get({ place }, theirs)).toMatchObject(refused)
    expect(await get({ place, ask: 'register' }, theirs)).toMatchObject(refused)
    expect(await ack({ place }, theirs)).toMatchObject(refused)
    expect(await ack({ place, leave: true }, theirs)).toMatchObject(refused)
    for (const text of ['', 'x', place.slice(0, -1), `${place}A`, place.slice(1)]) {
      expect(await get({ place: text })).toMatchObject(refused)
      expect(await ack({ place: text })).toMatchObject(refused)
    }
    expect((await get({ place })).status).toBe(200)
    await ack({ place, leave: true })
  })
})

describe('bad input', () => {
  it.each([
    ['wait=26', 'wait', 'too_long'],
    ['wait=-1', 'wait', 'invalid'],
    ['wait=1.5', 'wait', 'invalid'],
    ['wait=01', 'wait', 'invalid'],
    ['wait=', 'wait', 'invalid'],
    ['limit=0', 'limit', 'too_short'],
    ['limit=501', 'limit', 'too_long'],
    ['feed=1', 'feed', 'invalid'],
    ['feed=0&place=x', 'feed', 'invalid'],
    ['ask=read', 'place', 'required'],
    ['ask=everything', 'ask', 'invalid'],
    [`place=${'x'.repeat(7000)}`, 'place', 'too_long'],
    ['rows=1', 'rows', 'unknown'],
    ['wait=1&wait=2', 'wait', 'duplicate'],
  ])('ER-05: %s is refused, and said why', async (query, path, code) => {
    const rows = await base.users.source.feed.rows()
    const reply = await get(query)
    expect(reply).toMatchObject({ status: 400, code: 'invalid_request', body: { errors: [{ path, code }] } })
    expect(await base.users.source.feed.rows()).toHaveLength(rows.length)
  })

  const use = { sid: 'x', at: 1 }
  it.each([
    [{ leave: true }, 'place', 'required'],
    [{ leave: 'yes', place: 'x' }, 'leave', 'type'],
    [{ place: 7 }, 'place', 'type'],
    [{ uses: use }, 'uses', 'type'],
    [{ uses: [use, { sid: 'x' }] }, 'uses.1.at', 'required'],
    [{ uses: [{ ...use, at: -1 }] }, 'uses.0.at', 'too_short'],
    [{ uses: [{ ...use, at: 1.5 }] }, 'uses.0.at', 'type'],
    [{ uses: [{ ...use, at: '1' }] }, 'uses.0.at', 'type'],
    [{ uses: [{ ...use, sid: '' }] }, 'uses.0.sid', 'too_short'],
    [{ uses: [{ ...use, sid: 'x'.repeat(65) }] }, 'uses.0.sid', 'too_long'],
    [{ uses: [{ ...use, counter: -1 }] }, 'uses.0.counter', 'too_short'],
    [{ uses: [{ ...use, ip: '192.0.2.1' }] }, 'uses.0.ip', 'unknown'],
    [{ more: 1 }, 'more', 'unknown'],
  ])('ER-05: %j is refused, and said why', async (body, path, code) => {
    const reply = await ack(body)
    expect(reply).toMatchObject({ status: 400, code: 'invalid_request', body: { errors: [{ path, code }] } })
  })
})

it('the document describes both, for services', async () => {
  const { paths, components } = (await s.get('/openapi.json')).body as never as {
    paths: Record<string, Record<string, { security: unknown; parameters?: readonly { name: string }[] }>>
    components: { schemas: Record<string, unknown> }
  }
  expect(paths['/auth/feed']?.get?.security).toEqual([{ service: [] }])
  expect(paths['/auth/feed']?.get?.parameters?.map(({ name }) => name)).toEqual([
    'place',
    'ask',
    'feed',
    'wait',
    'limit',
    'once',
  ])
  expect(paths['/auth/feed/ack']?.post?.security).toEqual([{ service: [] }])
  expect(components.schemas).toHaveProperty('Entry')
})
