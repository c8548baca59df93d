import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cookieFrom, type Member, PASSWORD, type Site, signedInAs, site } from './site.ts'

const MINUTE = 60_000

let s: Site
let member: Member
let cookie: string

beforeAll(async () => {
  s = await site()
  member = await s.member('member')
})
beforeEach(async () => {
  cookie = cookieFrom(await signedInAs(s, member.email))
})
afterAll(() => s.close())

type Event = { readonly event: string; readonly id: string; readonly data: Record<string, unknown> }

/** Reads a stream as it comes: what has arrived, and whether it is over. */
async function open(of: string) {
  const response = await s.send('GET', '/auth/session/events', { cookie: of })
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  const seen = { text: '', over: false }
  const decoder = new TextDecoder()
  const reading = (async () => {
    for (let next = await reader.read(); !next.done; next = await reader.read()) seen.text += decoder.decode(next.value)
    seen.over = true
  })()
  await s.clock.advance(0)
  return {
    response,
    seen,
    names: () => events(seen.text).map(({ event }) => event),
    last: () => events(seen.text).at(-1),
    async cancel() {
      await reader.cancel()
      await reading
    },
  }
}

function events(text: string): Event[] {
  return text
    .split('\n\n')
    .filter((block) => block.includes('event:'))
    .map((block) => {
      const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2)))
      return { event: fields.event, id: fields.id, data: JSON.parse(fields.data) }
    })
}

describe('GET session/events', () => {
  it('TO-07: begins with the deadlines, and is a stream nothing on the way holds back', async () => {
    const stream = await open(cookie)
    const { headers, status } = stream.response
    expect(status).toBe(200)
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    })
    expect(stream.seen.text).toMatch(/^retry: 2000\n\nid: 1\nevent: policy\ndata: \{/)
    const now = s.clock.now()
    expect(stream.last()?.data).toEqual({
      ...{ now, idleExpiresAt: now + 30 * MINUTE, expiresAt: now + 720 * MINUTE, warnAt: now + 28 * MINUTE },
    })
    await stream.cancel()
  })

  it('TO-07, P8: warns once ahead of time, tells of an extension, and is itself no activity', async () => {
    await s.clock.advance(10 * MINUTE)
    const stream = await open(cookie)
    await s.clock.advance(18 * MINUTE)
    expect(stream.names()).toEqual(['policy', 'warning'])
    await s.clock.advance(MINUTE)
    expect(stream.names()).toEqual(['policy', 'warning'])
    await s.post('/auth/session/renew', undefined, { cookie })
    await s.clock.advance(2000)
    expect(stream.last()).toMatchObject({ event: 'extended', id: '3' })
    await s.clock.advance(31 * MINUTE)
    expect(stream.names()).toEqual(['policy', 'warning', 'extended', 'warning', 'ended'])
    expect(stream.last()?.data).toEqual({ reason: 'session_expired_idle' })
    expect(stream.seen.over).toBe(true)
  })

  it('TE-11: ends with the session, whoever ends it', async () => {
    const stream = await open(cookie)
    await s.post('/auth/sign-out', undefined, { cookie })
    await s.clock.advance(10)
    expect(stream.last()).toMatchObject({ event: 'ended', data: { reason: 'signed_out' } })
    expect(stream.seen.over).toBe(true)

    const victim = await s.member('victim')
    const locked = await open(victim.cookie)
    await s.auth.lock(victim.id)
    await s.clock.advance(10)
    expect(locked.last()).toMatchObject({ event: 'ended', data: { reason: 'user_locked' } })
    expect(locked.seen.over).toBe(true)
  })

  it('TE-11: ends at the absolute limit', async () => {
    const stream = await open(cookie)
    for (let i = 0; i < 36; i++) {
      await s.clock.advance(20 * MINUTE - 1)
      await s.get('/auth/user', { cookie })
    }
    expect(stream.seen.over).toBe(false)
    await s.clock.advance(1000)
    expect(stream.last()).toMatchObject({ event: 'ended', data: { reason: 'session_expired_absolute' } })
    expect(stream.seen.over).toBe(true)
  })

  it('AZ-02: tells of changed roles', async () => {
    const someone = await s.member('someone')
    const stream = await open(someone.cookie)
    await s.auth.setRoles(someone.id, ['member', 'auditor'])
    await s.clock.advance(10)
    expect(stream.last()).toMatchObject({ event: 'changed', data: { roles: ['member', 'auditor'] } })
    await stream.cancel()
  })

  it('goes on under a new token', async () => {
    const stream = await open(cookie)
    await s.post('/auth/reauthenticate', { password: PASSWORD }, { cookie })
    await s.clock.advance(MINUTE)
    expect(stream.seen.over).toBe(false)
    await stream.cancel()
  })

  it('sends a comment every 20 s, so that nothing takes it for dead', async () => {
    const stream = await open(cookie)
    await s.clock.advance(MINUTE)
    expect(stream.seen.text.match(/^: /gm)).toHaveLength(3)
    await stream.cancel()
    const { text } = stream.seen
    await s.clock.advance(MINUTE)
    expect(stream.seen.text).toBe(text)
  })

  it('lets a session hold 20 streams, and another when one was closed', async () => {
    const streams = await Promise.all(Array.from({ length: 20 }, () => open(cookie)))
    const refused = await s.get('/auth/session/events', { cookie })
    expect(refused).toMatchObject({ status: 429, code: 'throttled' })
    expect(refused.headers.get('retry-after')).toBe('10')
    await streams[0]?.cancel()
    const next = await open(cookie)
    expect(next.response.status).toBe(200)
    for (const stream of [...streams.slice(1), next]) await stream.cancel()
  })

  it('HEAD opens none', async () => {
    for (let i = 0; i < 25; i++) expect((await s.call('HEAD', '/auth/session/events', { cookie })).status).toBe(200)
  })

  it('gives up a client that does not read', async () => {
    const response = await s.send('GET', '/auth/session/events', { cookie })
    await s.clock.advance(25 * MINUTE)
    const text = await response.text()
    expect(text.match(/^: /gm)?.length).toBeLessThan(64)
  })

  it('is for whoever is signed in', async () => {
    expect(await s.get('/auth/session/events')).toMatchObject({ status: 401, code: 'unauthenticated' })
  })
})
