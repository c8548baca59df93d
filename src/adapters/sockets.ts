import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Auth } from '../auth.ts'
import type { Authenticated, Guard } from '../guard.ts'
import { type Admitted, WHO } from './gate.ts'
import type { Judge } from './judge.ts'
import type { Reply } from './reply.ts'
import { reasonOf } from './stream.ts'

/** A WebSocket, as far as it has to be closed: one of `ws` is one. */
export type Socket = {
  close(code: number, reason: string): void
  /** Reads no more. */
  pause(): void
  /** Closes without waiting for anybody. */
  terminate(): void
  once(event: 'close', listener: () => void): unknown
}

/** A server of WebSockets that is handed connections: `new WebSocketServer({ noServer: true })` of `ws` is one. */
export type SocketServer<S extends Socket = Socket> = {
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, opened: (socket: S) => void): void
  emit(event: 'connection', socket: S, request: IncomingMessage): unknown
}

/** For `server.on('upgrade', …)`. */
export type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

/** The code a socket is closed with when its session is over; the reason is the word for it (RFC 6455 section 7.4.2: private use). */
export const SESSION_OVER = 4401

/** How long a client may take to close its side, milliseconds. Nothing it sends is read by then. */
const CLOSING_MS = 1000

/**
 * Opens WebSockets for who may: origin, session and guards are looked at before anything is opened (CS-08), and what is open
 * closes when the session is over (TE-11). Messages are no use of the session.
 */
export function upgrading(auth: Auth, judged: Judge<IncomingMessage>) {
  const { clock } = auth.setting

  function open<S extends Socket>(
    server: SocketServer<S>,
    who: Authenticated,
    opened: S,
    incoming: IncomingMessage,
    socket: Duplex,
  ): void {
    const closed = new AbortController()
    opened.once('close', () => closed.abort())
    const over = auth.whileSignedIn(who.session, closed.signal)
    const end = () => {
      opened.close(SESSION_OVER, reasonOf(over))
      opened.pause()
      socket.end()
      clock.after(CLOSING_MS, () => opened.terminate())
    }
    if (over.aborted) end()
    else {
      over.addEventListener('abort', end, { once: true, signal: closed.signal })
      server.emit('connection', opened, incoming)
    }
  }

  return <S extends Socket>(server: SocketServer<S>, ...guards: readonly Guard[]): UpgradeListener =>
    (incoming, socket, head) => {
      const left = () => socket.destroy()
      socket.on('error', left)
      const go = (verdict: Awaited<ReturnType<typeof judged>>) => {
        if (verdict.who === null) return refuse(socket, verdict.reply)
        const { who } = verdict
        const admitted: Admitted = incoming as object
        admitted[WHO] = who
        socket.off('error', left)
        server.handleUpgrade(incoming, socket, head, (opened) => open(server, who, opened, incoming, socket))
      }
      const verdict = judged(incoming, guards)
      if (verdict instanceof Promise) void verdict.then(go)
      else go(verdict)
    }
}

/** There is no response to write to: what is refused is still a socket. */
function refuse(socket: Duplex, { status, headers, body }: Reply): void {
  const all = { ...headers, 'Content-Length': Buffer.byteLength(body), Connection: 'close' }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`, () => socket.destroy())
}
