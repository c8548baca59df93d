import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import express, { type Express, type RequestHandler } from 'express'
import { type FastifyInstance, fastify, type onRequestHookHandler } from 'fastify'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { gate as expressGate } from '../../src/express.ts'
import { gate as fastifyGate } from '../../src/fastify.ts'
import { gate as honoGate } from '../../src/hono.ts'
import type { Auth } from '../../src/index.ts'
import { gate as nodeGate } from '../../src/node.ts'
import { answering } from '../lib/child.ts'
import { guard, openStore } from '../lib/guard.ts'
import { cookie, populate, token } from '../lib/population.ts'

export type Framework = 'node:http' | 'Express 5' | 'Express 4' | 'Fastify 5' | 'Hono'

/** What stands before the route: nothing, what lets everybody on, ours, ours around the handler, or a peer's. */
export type Before = 'nothing' | 'empty' | 'sallyport' | 'guarded' | Peer
export type Peer = 'express-session' | 'iron-session' | '@fastify/jwt' | 'Better Auth'

/** A route that says hello in a framework. `redis`: where express-session keeps its sessions. */
export type FrameworkSetup = {
  readonly framework: Framework
  readonly before: Before
  readonly people: number
  readonly redis: string
}
/** `headers`: what each of the people sends. */
export type Listening = { readonly port: number; readonly headers: readonly Readonly<Record<string, string>>[] }

const HELLO = { hello: 'world' }
const BODY = JSON.stringify(HELLO)

/** By a name that is not in the line: the same package under another name. */
const four: string = 'express4'
/** Peers have packages of their own, which this repository does not need otherwise. */
const { href: peers } = new URL('../peers/guards.ts', import.meta.url)

answering({
  async listen(setup: FrameworkSetup): Promise<Listening> {
    const { framework, people } = setup
    if (setup.before !== 'sallyport' && setup.before !== 'guarded') return SERVERS[framework](setup, null)
    const store = await openStore('memory', '')
    await populate(store, people)
    return SERVERS[framework](setup, await guard(store))
  },
})

type Serving = (setup: FrameworkSetup, auth: Auth | null) => Promise<Listening>

const SERVERS: Readonly<Record<Framework, Serving>> = {
  async 'node:http'(setup, auth) {
    const hello: RequestListener = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': BODY.length }).end(BODY)
    }
    const member = auth && nodeGate(auth).protect()
    const guarded: RequestListener | null =
      member && ((request, response) => member(request, response, () => hello(request, response)))
    return { port: await listen(guarded ?? hello), headers: cookies(setup.people) }
  },
  'Express 5': (setup, auth) => inExpress(setup, auth, express),
  'Express 4': async (setup, auth) => {
    return inExpress(setup, auth, ((await import(four)) as { default: typeof express }).default)
  },
  async 'Fastify 5'({ before, people }, auth) {
    const app = fastify()
    const pass: onRequestHookHandler = (_request, _reply, done) => done()
    const gate = auth && fastifyGate(auth)
    if (gate) await app.register(gate.plugin)
    const peer = before === '@fastify/jwt' ? await (await guards()).fastifyJwt(app, people) : null
    const onRequest = before === 'nothing' ? [] : [gate?.protect() ?? peer?.guard ?? pass]
    app.get('/', { onRequest }, (_, reply) => reply.send(HELLO))
    await app.listen({ host: '127.0.0.1', port: 0 })
    return { port: (app.server.address() as AddressInfo).port, headers: peer?.headers ?? cookies(people) }
  },
  async Hono({ before, people }, auth) {
    const app = new Hono()
    const pass: MiddlewareHandler = (_, next) => next()
    const peer = before === 'Better Auth' ? await (await guards()).honoBetterAuth(people) : null
    const hello = (c: Context) => c.json(HELLO)
    if (before === 'nothing') app.get('/', hello)
    else if (auth && before === 'guarded') app.get('/', honoGate(auth).guarded(hello))
    else app.get('/', auth ? honoGate(auth).protect() : (peer?.guard ?? pass), hello)
    return { port: await listen(getRequestListener(app.fetch)), headers: peer?.headers ?? cookies(people) }
  },
}

async function inExpress(setup: FrameworkSetup, auth: Auth | null, make: typeof express): Promise<Listening> {
  const { before, people, redis } = setup
  const app = make()
  const pass: RequestHandler = (_request, _response, next) => next()
  const peer =
    before === 'express-session'
      ? await (await guards()).expressSession(redis)
      : before === 'iron-session'
        ? (await guards()).ironSession()
        : null
  const hello: RequestHandler = (_, response) => void response.json(HELLO)
  if (before === 'nothing') app.get('/', hello)
  else app.get('/', ...(auth ? [expressGate(auth).protect()] : (peer?.before ?? [pass])), hello)
  if (peer) app.get('/sign-in', ...peer.signIn)
  const port = await listen(app)
  return { port, headers: peer ? await signedIn(port, people) : cookies(people) }
}

/** Signs everybody in as a browser would. */
async function signedIn(port: number, people: number): Promise<Listening['headers']> {
  const all = []
  for (let i = 0; i < people; i++) {
    const { headers } = await fetch(`http://127.0.0.1:${port}/sign-in?person=${i}`)
    all.push({ cookie: beside(headers.getSetCookie().map((one) => one.split(';', 1)[0] as string)) })
  }
  return all
}

/** Cookies as they come: with those of others around. */
function beside(own: readonly string[]): string {
  return ['theme=dark', ...own, 'lang=en-GB'].join('; ')
}

function cookies(people: number): Listening['headers'] {
  return Array.from({ length: people }, (_, i) => ({ cookie: cookie(token(i)) }))
}

/** What peers put before a route: `bench/peers/guards.ts`. */
export type Guards = {
  expressSession(redis: string): Promise<ExpressPeer>
  ironSession(): ExpressPeer
  fastifyJwt(app: FastifyInstance, people: number): Promise<Signed<onRequestHookHandler>>
  honoBetterAuth(people: number): Promise<Signed<MiddlewareHandler>>
}
/** `signIn` begins a session for `?person=`. */
export type ExpressPeer = { readonly before: readonly RequestHandler[]; readonly signIn: readonly RequestHandler[] }
type Signed<G> = Pick<Listening, 'headers'> & { readonly guard: G }

function guards(): Promise<Guards> {
  return import(peers)
}

function listen(handler: RequestListener | Express): Promise<number> {
  const server = createServer(handler)
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}
