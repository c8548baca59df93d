import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Auth } from '../../src/auth.ts'
import { fresh, role } from '../../src/guard.ts'
import { gate, shared } from '../../src/next.ts'
import { jwt } from '../../src/strategies/jwt.ts'
import { adapterContract } from './contract.ts'
import type { Frame, Hooks, Served, Setup } from './frame.ts'
import { nextRouter, parts, type Route } from './next-router.ts'
import { type Place, place } from './place.ts'

const next: Frame = { name: 'Next', serve, rewrites: true, sockets: false }

adapterContract(next)

function serve(auth: Auth, { pages }: Setup, hooks: Hooks): Promise<Served> {
  const at = gate(auth, parts, { ...(pages && { pages }), remote: (headers) => headers.get('x-real-ip') ?? undefined })
  const { protect, who } = at
  const api: Route = (request) => at.handlers[request.method as 'GET']?.(request)

  const me = (request: Request) => {
    hooks.ran(new URL(request.url).pathname)
    const { user, session, via } = who(request)
    const body = { email: user.email, sid: session.id, transport: via.transport }
    return Response.json(body, { headers: { 'set-cookie': 'own=1' } })
  }
  const text = (said: string) => () => new Response(said)
  const shown = (found: { readonly user: { readonly email: string } } | null) =>
    Response.json({ email: found?.user.email ?? null })

  return nextRouter(
    auth,
    {
      '/auth/[[...path]]': api,
      '/.well-known/jwks.json': api,
      '/open': text('open'),
      '/cookies': () =>
        new Response(null, {
          headers: [
            ['set-cookie', 'a=1'],
            ['set-cookie', 'b=2'],
          ],
        }),
      '/maybe': async () => {
        const [one, two] = await Promise.all([at.current(), at.current()])
        expect(one).toBe(two)
        return shown(one)
      },
      '/me': protect('/me')(me),
      '/cached': protect('/cached')(
        () => new Response('cached', { headers: { 'cache-control': 'public, max-age=60' } }),
      ),
      '/admin': protect('/admin', role('admin'))(me),
      '/fresh': protect('/fresh', fresh('10m'))(me),
      '/typo': protect('/typo', role('typo'))(me),
      '/billing/invoices': protect('/billing/invoices')(me),
      '/slow': protect('/slow')(async () => {
        hooks.ran('/slow')
        await hooks.released()
        return new Response()
      }),
      '/stream': protect('/stream')((request) => at.stream(request, hooks.source)),
      '/[area]/list': protect('/[area]/list')(
        async (request, { params }: { params: Promise<Record<string, string>> }) => {
          hooks.ran(new URL(request.url).pathname)
          return Response.json({ area: (await params).area })
        },
      ),
      '/mistaken/[one]': protect('/mistaken/[other]')(me),
      '/page': async () => shown(await at.page('/page?tab=2')),
      '/page/admin': async () => shown(await at.page('/page/admin', role('admin'))),
      '/page/billing': async () => shown(await at.page('/billing/page')),
      '/do': async () => shown(await at.action('/do')),
      '/leave': () => at.signOut('/open'),
      '/proxied': async (request) => (await at.proxy()(request)) ?? shown(await at.page('/proxied')),
      '/proxied/next': async (request) => {
        const response = await at.proxy()(request)
        const found = await at.page('/proxied/next')
        return new Response(found.user.roles.join(' '), response ?? {})
      },
    },
    { '/alias': '/billing/invoices', '/billing/elsewhere': '/me' },
  )
}

describe('pages, actions and the proxy of Next', () => {
  let at: Place
  beforeAll(async () => {
    at = await place(next, { timeouts: { sections: [{ path: '/billing', reauthenticate: '10m' }] } })
  })
  afterAll(() => at.close())

  it('CS-10: a page is for who may see it; others are sent to sign in and back', async () => {
    const { jar, email } = await at.member('reader')
    expect((await at.ask('/page', { cookie: jar })).body).toEqual({ email })
    const away = await at.ask('/page')
    expect(away.headers.location).toBe('/auth/sign-in?return=%2Fpage%3Ftab%3D2')
    expect((await at.ask('/page/admin', { cookie: jar })).body).toEqual({ thrown: 'NextRefused', code: 'forbidden' })
  })

  it('RA-02: a page lies in its section', async () => {
    const { jar } = await at.member('payer')
    expect((await at.ask('/page/billing', { cookie: jar })).status).toBe(200)
    await at.clock.advance(10 * 60_000)
    const again = await at.ask('/page/billing', { cookie: jar })
    expect(again.headers.location).toBe('/auth/sign-in?return=%2Fbilling%2Fpage')
  })

  it('CS-01: an action is done for pages of this site only', async () => {
    const { jar, email } = await at.member('doing')
    expect((await at.post('/do', { cookie: jar })).body).toEqual({ email })
    const foreign = await at.post('/do', { cookie: jar, headers: { origin: 'https://evil.example' } })
    expect(foreign.body).toEqual({ thrown: 'NextRefused', code: 'csrf_rejected' })
    expect((await at.post('/do')).headers.location).toBe('/auth/sign-in')
  })

  it('TE-01, TE-04: the sign-out action ends the session, clears its cookie, and leads on', async () => {
    const { jar } = await at.member('leaving')
    const refused = await at.post('/leave', { cookie: jar, headers: { origin: 'https://evil.example' } })
    expect(refused.body).toEqual({ thrown: 'NextRefused', code: 'csrf_rejected' })
    expect((await at.ask('/me', { cookie: jar })).status).toBe(200)
    const left = await at.post('/leave', { cookie: jar })
    expect(left).toMatchObject({ status: 303, headers: { location: '/open' } })
    expect(left.cookies).toEqual(['sid=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax'])
    expect((await at.ask('/me', { cookie: jar })).status).toBe(401)
  })

  it('the proxy sends strangers to sign in, and lets everybody else on', async () => {
    const { jar, email } = await at.member('passing')
    const away = await at.ask('/proxied?x=1', { headers: { accept: 'text/html' } })
    // Next takes absolute ones only.
    expect(away.headers.location).toBe('http://localhost/auth/sign-in?return=%2Fproxied%3Fx%3D1')
    expect((await at.ask('/proxied', { cookie: jar })).body).toEqual({ email })
  })

  it('AZ-01: a path with a parameter that its route has not lets nobody in', async () => {
    const { jar } = await at.member('mistaken')
    expect((await at.ask('/mistaken/billing', { cookie: jar })).status).toBe(500)
  })
})

it('AZ-02, CK-12: the proxy takes the next token along, to the page as to the browser', async () => {
  const at = await place(next, { strategy: jwt() })
  const { id, jar } = await at.member('someone')
  await at.auth.setRoles(id, ['member', 'auditor'])
  const shown = await at.ask('/proxied/next', { cookie: `theme=dark; ${jar}` })
  expect(shown).toMatchObject({ status: 200, text: 'member auditor' })
  expect(shown.jar).toContain('at=')
  expect(shown.headers['cache-control']).toBe('no-store')
  at.events.length = 0
  await at.clock.advance(8 * 60_000)
  const page = await at.ask('/page', { cookie: shown.jar })
  expect(page).toMatchObject({ status: 200, cookies: [] })
  expect(at.events.filter(({ type }) => type === 'session.renewed')).toEqual([])
  await at.close()
})

it('is shared by all bundles of a process', () => {
  const made = shared('test', () => ({ n: 1 }))
  expect(shared('test', () => ({ n: 2 }))).toBe(made)
  expect(shared('another test', () => ({ n: 2 }))).toEqual({ n: 2 })
})
