import { createServer, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { type Caller, type CallerGuard, problem, type Refusal, verifier } from 'sallyport/verify'

/* What the three services share: who is calling, and how that is answered. Of the auth server they know the address, and nothing of its data. */

const { AUTH_ISSUER = '', AUTH_URL = '', SERVICE_ID = '', SERVICE_SECRET = '', PORT } = process.env

const auth = verifier({
  issuer: AUTH_ISSUER,
  url: AUTH_URL,
  service: { id: SERVICE_ID, secret: SERVICE_SECRET },
  cookies: ['at', 'sid'], // with https: '__Host-at', '__Host-sid'
})

type Answer = { readonly status: number; readonly headers: Record<string, string>; readonly body: object }

export type Route = {
  /** All of them have to let the caller in. */
  readonly guards?: readonly CallerGuard[]
  answer(caller: Caller, body: string): object
}

export function serve(routes: Readonly<Record<string, Route>>): void {
  const server = createServer(async (request, response) => {
    const { status, headers, body } = await answered(request).catch((): Answer => refusal({ code: 'internal' }))
    response.writeHead(status, headers).end(JSON.stringify(body))
  })

  async function answered(request: IncomingMessage): Promise<Answer> {
    const name = `${request.method} ${request.url}`
    const route = Object.hasOwn(routes, name) ? routes[name] : undefined
    if (!route) return refusal({ code: 'not_found' })
    // A promise only where the server was asked: then nothing was known here, or nothing may be decided here.
    const asked = auth.authenticate({ get: (header) => request.headers[header]?.toString() })
    const found = await asked
    if (!found.ok) return refusal(found.refusal)
    const caller = found.value
    if (request.method !== 'GET' && caller.via.transport === 'cookie' && request.headers.origin !== AUTH_ISSUER) {
      return refusal({ code: 'csrf_rejected' })
    }
    for (const guard of route.guards ?? []) {
      const refused = guard(caller, Date.now())
      if (refused) return refusal(refused)
    }
    const body = route.answer(caller, request.method === 'GET' ? '' : await text(request))
    const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }
    return { status: 200, headers: { ...headers, 'X-Decided': asked instanceof Promise ? 'asked' : 'here' }, body }
  }

  server.listen(Number(PORT), '127.0.0.1')
  // From now on; requests that come before are asked about, and refused with 503 when the server cannot be reached.
  auth.ready().catch(() => {})
  // Whoever started it ends its input: no ending has to wait for a service that has left.
  process.stdin.resume().once('end', () => {
    server.close(() => void auth.close().then(() => process.exit(0)))
    server.closeIdleConnections()
  })
}

function refusal(why: Refusal): Answer {
  return problem(why, crypto.randomUUID())
}
