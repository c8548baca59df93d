import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** A request as it came in, and when. */
export type Received = {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** What to answer with. `hangs`: nothing, ever. */
export type Answering =
  | { readonly status?: number; readonly headers?: Record<string, string>; readonly body?: string }
  | 'hangs'

/** A real HTTP server of somebody else, on the loopback, for the time of a test. */
export type Receiver = {
  readonly url: string
  readonly port: number
  readonly received: Received[]
  /** Stops taking connections, and takes them again on the same port. */
  stop(): Promise<void>
  start(): Promise<void>
}

export async function receiver(answer: (request: Received) => Answering = () => ({})): Promise<Receiver> {
  const received: Received[] = []
  let port = 0
  let server: Server | null = null

  async function start(): Promise<void> {
    server = createServer((request, response) => {
      let body = ''
      request.setEncoding('utf8').on('data', (text) => {
        body += text
      })
      request.on('end', () => {
        const { method = '', url: path = '', headers } = request
        const one = { method, path, headers, body }
        received.push(one)
        const answered = answer(one)
        if (answered === 'hangs') return
        response.writeHead(answered.status ?? 204, answered.headers)
        response.end(answered.body)
      })
    })
    await new Promise<void>((resolve) => server?.listen(port, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port
  }

  async function stop(): Promise<void> {
    const stopping = server
    server = null
    stopping?.closeAllConnections()
    await new Promise<void>((resolve) => (stopping ? stopping.close(() => resolve()) : resolve()))
  }

  await start()
  onTestFinished(stop)
  return { url: `http://127.0.0.1:${port}`, port, received, start, stop }
}
