import type { Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { createAuth, role, session } from 'sallyport'
import { gate } from 'sallyport/hono'
import { pages } from 'sallyport/pages'
import { sqlite } from 'sallyport/sqlite'
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

const app = new Hono()
app.use(handler) // the HTTP API and the pages, below /auth
app.use(async (c, next) => {
  c.header('Cache-Control', 'no-store') // all of it is about somebody
  await next()
})

app.get('/', async (c) => {
  const found = await authenticate(c)
  return c.html(home(found.ok ? found.value.user : null))
})

app.get('/account', protect(), (c) => {
  const { user, session } = who(c)
  return c.html(account(user, session, notes.of(user.id)))
})

app.get('/admin', protect(role('admin')), async (c) => {
  const { items } = await auth.users.list({}, null, 50)
  return c.html(admin(who(c).user, items))
})

app.get('/api/notes', protect(), (c) => c.json({ notes: notes.of(who(c).user.id) }))

// By a cookie, only from a page of this site: protect() has seen to it.
app.post('/api/notes', protect(), bodyLimit({ maxSize: 10_000 }), async (c) => {
  const note = notes.add(who(c).user.id, await c.req.json().catch(() => null))
  if (note !== null) return c.json(note, 201)
  return c.json({ error: 'write { "text": "…" } with up to 500 characters' }, 422)
})

// Ends with the session, wherever that ends.
app.get('/api/events', protect(), (c) => stream(c, (emit) => notes.watch(who(c).user.id, (all) => emit('notes', all))))

await run(auth, createAdaptorServer({ fetch: app.fetch }) as Server, own)
