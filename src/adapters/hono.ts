import type { IncomingMessage } from 'node:http'
import type { Auth } from '../auth.ts'
import type { Carrier } from '../carrier.ts'
import type { Authenticated, Guard } from '../guard.ts'
import type { Result } from '../result.ts'
import type { Fields } from '../user.ts'
import { isForm } from '../wire/form.ts'
import { contexts, type Reading } from './asked.ts'
import { type Admitted, type GateOptions, WHO, whoOf } from './gate.ts'
import { headersOf } from './headers.ts'
import { judge, type Verdict } from './judge.ts'
import { answering, isOurs } from './mount.ts'
import { responseOf, withCookies } from './reply.ts'
import { formOf, type Incoming } from './request.ts'
import { type EventSource, signedInStream } from './stream.ts'

/** Of Hono’s `Context`, what is looked at: any version 4 has it, and no copy of Hono but yours is loaded. */
export type HonoContext = {
  readonly req: {
    readonly raw: Request
    readonly path: string
    readonly method: string
    arrayBuffer(): Promise<ArrayBuffer>
    parseBody(options: { all: true }): Promise<Readonly<Record<string, unknown>>>
  }
  readonly env: unknown
  header(name: string, value: string, options?: { append: true }): void
}

/** As Hono’s `MiddlewareHandler`. */
export type HonoMiddleware = (context: HonoContext, next: () => Promise<void>) => Promise<Response | undefined>

/** What Hono’s gate may be told. */
export type HonoOptions = GateOptions & {
  /**
   * The address at the other end of the connection, where that is not `@hono/node-server`.
   * @default as `@hono/node-server` has it
   */
  readonly remote?: (context: HonoContext) => string | undefined
}

/** What stands between Hono and its routes. */
export type HonoGate<UF extends Fields = Fields, SF extends Fields = Fields> = {
  /** Serves the HTTP API, and the pages if there are any; everything else is `next`. */
  readonly handler: HonoMiddleware
  /** Lets on who is signed in, meets every guard and proves where an unsafe request comes from. */
  protect(...guards: readonly Guard[]): HonoMiddleware
  /**
   * The handler with `protect` of the same guards around it instead of before it: `app.get('/me', guarded((c: Context) => …, role('admin')))`.
   * For a route with a single handler Hono composes nothing, and that is most of what protecting one costs. Refusals are not part of the type.
   */
  guarded<C extends HonoContext, R extends Response>(
    handler: (context: C) => R | Promise<R>,
    ...guards: readonly Guard[]
  ): (context: C) => R | Promise<R>
  /** Who a protected request is from. @throws ConfigurationError when nothing protects the route */
  who(context: HonoContext): Authenticated<UF, SF>
  /** Server-sent events for whom `protect` let in: they end with the session. For a handler to return. */
  stream(context: HonoContext, source: EventSource): Response
  /** Who is calling, where nobody has to be signed in. At once when warm; `await` does for both. */
  authenticate(context: HonoContext): Result<Authenticated<UF, SF>> | Promise<Result<Authenticated<UF, SF>>>
}

/** The gate of a Hono application. */
export function gate<UF extends Fields, SF extends Fields>(
  auth: Auth<UF, SF>,
  options: HonoOptions = {},
): HonoGate<UF, SF> {
  const plain = auth as unknown as Auth
  const reading: Reading<HonoContext> = { ...ofHono, ...(options.remote && { remote: options.remote }) }
  const judged = judge(plain, reading, options)
  const answer = answering(plain, options.pages)
  const contextOf = contexts(plain, reading)
  const who = whoOf(auth)

  return {
    async handler(context, next) {
      if (!isOurs(auth.setting.basePath, targetOf(context.req.raw.url))) return next() as Promise<undefined>
      const remote = reading.remote(context)
      return answer(await unread(context), remote === undefined ? {} : { remote })
    },
    protect(...guards) {
      return (context, next) => {
        const verdict = judged(context, guards)
        return verdict instanceof Promise
          ? verdict.then((late) => carryOut(late, context, next))
          : carryOut(verdict, context, next)
      }
    },
    guarded(handler, ...guards) {
      return (context) => {
        const verdict = judged(context, guards)
        return verdict instanceof Promise
          ? verdict.then((late) => handled(late, context, handler))
          : handled(verdict, context, handler)
      }
    },
    who,
    stream: (context, source) => signedInStream(plain, who(context), source),
    authenticate(context) {
      const carrier = carrierOf(context)
      return auth.authenticate(carrier, contextOf(context, carrier))
    },
  }
}

