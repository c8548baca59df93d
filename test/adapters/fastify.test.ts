import type { AddressInfo } from 'node:net'
import { type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import type { Auth } from '../../src/auth.ts'
import { gate } from '../../src/fastify.ts'
import { fresh, role } from '../../src/guard.ts'
import { adapterContract } from './contract.ts'
import type { Hooks, Served, Setup } from './frame.ts'

adapterContract({ name: 'Fastify 5', serve, rewrites: true, sockets: true })

async function serve(auth: Auth, { parsed, pages }: Setup, hooks: Hooks): Promise<Served> {
  const { plugin, protect, who, authenticate, stream, upgrade } = gate(auth, pages ? { pages } : {})
  const app = fastify({
    forceCloseConnections: true,
    routerOptions: { ignoreTrailingSlash: true, caseSensitive: false },
    rewriteUrl({ url = '/' }) {
      return url === '/billing/elsewhere' ? '/me' : url.replace(/^\/alias(?=\?|$)/, '/billing/invoices')
    },
  })
  // Fastify reads JSON by itself, and forms where somebody lets it.
  if (parsed) {
    app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_, body, done) => {
      done(null, Object.fromEntries(new URLSearchParams(String(body))))
    })
  }
  await app.register(plugin)
  app.addHook('preHandler', async ({ who, url }) => {
    if (who !== null) hooks.ran(url)
  })

  const me = async (request: FastifyRequest, reply: FastifyReply) => {
    const { user, session, via } = who(request)
    reply.header('Set-Cookie', 'own=1')
    return { email: user.email, sid: session.id, transport: via.transport }
  }
  app.get('/open', async () => 'open')
  app.get('/cookies', (_, reply) => void reply.header('Set-Cookie', 'a=1').header('Set-Cookie', 'b=2').send())
  app.get('/maybe', async (request) => {
    const found = await authenticate(request)
    return { email: found.ok ? found.value.user.email : null }
  })
  app.route({ method: ['GET', 'POST'], url: '/me', onRequest: protect(), handler: me })
  app.get('/cached', { onRequest: protect() }, async (_, reply) => {
    reply.header('Cache-Control', 'public, max-age=60')
    return 'cached'
  })
  app.get('/admin', { onRequest: app.protect(role('admin')) }, me)
  app.get('/fresh', { preHandler: protect(fresh('10m')) }, me)
  app.get('/typo', { onRequest: protect(role('typo')) }, me)
  app.get('/slow', { onRequest: protect() }, async () => {
    await hooks.released()
    return ''
  })
  app.get('/stream', { onRequest: protect() }, (request, reply) => stream(request, reply, hooks.source))
  app.server.on('upgrade', upgrade(hooks.sockets(who)))
  app.register(
    async (billing) => {
      billing.addHook('onRequest', protect())
      billing.get('/invoices', me)
    },
    { prefix: '/billing' },
  )
  app.get('/:area/list', { onRequest: protect() }, async ({ params }) => params)

  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  return { port, close: () => app.close() }
}
