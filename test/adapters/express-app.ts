import { createServer } from 'node:http'
import type express from 'express'
import type { Request, Response } from 'express'
import type { Auth } from '../../src/auth.ts'
import { gate } from '../../src/express.ts'
import { fresh, role } from '../../src/guard.ts'
import type { Hooks, Served, Setup } from './frame.ts'
import { listening } from './listening.ts'

/** The application of the contract in Express; 4 and 5 are called alike. */
export function expressApp(make: typeof express) {
  return (auth: Auth, { parsed, pages }: Setup, hooks: Hooks): Promise<Served> => {
    const at = gate(auth, pages ? { pages } : {})
    const app = make()
    app.disable('x-powered-by')
    app.use((request, _, next) => {
      request.url = request.url.replace(/^\/alias(?=\?|$)/, '/billing/invoices')
      if (request.url === '/billing/elsewhere') request.url = '/me'
      next()
    })
    if (parsed) app.use(make.json(), make.urlencoded({ extended: true }))
    app.use(at.handler)

    const me = (request: Request, response: Response) => {
      hooks.ran(request.path)
      const { user, session, via } = at.who(request)
      response.cookie('own', '1')
      response.json({ email: user.email, sid: session.id, transport: via.transport })
    }
    app.get('/open', (_, response) => void response.send('open'))
    app.get('/cookies', (_, response) => void response.cookie('a', '1').cookie('b', '2').end())
    app.get('/maybe', async (request, response) => {
      const found = await at.authenticate(request)
      response.json({ email: found.ok ? found.value.user.email : null })
    })
    app.all('/me', at.protect(), me)
    app.get('/cached', at.protect(), (_, response) => {
      response.set('Cache-Control', 'public, max-age=60').send('cached')
    })
    app.get('/admin', at.protect(role('admin')), me)
    app.get('/fresh', at.protect(fresh('10m')), me)
    app.get('/typo', at.protect(role('typo')), me)
    app.get('/slow', at.protect(), async (request, response) => {
      hooks.ran(request.path)
      await hooks.released()
      response.end()
    })
    app.get('/stream', at.protect(), (request, response) => at.stream(request, response, hooks.source))
    const billing = make.Router()
    billing.get('/invoices', me)
    app.use('/billing', at.protect(), billing)
    app.get('/:area/list', at.protect(), (request, response) => {
      hooks.ran(request.path)
      response.json({ area: request.params.area })
    })
    const server = createServer(app)
    server.on('upgrade', at.upgrade(hooks.sockets(at.who)))
    return listening(server)
  }
}
