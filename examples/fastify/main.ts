import { fastify } from 'fastify'
import { createAuth, role, session } from 'sallyport'
import { gate } from 'sallyport/fastify'
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
const { plugin, protect, who, authenticate, stream } = gate(auth, { pages: pages(auth) })
const notes = notesIn(own.file('notes.db'))

const app = fastify({ bodyLimit: 10_000 })
await app.register(plugin) // the HTTP API and the pages, below /auth

await app.register(async (site) => {
  site.addHook('onRequest', async (_, reply) => {
    reply.header('Cache-Control', 'no-store') // all of it is about somebody
  })

  site.get('/', async (request, reply) => {
    const found = await authenticate(request)
    return reply.type('text/html').send(home(found.ok ? found.value.user : null))
  })

  site.get('/account', { onRequest: protect() }, async (request, reply) => {
    const { user, session } = who(request)
    return reply.type('text/html').send(account(user, session, notes.of(user.id)))
  })

  site.get('/admin', { onRequest: protect(role('admin')) }, async (request, reply) => {
    const { items } = await auth.users.list({}, null, 50)
    return reply.type('text/html').send(admin(who(request).user, items))
  })

  site.get('/api/notes', { onRequest: protect() }, async (request) => ({ notes: notes.of(who(request).user.id) }))

  // By a cookie, only from a page of this site: protect() has seen to it.
  site.post('/api/notes', { onRequest: protect() }, async (request, reply) => {
    const note = notes.add(who(request).user.id, request.body)
    if (note !== null) return reply.code(201).send(note)
    return reply.code(422).send({ error: 'write { "text": "…" } with up to 500 characters' })
  })

  // Ends with the session, wherever that ends.
  site.get('/api/events', { onRequest: protect() }, (request, reply) =>
    stream(request, reply, (emit) => notes.watch(who(request).user.id, (all) => emit('notes', all))),
  )
})

await app.ready()
await run(auth, app.server, own)
