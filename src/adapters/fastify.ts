import type { IncomingMessage } from 'node:http'
import type {
  FastifyInstance,
  FastifyPluginCallback,
  FastifyReply,
  FastifyRequest,
  onRequestHookHandler,
} from 'fastify'
import type { Auth } from '../auth.ts'
import type { Authenticated, Guard } from '../guard.ts'
import type { Result } from '../result.ts'
import type { Fields } from '../user.ts'
import { contexts, isSecure, type Reading } from './asked.ts'
import { type Admitted, type GateOptions, WHO, whoOf } from './gate.ts'
import { headersOf } from './headers.ts'
import { judge, type Verdict } from './judge.ts'
import { answering, WELL_KNOWN, withoutQuery } from './mount.ts'
import { ofNode } from './node.ts'
import { type Reply, refusalReply } from './reply.ts'
import { type Incoming, requestOf } from './request.ts'
import { bodyOf, goneSignal, neverCached } from './send.ts'
import { type Socket, type SocketServer, type UpgradeListener, upgrading } from './sockets.ts'
import { type EventSource, signedInStream } from './stream.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Lets in who is signed in and meets every guard: a hook for `onRequest` or later. */
    protect(...guards: readonly Guard[]): onRequestHookHandler
  }
  interface FastifyRequest {
    /** Who a protected request is from; null on a route that nothing protects. `who(request)` has the types of your fields. */
    readonly who: Authenticated | null
  }
}

/** What stands between Fastify and its routes. */
export type FastifyGate<UF extends Fields = Fields, SF extends Fields = Fields> = {
  /** Serves the HTTP API and the pages, and decorates: `app.protect(…)`, `request.who`. */
  readonly plugin: FastifyPluginCallback
  /** A hook that lets on who is signed in, meets every guard and proves where an unsafe request comes from. */
  protect(...guards: readonly Guard[]): onRequestHookHandler
  /** Who a protected request is from. @throws ConfigurationError when nothing protects the route */
  who(request: FastifyRequest | IncomingMessage): Authenticated<UF, SF>
  /** Server-sent events for whom `protect` let in: they end with the session. For a handler to return. */
  stream(request: FastifyRequest, reply: FastifyReply, source: EventSource): FastifyReply
  /** For `app.server.on('upgrade', …)`: opens WebSockets for who may come in, and closes them with the session. */
  upgrade<S extends Socket>(server: SocketServer<S>, ...guards: readonly Guard[]): UpgradeListener
  /** Who is calling, where nobody has to be signed in. At once when warm; `await` does for both. */
  authenticate(request: FastifyRequest): Result<Authenticated<UF, SF>> | Promise<Result<Authenticated<UF, SF>>>
}

/** `routeOptions.url` is the pattern that was matched, wherever it is mounted; `url` is what it was matched with. */
const ofFastify: Reading<FastifyRequest> = {
  carrier: ({ raw }) => headersOf(raw),
  method: ({ method }) => method,
  remote: ({ raw }) => raw.socket.remoteAddress,
  upgrades: ({ raw }) => Boolean((raw as Incoming).upgrade),
  takesCookies: ({ raw }) => !(raw as Incoming).upgrade,
  paths: ({ url, routeOptions }) => [withoutQuery(url), ...(routeOptions.url === undefined ? [] : [routeOptions.url])],
  target: ({ originalUrl }) => originalUrl,
  secure: ({ raw }) => (raw.socket as { readonly encrypted?: boolean }).encrypted === true,
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** The gate of a Fastify application: `app.register(gate(auth).plugin)`. */
export function gate<UF extends Fields, SF extends Fields>(
  auth: Auth<UF, SF>,
  options: GateOptions = {},
): FastifyGate<UF, SF> {
  const plain = auth as unknown as Auth
  const judged = judge(plain, ofFastify, options)
  const answer = answering(plain, options.pages)
  const contextOf = contexts(plain, ofFastify)
  const who = whoOf(auth)

  function protect(...guards: readonly Guard[]): onRequestHookHandler {
    return (request, reply, done) => {
      const verdict = judged(request, guards)
      if (verdict instanceof Promise) verdict.then((late) => carryOut(late, request, reply, done))
      else carryOut(verdict, request, reply, done)
    }
  }

  async function serve(incoming: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { raw, body, originalUrl } = incoming
    const carrier = headersOf(raw)
    const { requestId = '' } = contextOf(incoming, carrier)
    try {
      const target = Object.assign(raw, { body, originalUrl })
      const secure = isSecure(plain, ofFastify, incoming, carrier)
      const request = requestOf(target, auth.setting, secure, () => goneSignal(reply.raw))
      if (request === null) return sendReply(reply, refusalReply({ code: 'invalid_request' }, requestId))
      const remote = raw.socket.remoteAddress
      const response = await answer(request, remote === undefined ? {} : { remote })
      for (const [name, value] of response.headers) reply.header(name, value)
      return reply.code(response.status).send(await bodyOf(response))
    } catch (error) {
      auth.fault(error, 'serving')
      return sendReply(reply, refusalReply({ code: 'internal' }, requestId))
    }
  }

  const plugin: FastifyPluginCallback = (app, _, done) => {
    app.decorate('protect', protect)
    app.decorateRequest('who', {
      getter(this: FastifyRequest & Admitted) {
        return this[WHO] ?? null
      },
    })
    app.register((scope: FastifyInstance, _: object, ready: () => void) => {
      // Bodies are for the API to read, and to refuse.
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser('*', (_request, payload, parsed) => parsed(null, payload))
      const { basePath } = auth.setting
      for (const url of [basePath, `${basePath}/*`, ...WELL_KNOWN]) {
        scope.route({ method: METHODS, url, exposeHeadRoute: false, handler: serve })
      }
      ready()
    })
    done()
  }
  return {
    plugin: Object.assign(plugin, META),
    protect,
    who,
    stream(request, reply, source) {
      const { headers, body } = signedInStream(plain, who(request), source)
      return reply.headers(Object.fromEntries(headers)).send(body)
    },
    upgrade: upgrading(plain, judge(plain, ofNode, options)),
    authenticate(request) {
      const carrier = headersOf(request.raw)
      return auth.authenticate(carrier, contextOf(request, carrier))
    },
  }
}

/** What `fastify-plugin` would say: decorators are for whoever registers it, not for itself alone. */
const META = {
  [Symbol.for('skip-override')]: true,
  [Symbol.for('fastify.display-name')]: 'sallyport',
  [Symbol.for('plugin-meta')]: { name: 'sallyport', fastify: '5.x' },
}

function carryOut(verdict: Verdict, request: FastifyRequest & Admitted, reply: FastifyReply, done: () => void): void {
  if (verdict.who === null) {
    sendReply(reply, verdict.reply)
    return
  }
  if (verdict.cookies.length > 0) {
    for (const cookie of verdict.cookies) reply.header('Set-Cookie', cookie)
    neverCached(reply.raw)
  }
  request[WHO] = verdict.who
  done()
}

function sendReply(reply: FastifyReply, { status, headers, body }: Reply): FastifyReply {
  return reply
    .code(status)
    .headers({ ...headers })
    .send(body)
}
