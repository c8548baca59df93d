import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import type { Auth, Store } from '../../src/index.ts'
import { headersOf } from '../../src/node.ts'
import { postgres } from '../../src/postgres.ts'
import { redis } from '../../src/redis.ts'
import { answering } from '../lib/child.ts'
import { guard } from '../lib/guard.ts'
import { cookie, populate, record, token } from '../lib/population.ts'

/** `redis`: where the sessions are, with what their keys begin with; null: in PostgreSQL with everything else. */
export type NodeSetup = { readonly url: string; readonly schema: string; readonly redis: string | null }
/** Milliseconds: a way to the database and back, from its commit to the return of an ending, and the whole call. */
export type Settled = { readonly trip: number; readonly settle: number; readonly whole: number }
/** Microseconds a decision takes, and how many there were. */
export type Warm = { readonly each: number; readonly count: number }

const BODY = JSON.stringify({ hello: 'world' })

let auth: Auth
let store: Store
const commands = { sql: 0, redis: 0 }
/** When the last ending was answered by the database. */
let committed = 0

counting()

answering({
  async open({ url, schema, redis: address }: NodeSetup) {
    const people = postgres(url, { schema, connections: 4 })
    const own = address === null ? people : { ...people, ...redis(address, { prefix: schema }) }
    await Promise.all([own.users.source.open(), own.sessions.source.open()])
    store = { ...own, sessions: { ...own.sessions, end: timed(own.sessions.end) } }
    auth = await guard(store)
    if (commands.sql === 0 || (address !== null && commands.redis === 0)) throw new Error('commands are not counted')
  },
  /** Puts so many users in, with a session each. */
  populate: (people: number) => populate(store, people),
  /** Lets everybody in, so that all are in memory. */
  async visit(people: number) {
    for (let i = 0; i < people; i++) if (!(await letIn(i))) throw new Error(`person ${i} is refused`)
  },
  /** Ends one session, beside one way there and back. */
  async end(i: number): Promise<Settled> {
    const asked = performance.now()
    await store.sessions.source.ping()
    const trip = performance.now() - asked
    const begun = performance.now()
    await auth.end(record(i, i, 0).id)
    const returned = performance.now()
    return { trip, settle: returned - committed, whole: returned - begun }
  },
  /** Decides from memory for so many milliseconds. */
  async warm({ people, ms }: { readonly people: number; readonly ms: number }): Promise<Warm> {
    const carriers = Array.from({ length: people }, (_, i) => carrierOf(i))
    await new Promise((resolve) => setImmediate(resolve))
    const begun = performance.now()
    let count = 0
    while (performance.now() - begun < ms) {
      for (const carrier of carriers) {
        const given = auth.authenticate(carrier)
        if (given instanceof Promise) throw new Error('a warm request asked the database')
        if (!given.ok) throw new Error(`refused: ${given.refusal.code}`)
      }
      count += people
      // Timers have their turn: a lease is renewed there.
      await new Promise((resolve) => setImmediate(resolve))
    }
    return { each: ((performance.now() - begun) * 1000) / count, count }
  },
  /** The same at a pace, all of them in a burst and then a pause. Answers how many there were. */
  async paced({ people, burst, pause, ms }: { people: number; burst: number; pause: number; ms: number }) {
    const carriers = Array.from({ length: people }, (_, i) => carrierOf(i))
    let count = 0
    for (const begun = performance.now(); performance.now() - begun < ms; ) {
      for (let i = 0; i < burst; i++) {
        const who = await auth.authenticate(carriers[count % people] as (typeof carriers)[number])
        if (!who.ok) throw new Error(`refused: ${who.refusal.code}`)
        count += 1
      }
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
    return count
  },
  listen: () => listen((request, response) => answer(request, response)),
  commands: () => commands.sql + commands.redis,
})

/** Every statement and command that goes to the databases, whoever sends it: by the copies of the drivers that the stores load. */
function counting(): void {
  const load = createRequire(new URL('../../src/store.ts', import.meta.url))
  const pg = load('pg') as typeof import('pg')
  const { createClient } = load('@redis/client') as typeof import('@redis/client')
  const { query } = pg.Client.prototype
  pg.Client.prototype.query = function counted(this: import('pg').Client, ...given: never[]) {
    commands.sql += 1
    return Reflect.apply(query, this, given)
  } as typeof query
  let of = Object.getPrototypeOf(createClient())
  while (!Object.hasOwn(of, 'sendCommand')) of = Object.getPrototypeOf(of)
  const { sendCommand } = of
  of.sendCommand = function counted(this: unknown, ...given: never[]) {
    commands.redis += 1
    return Reflect.apply(sendCommand, this, given)
  }
}

function timed(end: Store['sessions']['end']): Store['sessions']['end'] {
  return async (...given) => {
    const answered = await end(...given)
    committed = performance.now()
    return answered
  }
}

function carrierOf(i: number) {
  const header = cookie(token(i))
  return { get: (name: string) => (name === 'cookie' ? header : null) }
}

async function letIn(i: number): Promise<boolean> {
  return (await auth.authenticate(carrierOf(i))).ok
}

function answer(request: IncomingMessage, response: ServerResponse): unknown {
  const headers = headersOf(request)
  const source = request.socket.remoteAddress ?? ''
  const given = auth.authenticate(headers, { source, userAgent: headers.get('user-agent') ?? '' })
  const say = (known: boolean) =>
    known
      ? response.writeHead(200, { 'content-type': 'application/json', 'content-length': BODY.length }).end(BODY)
      : response.writeHead(401).end()
  return given instanceof Promise ? given.then((who) => say(who.ok)) : say(given.ok)
}

function listen(route: (request: IncomingMessage, response: ServerResponse) => unknown): Promise<number> {
  const server = createServer(route)
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}
