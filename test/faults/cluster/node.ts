import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { createAuth, hybrid, jwt, type Logger, session } from '../../../src/index.ts'
import { type Databases, storeOf } from './store.ts'

/*
 * A node of an application, in a process of its own: the guard over its databases behind `node:http`. It issues tokens of `hybrid` and
 * honours those of the other strategies. Orders come from the test by the channel between the two processes, which ends it too.
 */

export type Order =
  /** Opens the database and listens. Said when it does. */
  | { readonly order: 'start'; readonly databases: Databases; readonly secret: string }
  /** Does nothing else for so many milliseconds. Said before and after. */
  | { readonly order: 'block'; readonly ms: number }

export type Said =
  | { readonly said: 'listening'; readonly port: number }
  | { readonly said: 'blocked' }
  | { readonly said: 'free' }

function say(what: Said, then: () => void = () => {}): void {
  process.send?.(what, undefined, undefined, then)
}

const log: Logger = {
  info() {},
  warn: (fields, message) => void process.stderr.write(`${message} ${JSON.stringify(fields)}\n`),
  error: (fields, message) => void process.stderr.write(`${message} ${JSON.stringify(fields)}\n`),
}

async function start(databases: Databases, secret: string): Promise<void> {
  const auth = createAuth({
    store: storeOf(databases),
    strategy: hybrid(),
    accept: [session(), jwt()],
    baseUrl: 'http://localhost',
    secret,
    // The test says whose a request is, so that it can be everybody.
    trustedProxies: ['127.0.0.1'],
    log,
  })
  const listener = getRequestListener((request, { incoming }) => {
    const remote = incoming.socket?.remoteAddress
    return auth.handler(request, remote === undefined ? {} : { remote })
  })
  const server = createServer({ keepAliveTimeout: 65_000 }, (incoming, outgoing) => void listener(incoming, outgoing))
  process.once('SIGTERM', async () => {
    server.close()
    server.closeAllConnections()
    await auth.close()
    process.exit(0)
  })
  await auth.ready()
  // Loads the API, which the first request would otherwise wait for.
  await auth.handler(new Request('http://localhost/livez'))
  server.listen(0, '127.0.0.1', () => say({ said: 'listening', port: (server.address() as AddressInfo).port }))
}

function block(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}

process.once('disconnect', () => process.exit(1))
process.on('message', (order: Order) => {
  if (order.order === 'start') void start(order.databases, order.secret)
  else
    say({ said: 'blocked' }, () => {
      block(order.ms)
      say({ said: 'free' })
    })
})
