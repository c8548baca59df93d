import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createAuth, role, session } from 'sallyport'
import { gate, type Middleware } from 'sallyport/node'
import { pages } from 'sallyport/pages'
import { sqlite } from 'sallyport/sqlite'
import { bodyOf, sendHtml, sendJson } from '../common/body.ts'
import { notesIn } from '../common/notes.ts'
import { account, admin, home } from '../common/pages.ts'
import { run } from '../common/run.ts'
import { settings } from '../common/settings.ts'

const own = settings(import.meta.dirname)
const auth = createAuth({
  store: sqlite(own.file('auth.db')),
  strategy: session(),
  baseUrl: own.url,
  secret: own.secret,
  brand: { name: 'Notes' },
})
const { handler, protect, who, authenticate, stream } = gate(auth, { pages: pages(auth) })
const notes = notesIn(own.file('notes.db'))

type Route = (request: IncomingMessage, response: ServerResponse) => unknown

/** A fault is told to the log and to nobody else. */
async function answer(route: Route, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    await route(request, response)
  } catch (error) {
    auth.fault(error, 'answering')
    if (response.headersSent) response.destroy()
    else sendJson(response, 500, { error: 'this went wrong' })
  }
}

const behind =
  (guard: Middleware, route: Route): Route =>
  (request, response) =>
    guard(request, response, () => void answer(route, request, response))
const member = protect()

const ROUTES: Readonly<Record<string, Route>> = {
  async 'GET /'(request, response) {
    const found = await authenticate(request)
    sendHtml(response, home(found.ok ? found.value.user : null))
  },
  'GET /account': behind(member, (request, response) => {
    const { user, session } = who(request)
    sendHtml(response, account(user, session, notes.of(user.id)))
  }),
  'GET /admin': behind(protect(role('admin')), async (request, response) => {
    const { items } = await auth.users.list({}, null, 50)
    sendHtml(response, admin(who(request).user, items))
  }),
  'GET /api/notes': behind(member, (request, response) => {
    sendJson(response, 200, { notes: notes.of(who(request).user.id) })
  }),
  // By a cookie, only from a page of this site: protect() has seen to it.
  'POST /api/notes': behind(member, async (request, response) => {
    const note = notes.add(who(request).user.id, await bodyOf(request))
    if (note === null) sendJson(response, 422, { error: 'write { "text": "…" } with up to 500 characters' })
    else sendJson(response, 201, note)
  }),
  // Ends with the session, wherever that ends.
  'GET /api/events': behind(member, (request, response) => {
    stream(request, response, (emit) => notes.watch(who(request).user.id, (all) => emit('notes', all)))
  }),
}

const server = createServer((request, response) => {
  // The HTTP API and the pages, below /auth; everything else goes on.
  handler(request, response, () => {
    response.setHeader('Cache-Control', 'no-store') // all of it is about somebody
    const [path = '/'] = (request.url ?? '/').split('?')
    const name = `${request.method} ${path}`
    const route = Object.hasOwn(ROUTES, name) ? ROUTES[name] : undefined
    if (route) void answer(route, request, response)
    else sendJson(response, 404, { error: 'there is nothing here' })
  })
})

await run(auth, server, own)
