import { readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { join } from 'node:path'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { secureHeaders } from 'hono/secure-headers'
import { fresh, role } from 'sallyport'
import { run } from '../common/run.ts'
import { setRoles, showPeople } from './administration.ts'
import { auth, authenticate, FRESH, handler, own, protect } from './auth.ts'
import { cards } from './cards.ts'
import { showConfirm, submitConfirm } from './confirm.ts'
import { trouble } from './look.ts'
import { overview } from './overview.ts'
import { statement } from './statement.ts'
import { kept, showTransfer, submitTransfer } from './transfer.ts'

const STYLE = readFileSync(join(import.meta.dirname, 'bank.css'), 'utf8')
const POLICY = {
  defaultSrc: ["'none'"],
  styleSrc: ["'self'"],
  formAction: ["'self'"],
  baseUri: ["'none'"],
  frameAncestors: ["'none'"],
}

const app = new Hono()
app.use(handler) // the HTTP API and the pages, below /auth, with headers of their own
app.use(secureHeaders({ contentSecurityPolicy: POLICY, referrerPolicy: 'same-origin' }))
app.use(bodyLimit({ maxSize: 10_000 }))
app.get('/bank.css', (c) => c.body(STYLE, 200, { 'Content-Type': 'text/css', 'Cache-Control': 'no-cache' }))

app.use(async (c, next) => {
  c.header('Cache-Control', 'no-store')
  await next()
  // A refusal as programs get it; people get a page.
  const isProblem = c.res.headers.get('content-type')?.startsWith('application/problem+json')
  const { status } = c.res
  if (!isProblem || !/\btext\/html\b/.test(c.req.header('accept') ?? '')) return
  const found = await authenticate(c)
  c.res = await c.html(trouble(status, found.ok ? found.value.user : null), status as 403)
})

app.get('/', overview)
app.get('/statement.csv', protect(), statement)
app.get('/transfer', protect(), showTransfer)
app.post('/transfer', kept, protect(), submitTransfer)
app.get('/cards', protect(), cards)
app.get('/confirm', protect(), showConfirm)
app.post('/confirm', protect(), submitConfirm)
app.get('/admin', protect(role('admin'), fresh(FRESH)), showPeople)
app.post('/admin/roles', protect(role('admin'), fresh(FRESH)), setRoles)
app.notFound((c) => c.html(trouble(404, null), 404))

await run(auth, createAdaptorServer({ fetch: app.fetch }) as Server, own)
