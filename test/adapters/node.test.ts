import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Auth } from '../../src/auth.ts'
import { fresh, role } from '../../src/guard.ts'
import { gate } from '../../src/node.ts'
import { adapterContract } from './contract.ts'
import type { Hooks, Served, Setup } from './frame.ts'
import { listening } from './listening.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => unknown

adapterContract({ name: 'node:http', serve, rewrites: true, sockets: true })

function serve(auth: Auth, { parsed, pages }: Setup, hooks: Hooks): Promise<Served> {
  const at = gate(auth, pages ? { pages } : {})
  const member = at.protect()

  const me: Handler = (request, response) => {
    const { user, session, via } = at.who(request)
    response.appendHeader('Set-Cookie', 'own=1')
    json(response, { email: user.email, sid: session.id, transport: via.transport })
  }
  const routes: Readonly<Record<string, readonly [protect: typeof member | null, handler: Handler]>> = {
    '/open': [null, (_, response) => response.end('open')],
    '/cookies': [null, (_, response) => response.appendHeader('Set-Cookie', ['a=1', 'b=2']).end()],
    '/maybe': [
      null,
      async (request, response) => {
        const found = await at.authenticate(request)
        json(response, { email: found.ok ? found.value.user.email : null })
      },
    ],
    '/me': [member, me],
    '/cached': [
      member,
      (_, response) => response.writeHead(200, { 'cache-control': 'public, max-age=60' }).end('cached'),
    ],
    '/admin': [at.protect(role('admin')), me],
    '/fresh': [at.protect(fresh('10m')), me],
    '/typo': [at.protect(role('typo')), me],
    '/billing/invoices': [member, me],
    '/stream': [member, (request, response) => at.stream(request, response, hooks.source)],
    '/slow': [
      member,
      async (_, response) => {
        await hooks.released()
        response.end()
      },
    ],
  }

  const server = createServer(async (request, response) => {
    try {
      if (parsed) await parse(request)
    } catch {
      return void response.destroy()
    }
    // As Connect and its kin do it.
    const originalUrl = request.url ?? ''
    Object.assign(request, { originalUrl, url: rewritten(originalUrl) })
    at.handler(request, response, () => {
      const path = request.url?.split('?')[0] ?? ''
      const [, area] = /^\/([^/]+)\/list\/?$/.exec(path) ?? []
      const list = [member, (_: unknown, to: ServerResponse) => json(to, { area: decoded(area ?? '') })] as const
      const [protect, handler] = routes[path] ?? (area === undefined ? [] : list)
      if (!handler) return void response.writeHead(404).end()
      if (!protect) return void handler(request, response)
      protect(request, response, () => {
        hooks.ran(path)
        handler(request, response)
      })
    })
  })
  server.on('upgrade', at.upgrade(hooks.sockets(at.who)))
  return listening(server)
}

function rewritten(url: string): string {
  return url === '/billing/elsewhere' ? '/me' : url.replace(/^\/alias(?=\?|$)/, '/billing/invoices')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function json(response: ServerResponse, body: unknown): void {
  response.setHeader('Content-Type', 'application/json')
  response.end(JSON.stringify(body))
}

/** What parsers of bodies do, which come before the adapter in many servers. */
async function parse(request: IncomingMessage): Promise<void> {
  const type = request.headers['content-type'] ?? ''
  if (!/json|urlencoded/.test(type)) return
  const text = (await request.toArray()).join('')
  const body = type.includes('json') ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text))
  Object.assign(request, { body })
}
