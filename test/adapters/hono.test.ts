import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { type Context, type Env, Hono } from 'hono'
import { hc } from 'hono/client'
import { expect, it } from 'vitest'
import type { Auth } from '../../src/auth.ts'
import { fresh, type Guard, role } from '../../src/guard.ts'
import { gate, type HonoGate } from '../../src/hono.ts'
import { house } from '../support/house.ts'
import { adapterContract } from './contract.ts'
import type { Hooks, Served, Setup } from './frame.ts'
import { listening } from './listening.ts'

type Handler = (context: Context) => Response | Promise<Response>
/** A protected route: where, what protects it, and what it does. */
type Put = (app: Hono, path: string, guards: readonly Guard[], handler: Handler) => void

adapterContract({ name: 'Hono', serve: serving(before), rewrites: true, sockets: false })
adapterContract({ name: 'Hono, around a handler', serve: serving(around), rewrites: true, sockets: false })

function before({ protect }: HonoGate): Put {
  return (app, path, guards, handler) => void app.all(path, protect(...guards), handler)
}

function around({ guarded }: HonoGate): Put {
  return (app, path, guards, handler) => void app.all(path, guarded(handler, ...guards))
}

function serving(way: (gate: HonoGate) => Put) {
  return (auth: Auth, setup: Setup, hooks: Hooks) => serve(auth, setup, hooks, way)
}

function serve(auth: Auth, { parsed, pages }: Setup, hooks: Hooks, way: (gate: HonoGate) => Put): Promise<Served> {
  const all = gate(auth, pages ? { pages } : {})
  const { handler, who, authenticate, stream } = all
  const put = way(all)
  const app = new Hono({
    getPath(request) {
      const { pathname } = new URL(request.url)
      return pathname === '/alias' ? '/billing/invoices' : pathname === '/billing/elsewhere' ? '/me' : pathname
    },
  })
  if (parsed) {
    app.use(async (c, next) => {
      const type = c.req.header('content-type') ?? ''
      try {
        if (/json/.test(type)) await c.req.json()
        if (/urlencoded/.test(type)) await c.req.parseBody()
      } catch {
        return c.body(null, 400)
      }
      return next()
    })
  }
  app.use(handler)

  const me = (c: Context) => {
    hooks.ran(c.req.path)
    const { user, session, via } = who(c)
    c.header('Set-Cookie', 'own=1', { append: true })
    return c.json({ email: user.email, sid: session.id, transport: via.transport })
  }
  app.get('/open', (c) => c.text('open'))
  app.get('/cookies', (c) => {
    c.header('Set-Cookie', 'a=1', { append: true })
    c.header('Set-Cookie', 'b=2', { append: true })
    return c.body(null)
  })
  app.get('/maybe', async (c) => {
    const found = await authenticate(c)
    return c.json({ email: found.ok ? found.value.user.email : null })
  })
  put(app, '/me', [], me)
  put(app, '/cached', [], () => new Response('cached', { headers: { 'cache-control': 'public, max-age=60' } }))
  put(app, '/admin', [role('admin')], me)
  put(app, '/fresh', [fresh('10m')], me)
  put(app, '/typo', [role('typo')], me)
  put(app, '/slow', [], async ({ req }) => {
    hooks.ran(req.path)
    await hooks.released()
    return new Response(null, { status: 200 })
  })
  put(app, '/stream', [], (c) => stream(c, hooks.source))
  put(app, '/billing/invoices', [], me)
  put(app, '/:area/list', [], (c) => {
    hooks.ran(c.req.path)
    return c.json({ area: c.req.param('area') })
  })
  return listening(createServer(getRequestListener(app.fetch, { overrideGlobalObjects: false })))
}

it('CS-08: a request for a WebSocket is judged by its origin before it is routed', async () => {
  const h = await house({ baseUrl: 'http://localhost' })
  const { cookie } = await h.enter('someone')
  const { protect } = gate(h.auth)
  const app = new Hono()
  app.get('/live', protect(), (c) => c.text('opened'))
  const sent = (headers: Record<string, string>) =>
    app.request('http://localhost/live', {
      headers: { cookie, upgrade: 'websocket', connection: 'upgrade', ...headers },
    })
  expect((await sent({ origin: 'http://localhost' })).status).toBe(200)
  expect((await sent({ origin: 'https://evil.example' })).status).toBe(403)
  expect((await sent({})).status).toBe(403)
  await h.close()
})

it('AZ-05: a request that the application makes itself is judged by its own headers, not by those of the one that came', async () => {
  const h = await house({ baseUrl: 'http://localhost' })
  const { cookie } = await h.enter('someone')
  const { protect, who } = gate(h.auth)
  const app = new Hono<{ Bindings: { incoming: unknown } }>()
  app.get('/outer', protect(), async (c) => {
    const inner = await app.fetch(new Request('http://localhost/inner'), c.env)
    const own = await app.fetch(new Request('http://localhost/inner', { headers: { cookie } }), c.env)
    return c.json([inner.status, own.status])
  })
  app.get('/inner', protect(), (c) => c.text(who(c).user.email))
  const { port, close } = await listening(createServer(getRequestListener(app.fetch, { overrideGlobalObjects: false })))
  const answer = await fetch(`http://127.0.0.1:${port}/outer`, { headers: { cookie } })
  expect(await answer.json()).toEqual([401, 200])
  await close()
  await h.close()
})

it('AZ-05: what stands before a whole part of an application holds for every route below', async () => {
  const h = await house({ baseUrl: 'http://localhost' })
  const { cookie } = await h.enter('someone')
  const { protect, who } = gate(h.auth)
  const app = new Hono()
  app.use('/billing/*', protect())
  app.get('/billing/invoices', (c) => c.text(who(c).user.email))
  expect((await app.request('http://localhost/billing/invoices')).status).toBe(401)
  expect((await app.request('http://localhost/billing/invoices', { headers: { cookie } })).status).toBe(200)
  await h.close()
})

it('a route keeps the type of what a handler that is guarded answers', async () => {
  const h = await house({ baseUrl: 'http://localhost' })
  const { cookie } = await h.enter('someone')
  const { guarded } = gate(h.auth)
  const app = new Hono().get(
    '/teams/:team',
    guarded((c: Context<Env, '/teams/:team'>) => c.json({ team: c.req.param('team') })),
  )
  const client = hc<typeof app>('http://localhost', { fetch: app.request.bind(app) as typeof fetch })
  const answer = await client.teams[':team'].$get({ param: { team: 'red' } }, { headers: { cookie } })
  const { team }: { team: string } = await answer.json()
  expect(team).toBe('red')
  await h.close()
})
