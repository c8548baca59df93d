import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answer, listens } from './service.ts'

const server = createServer(async ({ url = '/', headers: given }, response) => {
  const { status, headers, body } = await answer(url, { get: (name) => given[name]?.toString() })
  response.writeHead(status, headers).end(body)
})
server.listen(0, '127.0.0.1', () => listens((server.address() as AddressInfo).port))
