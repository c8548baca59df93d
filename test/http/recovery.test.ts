import { connect } from 'node:net'
import { performance } from 'node:perf_hooks'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { httpServer } from '../../src/server/http-server.ts'
import { freePort } from '../server/free-port.ts'
import { must, PASSWORD } from '../support/house.ts'
import { afterwards, linkOf, type Mailbox, mailbox } from '../support/mailbox.ts'
import { type Reply, type Sending, type Site, site } from './site.ts'

vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('../faults/support/quick-argon2.ts'))

const NEXT = 'quite another passphrase'
let box: Mailbox
let s: Site
afterEach(() => s.close())

async function open(options: Parameters<typeof site>[0] = {}): Promise<Site> {
  box = mailbox()
  s = await site({ mailer: box, throttle: { mail: { perAddress: 10_000, perSource: 100_000 } }, ...options })
  return s
}

/** All of an answer but what is another with every request. */
function bytes({ status, headers, text }: Reply): string {
  const rest = [...headers].filter(([name]) => name !== 'x-request-id')
  return JSON.stringify([status, rest, text.replace(/"requestId":"[^"]*"/, '')])
}

const forgot = (email: string, sending: Sending = {}) => s.post('/auth/password/forgot', { email }, sending)

describe('POST password/forgot', () => {
  it('RC-03: answers with the same bytes for known, unknown and locked addresses', async () => {
    await open()
    await s.member('ann')
    const { id } = await s.member('bea')
    await s.auth.lock(id)
    const answers = await Promise.all(
      ['ann@example.com', 'bea@example.com', 'nobody@example.com', 'x'].map((one) => forgot(one)),
    )
    expect(new Set(answers.map(bytes)).size).toBe(1)
    expect(answers[0]).toMatchObject({ status: 202, text: '', cookies: [] })
    await afterwards(s)
    expect(box.mails).toHaveLength(1)
  })

  it('RC-03: takes no longer for a known address, nor for a mailer that is slow', async () => {
    await open({ clock: systemClock, mailer: { send: () => new Promise((resolve) => setTimeout(resolve, 50)) } })
    must(await s.auth.users.create({ email: 'ann@example.com', password: PASSWORD }))
    const spent: Record<'ann' | 'nobody', number[]> = { ann: [], nobody: [] }
    for (let i = 0; i < 200; i++) {
      for (const who of i % 2 ? (['ann', 'nobody'] as const) : (['nobody', 'ann'] as const)) {
        const began = performance.now()
        expect((await forgot(`${who}@example.com`)).status).toBe(202)
        spent[who].push(performance.now() - began)
      }
    }
    const median = (all: number[]) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0
    const [known, unknown] = [median(spent.ann), median(spent.nobody)]
    expect(Math.abs(known - unknown)).toBeLessThan(Math.max(1, Math.max(known, unknown) / 2))
  })

  it('TH-10: an answer does not wait for the mailer, and a sign-up does not either', async () => {
    let sending = 0
    await open({
      verifyEmail: true,
      mailer: {
        send: () => {
          sending += 1
          return new Promise(() => {})
        },
      },
    })
    await s.member('ann')
    expect((await forgot('ann@example.com')).status).toBe(202)
    const given = { email: 'new@example.com', password: PASSWORD }
    expect((await s.post('/auth/sign-up', given)).status).toBe(202)
    await afterwards(s)
    expect(sending).toBe(2)
    await s.patiently(s.close())
  })

  it('is refused where nothing sends mail, alike for everybody', async () => {
    s = await site()
    await s.member('ann')
    const answers = [await forgot('ann@example.com'), await forgot('nobody@example.com')]
    expect(new Set(answers.map(bytes)).size).toBe(1)
    expect(answers[0]).toMatchObject({ status: 400, code: 'not_supported' })
  })
})

describe('POST sign-up with verification', () => {
  it('TH-09: answers with the same bytes for a free and a taken address, without a session', async () => {
    await open({ verifyEmail: true })
    await s.member('ann')
    const signUp = (email: string) => s.post('/auth/sign-up', { email, password: PASSWORD, name: 'X' })
    const [free, taken] = [await signUp('new@example.com'), await signUp('ann@example.com')]
    expect(bytes(free)).toBe(bytes(taken))
    expect(free).toMatchObject({ status: 202, body: { status: 'verification_sent' }, cookies: [] })
    await afterwards(s)
    expect(box.mails.map(({ kind, to }) => `${kind} ${to}`).sort()).toEqual([
      'address_taken ann@example.com',
      'verification new@example.com',
    ])
    const link = new URL(linkOf(box.of('verification')[0] ?? { text: '' }))
    expect(`${link.origin}${link.pathname}`).toBe('https://app.example/auth/verify')
    for (const method of ['GET', 'HEAD']) await s.send(method, `${link.pathname}${link.search}`)
    const token = link.searchParams.get('token')
    expect((await s.post('/auth/email/verify', { token })).status).toBe(204)
    expect((await s.post('/auth/email/verify', { token })).status).toBe(400)
    expect((await s.post('/auth/sign-in', { email: 'new@example.com', password: PASSWORD })).status).toBe(200)
  })
})

describe('the whole way', () => {
  it('RC-04: a reset by link: 204, no cookie, every session over, the old password dead', async () => {
    await open()
    const { cookie, email } = await s.member('ann')
    await forgot(email)
    await afterwards(s)
    const reply = await s.post('/auth/password/reset', { token: box.token('reset'), newPassword: NEXT })
    expect(reply).toMatchObject({ status: 204, cookies: [] })
    expect((await s.get('/auth/session', { cookie })).code).toBe('session_revoked')
    expect((await s.post('/auth/sign-in', { email, password: PASSWORD })).status).toBe(401)
    expect((await s.post('/auth/sign-in', { email, password: NEXT })).status).toBe(200)
  })

  it('RC-07: another address: 202, the link of the new one 204, the objection of the old one 204', async () => {
    await open()
    const { cookie, email } = await s.member('ann')
    const wanted = { email: 'next@example.com', password: PASSWORD }
    expect(await s.post('/auth/email', { ...wanted, password: 'a wrong passphrase' }, { cookie })).toMatchObject({
      status: 401,
    })
    expect((await s.post('/auth/email', wanted)).status).toBe(401)
    expect((await s.post('/auth/email', wanted, { cookie })).status).toBe(202)
    await afterwards(s)
    expect((await s.get('/auth/session', { cookie })).body.user).toMatchObject({ email })
    expect((await s.post('/auth/email/verify', { token: box.token('email_confirmation') })).status).toBe(204)
    expect((await s.get('/auth/session', { cookie })).body.user).toMatchObject({
      email: 'next@example.com',
      emailVerified: true,
    })
    expect((await s.post('/auth/email/object', { token: box.token('email_requested') })).status).toBe(204)
    expect((await s.get('/auth/session', { cookie })).code).toBe('session_revoked')
  })

  it('RC-06: an administrator invites, and can have a link sent; no answer holds a link, and no route sets a password', async () => {
    await open()
    const admin = await s.member('admin', ['admin'])
    const as = { cookie: admin.cookie }
    const made = await s.post('/auth/admin/users', { email: 'ann@example.com' }, as)
    expect(made.status).toBe(201)
    await afterwards(s)
    const token = box.token('invitation')
    expect(made.text).not.toContain(token)
    const { id } = made.body.user as { id: string }
    expect(await s.call('PATCH', `/auth/admin/users/${id}`, { ...as, body: { password: NEXT } })).toMatchObject({
      status: 400,
    })
    expect((await s.post('/auth/password/reset', { token, newPassword: NEXT })).status).toBe(204)
    const sent = await s.post(`/auth/admin/users/${id}/send-reset`, undefined, as)
    expect(sent).toMatchObject({ status: 202, text: '' })
    const chosen = await s.post('/auth/admin/users', { email: 'bob@example.com', password: PASSWORD }, as)
    expect(chosen.status).toBe(201)
    const signedIn = await s.post('/auth/sign-in', { email: 'bob@example.com', password: PASSWORD })
    expect(signedIn).toMatchObject({ status: 200, body: { status: 'password_change_required' }, cookies: [] })
    const kept = { token: signedIn.body.token, newPassword: PASSWORD }
    expect(await s.post('/auth/password/reset', kept)).toMatchObject({ status: 422, code: 'password_unchanged' })
  })

  it('AZ-03: an export is the caller’s own', async () => {
    await open()
    const { cookie, id, sid } = await s.member('ann')
    await s.member('bea')
    const reply = await s.get('/auth/user/export', { cookie })
    expect(reply).toMatchObject({ status: 200, body: { user: { id }, sessions: [{ id: sid, current: true }] } })
    expect(reply.headers.get('cache-control')).toBe('no-store')
    expect(reply.text).not.toContain('bea')
  })
})

describe('RC-05: the links in messages', () => {
  const FORGED: readonly (readonly [string, string])[] = [
    ['host', 'evil.example'],
    ['x-forwarded-host', 'evil.example'],
    ['forwarded', 'host=evil.example;proto=http'],
    ['x-original-url', 'https://evil.example/'],
    ['origin', 'https://evil.example'],
    ['referer', 'https://evil.example/'],
  ]

  it('RC-05: carry the configured address, whatever a request says it was sent to', async () => {
    await open({ trustedProxies: ['127.0.0.1'] })
    await s.member('ann')
    const port = await freePort()
    const server = httpServer(
      (request, connection) => s.auth.handler(request, connection),
      () => {},
    )
    await server.listen(port, '127.0.0.1')
    try {
      const body = JSON.stringify({ email: 'ann@example.com' })
      const ask = (target: string, headers: readonly (readonly [string, string])[]) =>
        new Promise<string>((resolve, reject) => {
          const socket = connect(port, '127.0.0.1', () => {
            const host = headers.some(([name]) => name === 'host') ? [] : [['host', `127.0.0.1:${port}`] as const]
            const lines = [
              ...host,
              ...headers,
              ['content-type', 'application/json'],
              ['content-length', `${body.length}`],
              ['connection', 'close'],
            ]
            socket.write(
              `POST ${target} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`,
            )
          })
          let text = ''
          socket.setEncoding('utf8')
          socket.on('data', (chunk: string) => {
            text += chunk
          })
          socket.on('end', () => resolve(text.split('\r\n')[0] ?? ''))
          socket.on('error', reject)
        })
      const answers = [
        ...(await Promise.all(FORGED.map((header) => ask('/auth/password/forgot', [header])))),
        await ask('/auth/password/forgot', FORGED),
        await ask('http://evil.example/auth/password/forgot', []),
      ]
      expect(answers.filter((line) => line.includes(' 202 ')).length).toBeGreaterThanOrEqual(FORGED.length)
      await afterwards(s)
      expect(box.mails.length).toBeGreaterThanOrEqual(FORGED.length)
      for (const mail of box.mails) {
        expect(new URL(linkOf(mail)).origin).toBe('https://app.example')
        expect(`${mail.text}${mail.html}${mail.subject}`).not.toContain('evil')
      }
    } finally {
      await server.stop(100)
    }
  })

  it('RC-05: a library that is told of a host in no way has none to put in', async () => {
    await open()
    await s.member('ann')
    must(await s.auth.forgotPassword('ann@example.com', { source: '192.0.2.1', userAgent: 'https://evil.example' }))
    await afterwards(s)
    expect(box.mails[0]?.text).not.toContain('evil')
  })
})
