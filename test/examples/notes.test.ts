import { beforeAll, describe, expect, it } from 'vitest'
import { PASSWORD } from '../support/house.ts'
import { asking, HTML, type Person } from './people.ts'
import { endedWithFile, type Started, started, until } from './started.ts'
import { open } from './stream.ts'

/** The same application in four frameworks, each installed by its own lockfile and started as its README says. */
describe.each(['node', 'express', 'fastify', 'hono'])('examples/%s', (name) => {
  endedWithFile()
  let at: Started
  let admin: Person
  let someone: Person
  beforeAll(async () => {
    at = await started(name)
    admin = await asking(at).administrator(at.said())
    someone = await asking(at).member('someone')
  })

  it('says in one line where it listens, and how to make the first administrator', () => {
    expect(at.said()).toMatch(
      /^listening on http:\/\/localhost:\d+, setup: http:\/\/localhost:\d+\/auth\/setup\?token=[\w-]+\n$/m,
    )
    expect(at.said()).not.toContain('Warning')
  })

  it('has a home for everybody that says who is signed in', async () => {
    const { get } = asking(at)
    expect((await get('/')).text).toContain('Nobody is signed in')
    const own = await get('/', { cookie: someone.jar })
    expect(own).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } })
    expect(own.headers['content-type']).toContain('text/html')
    expect(own.text).toContain(`Signed in as <strong>${someone.email}</strong>`)
  })

  it('sends strangers to sign in and back, and tells programs no', async () => {
    const { get, post } = asking(at)
    const away = await get('/account', { headers: HTML })
    expect(away).toMatchObject({ status: 303, headers: { location: '/auth/sign-in?return=%2Faccount' } })
    expect((await get('/auth/sign-in?return=%2Faccount', { headers: HTML })).text).toContain('<form')
    const form = { email: someone.email, password: PASSWORD }
    const back = await post('/auth/sign-in?return=%2Faccount', { form, headers: HTML })
    expect(back).toMatchObject({ status: 303, headers: { location: '/account' } })
    expect((await get('/account', { cookie: back.jar, headers: HTML })).text).toContain('Signed in since')
    expect(await get('/api/notes')).toMatchObject({ status: 401, code: 'unauthenticated' })
  })

  it('has an administration for administrators, while they are', async () => {
    const { get, post, member } = asking(at)
    expect((await get('/admin', { cookie: someone.jar })).status).toBe(403)
    const shown = await get('/admin', { cookie: admin.jar })
    expect(shown).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } })
    expect(shown.text).toContain(someone.email)
    const second = await member('second')
    const roles = (given: readonly string[]) =>
      post(`/auth/admin/users/${second.id}`, { method: 'PATCH', cookie: admin.jar, json: { roles: given } })
    expect((await roles(['admin'])).status).toBe(200)
    expect((await get('/admin', { cookie: second.jar })).status).toBe(200)
    expect((await roles(['member'])).status).toBe(200)
    expect((await get('/admin', { cookie: second.jar })).status).toBe(403)
  })

  it('keeps notes for their owner, sent from an own page only', async () => {
    const { get, post, member } = asking(at)
    const { jar: cookie } = await member('writer')
    const note = { json: { text: '<script>alert(1)</script>' } }
    expect(await post('/api/notes', { cookie, ...note })).toMatchObject({ status: 201, body: note.json })
    const foreign = await post('/api/notes', { cookie, ...note, headers: { origin: 'https://evil.example' } })
    expect(foreign).toMatchObject({ status: 403, code: 'csrf_rejected' })
    const unproved = await get('/api/notes', { method: 'POST', cookie, ...note })
    expect(unproved).toMatchObject({ status: 403, code: 'csrf_rejected' })
    for (const json of [{}, { text: '' }, { text: 1 }, { text: 'x'.repeat(501) }, ['text']]) {
      expect((await post('/api/notes', { cookie, json })).status, JSON.stringify(json)).toBe(422)
    }
    expect((await get('/api/notes', { cookie })).body).toEqual({ notes: [expect.objectContaining(note.json)] })
    expect((await get('/account', { cookie })).text).toContain('<li>&lt;script&gt;alert(1)&lt;/script&gt;</li>')
    expect((await get('/api/notes', { cookie: someone.jar })).body).toEqual({ notes: [] })
  })

  it('tells of notes as they come, until the session ends', async () => {
    const { get, post, member } = asking(at)
    const { jar: cookie } = await member('listener')
    const events = await open(at.port, '/api/events', { cookie })
    await until(() => events.text().includes('event: notes\ndata: []'))
    await post('/api/notes', { cookie, json: { text: 'heard' } })
    await until(() => events.text().includes('"text":"heard"'))
    const out = await post('/auth/', { cookie, form: { do: 'sign-out' }, headers: HTML })
    expect(out).toMatchObject({ status: 303, headers: { location: '/auth/sign-in?done=signed-out' } })
    await until(() => events.over() === 'whole')
    expect(events.text()).toMatch(/event: ended\ndata: \{"reason":"signed_out"\}\n\n$/)
    expect((await get('/api/notes', { cookie })).status).toBe(401)
  })

  it('stops when it is told to, with what it keeps, also while somebody listens', async () => {
    const { jar: cookie } = await asking(at).member('staying')
    await asking(at).post('/api/notes', { cookie, json: { text: 'kept' } })
    await open(at.port, '/api/events', { cookie })
    expect(await at.stop()).toBe(0)
    at = await started(name, { data: at.data })
    expect(at.said()).toMatch(/^listening on http:\/\/localhost:\d+\n$/m)
    expect((await asking(at).get('/api/notes', { cookie })).body).toMatchObject({ notes: [{ text: 'kept' }] })
  })
})
