import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sha256 } from '../../src/crypto.ts'
import type { Auth } from '../../src/index.ts'
import { headersOf } from '../../src/node.ts'
import { readCookie } from '../../src/wire/cookie.ts'
import { answering } from '../lib/child.ts'
import { guard, type Kept, openStore } from '../lib/guard.ts'
import { populate, token } from '../lib/population.ts'

/** A route that says hello: to anyone, to whose token has a digest that is known, or to who is signed in. */
export type RouteSetup = {
  readonly protectedBy: Kept | 'digest' | null
  readonly file: string
  readonly people: number
}

const BODY = JSON.stringify({ hello: 'world' })

answering({
  async listen({ protectedBy, file, people }: RouteSetup) {
    if (protectedBy === null) return listen(hello)
    if (protectedBy === 'digest') return listen(byDigest(people))
    const store = await openStore(protectedBy, file)
    await populate(store, people)
    return listen(behind(await guard(store)))
  },
})

/** The least that any check of a session costs: find the cookie, hash it, look it up. */
function byDigest(people: number) {
  const known = new Map(Array.from({ length: people }, (_, i) => [sha256(token(i)), i]))
  return (request: IncomingMessage, response: ServerResponse) => {
    const found = readCookie(headersOf(request).get('cookie'), '__Host-sid')
    if (found.found === 'one' && known.has(sha256(found.value))) return hello(request, response)
    response.writeHead(401).end()
  }
}

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
