import { createServer } from 'node:http'
import { closedBySignal, listening, run } from '../common/run.ts'
import { settings } from '../common/settings.ts'
import { api } from './api.ts'
import { site } from './site.ts'

const own = settings(import.meta.dirname)
const port = Number(process.env.SITE_PORT ?? own.port + 1)
const origin = process.env.SITE_URL ?? `http://localhost:${port}`

const pages = createServer(site(own.url))
await listening(pages, port, own.host)
console.log(`the page is on ${origin}, and its API`)
closedBySignal(pages)

const { auth, listener } = api(own, origin)
await run(auth, createServer(listener), own, false)
