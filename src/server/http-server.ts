import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { requestOf } from '../adapters/request.ts'
import { goneSignal, sendResponse } from '../adapters/send.ts'
import { BAD_REQUEST, type EarlyProblem, earlyAnswer, HEADERS_TOO_LARGE, INTERNAL, TOO_SLOW } from './problem.ts'

/** Answers one request; `remote` is the address at the other end of the socket. */
export type Answering = (request: Request, connection: { readonly remote?: string }) => Promise<Response>

/** A `node:http` server that can be told to finish. */
export type HttpServer = {
  /** Resolves when connections are taken. Rejects with what the system says, `EADDRINUSE` above all. */
  listen(port: number, host: string): Promise<void>
  /** Takes no more connections, ends event streams, waits for what is under way, then closes what is left. */
  stop(patience: number): Promise<void>
}

/**
 * How long a client may take and how much it may send before anything is done for it. A proxy in front should drop idle
 * connections before `keepAliveTimeout` does, so that it never sends into one that is being closed.
 */
const LIMITS = {
  maxHeaderSize: 32_768,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5000,
  keepAliveTimeout: 65_000,
  /** A second `Authorization` is seen and refused instead of dropped (JW-23). */
  joinDuplicateHeaders: true,
  /** A request without `Host` gets the refusal of any that is not well formed, instead of an empty answer. */
  requireHostHeader: false,
} as const

/** How often connections that have fallen idle are looked for while stopping, milliseconds. */
const LOOK_MS = 20

export function httpServer(answer: Answering, fault: (error: unknown) => void): HttpServer {
  const active = new Set<ServerResponse>()
  const streams = new Set<ServerResponse>()
  let stopping = false

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const request = readable(incoming, outgoing)
    if (request === null) return sendResponse(outgoing, early(BAD_REQUEST))
    const remote = incoming.socket.remoteAddress
    const response = await answer(request, remote === undefined ? {} : { remote })
    if (response.headers.get('content-type')?.startsWith('text/event-stream')) streams.add(outgoing)
    await sendResponse(outgoing, response)
  }

  async function failed(error: unknown, outgoing: ServerResponse): Promise<void> {
    fault(error)
    if (outgoing.headersSent) outgoing.destroy()
    else await sendResponse(outgoing, early(INTERNAL))
  }

  function take(incoming: IncomingMessage, outgoing: ServerResponse): void {
    active.add(outgoing)
    outgoing.once('close', () => {
      active.delete(outgoing)
      streams.delete(outgoing)
    })
    if (stopping) outgoing.shouldKeepAlive = false
    serve(incoming, outgoing)
      .catch((error) => failed(error, outgoing))
      .catch(fault)
  }

  const server = createServer(LIMITS, take)
  server.maxHeadersCount = 0
  // An expectation nobody knows may be ignored (RFC 9110 section 10.1.1); Node would answer 417 without a body.
  server.on('checkExpectation', take)
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const busy = [...active].some((outgoing) => outgoing.socket === socket)
    if (busy || !socket.writable || error.code === 'ECONNRESET') socket.destroy()
    else refuse(socket, causeOf(error))
  })

  return {
    listen: (port, host) => listening(server, port, host),
    async stop(patience) {
      stopping = true
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const outgoing of active) outgoing.shouldKeepAlive = false
      for (const outgoing of streams) outgoing.end()
      // An answer that had begun before still promised to keep its connection.
      const idle = setInterval(() => server.closeIdleConnections(), LOOK_MS)
      const timer = setTimeout(() => server.closeAllConnections(), patience)
      await closed
      clearInterval(idle)
      clearTimeout(timer)
    },
  }
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** A host and a port, and nothing that a URL would take for another part of itself. */
const HOST = /^[\w.~-]+(?::\d{1,5})?$|^\[[\da-f:.]+\](?::\d{1,5})?$/i

/** Null for a request that is not well formed. */
function readable(incoming: IncomingMessage, outgoing: ServerResponse): Request | null {
  const { host = '' } = incoming.headers
  const baseUrl = HOST.test(host) ? URL.parse(`http://${host}`) : null
  return baseUrl && requestOf(incoming, { baseUrl }, false, () => goneSignal(outgoing))
}

function early(problem: EarlyProblem): Response {
  const { headers, body } = earlyAnswer(problem)
  return new Response(body, { status: problem.status, headers })
}

function causeOf({ code }: NodeJS.ErrnoException): EarlyProblem {
  if (code === 'HPE_HEADER_OVERFLOW') return HEADERS_TOO_LARGE
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? TOO_SLOW : BAD_REQUEST
}

/** What the parser refuses never becomes a request, so the answer is written by hand. */
function refuse(socket: Duplex, problem: EarlyProblem): void {
  const { headers, body } = earlyAnswer(problem)
  const all = { ...headers, 'Content-Length': Buffer.byteLength(body), Connection: 'close' }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n${lines.join('')}\r\n${body}`)
}
