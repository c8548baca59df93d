import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Auth } from '../auth.ts'
import type { Authenticated, Guard } from '../guard.ts'
import type { Result } from '../result.ts'
import type { Fields } from '../user.ts'
import { contexts, isSecure, type Reading } from './asked.ts'
import { type Admitted, type GateOptions, WHO, whoOf } from './gate.ts'
import { judge, type Verdict } from './judge.ts'
import { answering, isOurs } from './mount.ts'
import { refusalReply } from './reply.ts'
import { type Incoming, pathOf, requestOf } from './request.ts'
import { addCookies, goneSignal, neverCached, sendReply, sendResponse } from './send.ts'
import { type Socket, type SocketServer, type UpgradeListener, upgrading } from './sockets.ts'
import { type EventSource, signedInStream } from './stream.ts'

/** `(request, response, next)`, as Connect began it and Express has it. */
export type Middleware = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void

/** What stands between a server and its routes. */
export type Gate<UF extends Fields = Fields, SF extends Fields = Fields> = {
  /** Serves the HTTP API, and the pages if there are any; everything else is `next`. Before or after a parser of bodies. */
  readonly handler: Middleware
  /**
   * Lets on who is signed in, meets every guard and proves where an unsafe request comes from. Others get a refusal
   * (RFC 9457), people who open a page are sent to sign in and back.
   */
  protect(...guards: readonly Guard[]): Middleware
  /** Who a protected request is from. @throws ConfigurationError when nothing protects the route */
  who(request: IncomingMessage): Authenticated<UF, SF>
  /** Server-sent events for whom `protect` let in: they end with the session. */
  stream(request: IncomingMessage, response: ServerResponse, source: EventSource): void
  /** For `server.on('upgrade', …)`: opens WebSockets for who may come in, and closes them with the session. */
  upgrade<S extends Socket>(server: SocketServer<S>, ...guards: readonly Guard[]): UpgradeListener
  /** Who is calling, where nobody has to be signed in. At once when warm; `await` does for both. */
  authenticate(request: IncomingMessage): Result<Authenticated<UF, SF>> | Promise<Result<Authenticated<UF, SF>>>
}

/** The gate of whatever hands requests on as Connect does. */
export function connectGate<UF extends Fields, SF extends Fields>(
  auth: Auth<UF, SF>,
  reading: Reading<Incoming>,
  options: GateOptions,
): Gate<UF, SF> {
  const plain = auth as unknown as Auth
  const judged = judge(plain, reading, options)
  const answer = answering(plain, options.pages)
  const contextOf = contexts(plain, reading)
  const who = whoOf(auth)

  async function serve(incoming: Incoming, outgoing: ServerResponse): Promise<void> {
    const carrier = reading.carrier(incoming)
    const { requestId = '' } = contextOf(incoming, carrier)
    try {
      const secure = isSecure(plain, reading, incoming, carrier)
      const request = requestOf(incoming, auth.setting, secure, () => goneSignal(outgoing))
      const remote = reading.remote(incoming)
      if (request === null) sendReply(outgoing, refusalReply({ code: 'invalid_request' }, requestId))
      else await sendResponse(outgoing, await answer(request, remote === undefined ? {} : { remote }))
    } catch (error) {
      auth.fault(error, 'serving')
      if (outgoing.headersSent) outgoing.destroy()
      else sendReply(outgoing, refusalReply({ code: 'internal' }, requestId))
    }
  }

  return {
    handler(incoming: Incoming, outgoing, next) {
      const path = pathOf(reading.target(incoming))
      if (path === null || !isOurs(auth.setting.basePath, path)) return next()
      void serve(incoming, outgoing)
    },
    protect(...guards) {
      return (incoming, outgoing, next) => {
        const verdict = judged(incoming, guards)
        if (verdict instanceof Promise) verdict.then((late) => carryOut(late, incoming, outgoing, next))
        else carryOut(verdict, incoming, outgoing, next)
      }
    },
    who,
    stream(incoming, outgoing, source) {
      const response = signedInStream(plain, who(incoming), source)
      sendResponse(outgoing, response).catch((error) => {
        auth.fault(error, 'sending events')
        outgoing.destroy()
      })
    },
    upgrade: upgrading(plain, judged),
    authenticate(incoming) {
      const carrier = reading.carrier(incoming)
      return auth.authenticate(carrier, contextOf(incoming, carrier))
    },
  }
}

function carryOut(verdict: Verdict, incoming: object, outgoing: ServerResponse, next: () => void): void {
  if (verdict.who === null) {
    sendReply(outgoing, verdict.reply)
    return
  }
  if (verdict.cookies.length > 0) {
    addCookies(outgoing, verdict.cookies)
    neverCached(outgoing)
  }
  const admitted: Admitted = incoming
  admitted[WHO] = verdict.who
  next()
}