const ofHono: Reading<HonoContext> = {
  carrier: carrierOf,
  method: ({ req }) => req.method,
  remote: (context) => incomingOf(context)?.socket.remoteAddress,
  upgrades,
  takesCookies: (context) => !upgrades(context),
  paths: ({ req }) => [req.path],
  target: ({ req }) => targetOf(req.raw.url),
  secure: ({ req }) => req.raw.url.startsWith('https:'),
}

function upgrades(context: HonoContext): boolean {
  const incoming: Incoming | undefined = incomingOf(context)
  return incoming ? Boolean(incoming.upgrade) : context.req.raw.headers.has('upgrade')
}

/** Under what name `@hono/node-server` keeps the request of `node:http` on its own; known from the first one that comes. */
let kept: symbol | undefined

/**
 * The request of `node:http` this one was made of. One that the application made by itself and handed on with the same `env` has other
 * headers, and is not it.
 */
function incomingOf({ env, req: { raw } }: HonoContext): IncomingMessage | undefined {
  const incoming = (env as { readonly incoming?: IncomingMessage } | null | undefined)?.incoming
  if (incoming?.rawHeaders === undefined) return undefined
  const own = raw as unknown as Readonly<Record<symbol, unknown>>
  if (kept !== undefined && own[kept] === incoming) return incoming
  const found = Object.getOwnPropertySymbols(raw).find((name) => own[name] === incoming)
  if (found !== undefined) kept = found
  return found === undefined ? undefined : incoming
}

/** The headers as they came: what a `Headers` is made of for the first who asks. */
function carrierOf(context: HonoContext): Carrier {
  const incoming = incomingOf(context)
  return incoming ? headersOf(incoming) : context.req.raw.headers
}

/** Path and query of an absolute URL. */
function targetOf(url: string): string {
  const path = url.indexOf('/', url.indexOf('//') + 2)
  const hash = url.indexOf('#')
  return path === -1 ? '/' : url.slice(path, hash === -1 ? undefined : hash)
}

/** The request as it came, also where somebody has read its body: Hono remembers it. */
async function unread({ req }: HonoContext): Promise<Request> {
  const { raw } = req
  if (!raw.bodyUsed) return raw
  const headers = new Headers(raw.headers)
  headers.delete('content-length')
  const body = isForm(headers.get('content-type'))
    ? formOf(await req.parseBody({ all: true }))
    : await req.arrayBuffer()
  return new Request(raw.url, { method: req.method, headers, body })
}

function carryOut(
  verdict: Verdict,
  context: HonoContext & Admitted,
  next: () => Promise<void>,
): Promise<Response | undefined> {
  if (verdict.who === null) return Promise.resolve(responseOf(verdict.reply))
  context[WHO] = verdict.who
  const { cookies } = verdict
  if (cookies.length === 0) return next() as Promise<undefined>
  return next().then(() => {
    // Afterwards, as what a handler answers with may be a response of its own.
    for (const cookie of cookies) context.header('Set-Cookie', cookie, { append: true })
    // An answer with a credential is nobody else's, whatever the handler thought of it (CK-12).
    context.header('Cache-Control', 'no-store')
    return undefined
  })
}

function handled<C extends HonoContext, R extends Response>(
  verdict: Verdict,
  context: C & Admitted,
  handler: (context: C) => R | Promise<R>,
): R | Promise<R> {
  if (verdict.who === null) return responseOf(verdict.reply) as R
  context[WHO] = verdict.who
  const { cookies } = verdict
  const answer = handler(context)
  if (cookies.length === 0) return answer
  return Promise.resolve(answer).then((response) => withCookies(response, cookies) as R)
}
