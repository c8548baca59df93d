import { createServer } from 'node:http'
import express from 'express'
import { createAuth, role, session } from 'sallyport'
import { gate } from 'sallyport/express'
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

const app = express()
app.disable('x-powered-by')
app.use(handler) // the HTTP API and the pages, below /auth
app.use(express.json({ limit: '10kb' }))
app.use((_, response, next) => {
  response.set('Cache-Control', 'no-store') // all of it is about somebody
  next()
})

app.get('/', async (request, response) => {
  const found = await authenticate(request)
  response.send(home(found.ok ? found.value.user : null))
})

app.get('/account', protect(), (request, response) => {
  const { user, session } = who(request)
  response.send(account(user, session, notes.of(user.id)))
})

app.get('/admin', protect(role('admin')), async (request, response) => {
  const { items } = await auth.users.list({}, null, 50)
  response.send(admin(who(request).user, items))
})

app.get('/api/notes', protect(), (request, response) => {
  response.json({ notes: notes.of(who(request).user.id) })
})

// By a cookie, only from a page of this site: protect() has seen to it.
app.post('/api/notes', protect(), (request, response) => {
  const note = notes.add(who(request).user.id, request.body)
  if (note === null) response.status(422).json({ error: 'write { "text": "…" } with up to 500 characters' })
  else response.status(201).json(note)
})

// Ends with the session, wherever that ends.
app.get('/api/events', protect(), (request, response) => {
  stream(request, response, (emit) => notes.watch(who(request).user.id, (all) => emit('notes', all)))
})

await run(auth, createServer(app), own)
