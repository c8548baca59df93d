import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { type Auth, createAuth, type Duration, hybrid } from 'sallyport'
import { gate } from 'sallyport/node'
import { sqlite } from 'sallyport/sqlite'
import { bodyOf, sendJson } from '../common/body.ts'
import { notesIn } from '../common/notes.ts'
import type { Settings } from '../common/settings.ts'

/** An API for pages of one other origin. */
export function api(own: Settings, origin: string): { readonly auth: Auth; readonly listener: RequestListener } {
  const auth = createAuth({
    store: sqlite(own.file('auth.db')),
    strategy: hybrid({ accessTtl: (process.env.ACCESS_TTL ?? '1m') as Duration }),
    baseUrl: own.url,
    secret: own.secret,
    cors: { origins: [origin] }, // for everything below /auth
  })
  const { handler, protect, who } = gate(auth)
  const member = protect()
  const notes = notesIn(own.file('notes.db'))

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { id } = who(request).user
    response.setHeader('Cache-Control', 'no-store')
    if (request.method === 'GET') return sendJson(response, 200, { notes: notes.of(id) })
    const note = notes.add(id, await bodyOf(request))
    sendJson(response, note === null ? 422 : 201, note ?? { error: 'write { "text": "…" } with up to 500 characters' })
  }

  function listener(request: IncomingMessage, response: ServerResponse): void {
    handler(request, response, () => {
      if (request.url !== '/api/notes') return void response.writeHead(404).end()
      allow(request, response)
      if (request.method === 'OPTIONS') return void response.writeHead(204).end()
      member(request, response, () => {
        serve(request, response).catch((error) => {
          auth.fault(error, 'answering')
          response.destroy()
        })
      })
    })
  }

  /** What a page of that origin may send, and nobody else's may read. No cookies: there are none. */
  function allow(request: IncomingMessage, response: ServerResponse): void {
    response.setHeader('Vary', 'Origin')
    if (request.headers.origin !== origin) return
    response.setHeader('Access-Control-Allow-Origin', origin)
    response.setHeader('Access-Control-Allow-Headers', 'Authorization, Content-Type')
    response.setHeader('Access-Control-Allow-Methods', 'GET, POST')
  }

  return { auth, listener }
}
