import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Auth } from '../../src/index.ts'
import { headersOf } from '../../src/node.ts'
import { answering } from '../lib/child.ts'
import { guard, type Kept, openStore } from '../lib/guard.ts'
import { populate } from '../lib/population.ts'

/** A route that says hello: to anyone, or to who is signed in. */
export type RouteSetup = { readonly protectedBy: Kept | null; readonly file: string; readonly people: number }

const BODY = JSON.stringify({ hello: 'world' })

answering({
  async listen({ protectedBy, file, people }: RouteSetup) {
    if (protectedBy === null) return listen(hello)
    const store = await openStore(protectedBy, file)
    await populate(store, people)
    return listen(behind(await guard(store)))
  },
})

function behind(auth: Auth) {
  return (request: IncomingMessage, response: ServerResponse) => {
    const headers = headersOf(request)
    const source = request.socket.remoteAddress ?? ''
    const given = auth.authenticate(headers, { source, userAgent: headers.get('user-agent') ?? '' })
    if (given instanceof Promise) return given.then((who) => answer(who.ok))
    return answer(given.ok)

    function answer(known: boolean): void {
      if (known) hello(request, response)
      else response.writeHead(401).end()
    }
  }
}

function hello(_: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': BODY.length }).end(BODY)
}

function listen(route: (request: IncomingMessage, response: ServerResponse) => unknown): Promise<number> {
  const server = createServer(route)
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}
