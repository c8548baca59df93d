import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import express from 'express'
import { fastify } from 'fastify'
import { Hono } from 'hono'
import { gate as expressGate } from '../../src/express.ts'
import { gate as fastifyGate } from '../../src/fastify.ts'
import { gate as honoGate } from '../../src/hono.ts'
import type { Auth } from '../../src/index.ts'
import { gate as nodeGate } from '../../src/node.ts'
import { answering } from '../lib/child.ts'
import { guard, openStore } from '../lib/guard.ts'
import { populate } from '../lib/population.ts'

/** A route that says hello in a framework, as it is and behind `protect()`. */
export type FrameworkSetup = { readonly framework: Framework; readonly people: number }
export type Framework = 'node:http' | 'Express 5' | 'Express 4' | 'Fastify 5' | 'Hono'

export const OPEN = '/open'
export const PROTECTED = '/protected'
const HELLO = { hello: 'world' }
const BODY = JSON.stringify(HELLO)

/** By a name that is not in the line: the same package under another name. */
const four: string = 'express4'

const SERVERS: Readonly<Record<Framework, (auth: Auth) => Promise<number>>> = {
  'node:http': (auth) => {
    const member = nodeGate(auth).protect()
    return listen(
      createServer((request, response) => {
        const hello = () => {
          response.writeHead(200, { 'content-type': 'application/json', 'content-length': BODY.length }).end(BODY)
        }
        if (request.url === PROTECTED) member(request, response, hello)
        else hello()
      }),
    )
  },
  'Express 5': (auth) => inExpress(auth, express),
  'Express 4': async (auth) => inExpress(auth, ((await import(four)) as { default: typeof express }).default),
  async 'Fastify 5'(auth) {
    const { plugin, protect } = fastifyGate(auth)
    const app = fastify()
    await app.register(plugin)
    app.get(OPEN, (_, reply) => reply.send(HELLO))
    app.get(PROTECTED, { onRequest: protect() }, (_, reply) => reply.send(HELLO))
    await app.listen({ host: '127.0.0.1', port: 0 })
    return (app.server.address() as AddressInfo).port
  },
  Hono(auth) {
    const { protect } = honoGate(auth)
    const app = new Hono()
    app.get(OPEN, (c) => c.json(HELLO))
    app.get(PROTECTED, protect(), (c) => c.json(HELLO))
    return listen(createServer(getRequestListener(app.fetch)))
  },
}

answering({
  async listen({ framework, people }: FrameworkSetup) {
    const store = await openStore('memory', '')
    await populate(store, people)
    return SERVERS[framework](await guard(store))
  },
})

function inExpress(auth: Auth, make: typeof express): Promise<number> {
  const { protect } = expressGate(auth)
  const app = make()
  app.get(OPEN, (_, response) => void response.json(HELLO))
  app.get(PROTECTED, protect(), (_, response) => void response.json(HELLO))
  return listen(createServer(app))
}

function listen(server: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}
