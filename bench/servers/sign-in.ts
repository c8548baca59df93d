import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { verify } from '@node-rs/argon2'
import { gate } from '../../src/node.ts'
import { answering } from '../lib/child.ts'
import { guard, type Kept, openStore } from '../lib/guard.ts'
import { populate } from '../lib/population.ts'

/** `record`: the stored hash of everybody's password. */
export type SignInSetup = {
  readonly kept: Kept
  readonly file: string
  readonly people: number
  readonly record: string
}

answering({
  async listen({ kept, file, people, record }: SignInSetup) {
    const store = await openStore(kept, file)
    await populate(store, people, record)
    const auth = await guard(store, { trustedProxies: ['127.0.0.1'] })
    const { handler } = gate(auth)

    /** `/`: a protected route. `/verify`: nothing but a password check. Everything else: the HTTP API. */
    async function serve(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
      const { url, headers } = request
      if (url === '/') {
        const who = await auth.authenticate({ get: (name) => headers[name] as string | undefined })
        return response.writeHead(who.ok ? 200 : 401, { 'content-length': 2 }).end('ok')
      }
      if (url !== '/verify') return handler(request, response, () => response.writeHead(404).end())
      let body = ''
      for await (const part of request) body += part
      const good = await verify(record, JSON.parse(body).password)
      return response.writeHead(good ? 200 : 401, { 'content-length': 2 }).end('ok')
    }
    const server = createServer((request, response) => void serve(request, response))
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    return (server.address() as AddressInfo).port
  },
})
