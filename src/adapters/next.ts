import type { Auth } from '../auth.ts'
import type { Carrier } from '../carrier.ts'
import type { Authenticated, Guard } from '../guard.ts'
import { ok, type Result } from '../result.ts'
import type { Fields } from '../user.ts'
import { contexts, type Reading } from './asked.ts'
import { type Admitted, type GateOptions, WHO, whoOf } from './gate.ts'
import { judge, type Verdict } from './judge.ts'
import { answering } from './mount.ts'
import { filled, goingOn, type NextParts, paramsOf, settable } from './next-parts.ts'
import { proved, provenance } from './provenance.ts'
import { responseOf, withCookies } from './reply.ts'
import { type EventSource, signedInStream } from './stream.ts'

/** What Next’s gate may be told. */
export type NextOptions = GateOptions & {
  /**
   * The client's address by the headers, which are all that Next shows: those of the proxy in front, which has to set them
   * anew. Without it there is no limit by source, and no session is noticed to move.
   * @default none
   */
  readonly remote?: (headers: Carrier) => string | undefined
}

type RouteHandler<Context> = (request: Request, context: Context) => Response | Promise<Response>

/** What stands between Next and its pages. Paths are those of the files: what Next runs, whatever the address says. */
export type NextGate<UF extends Fields = Fields, SF extends Fields = Fields> = {
  /** For `app/auth/[[...path]]/route.ts`: the HTTP API, and the pages if there are any. */
  readonly handlers: Readonly<Record<Method, (request: Request) => Promise<Response>>>
  /**
   * For `proxy.ts`: sends people to sign in before anything is rendered, and takes the next token along. It spares work and guards
   * nothing: every page, route and action does so by itself. It answers nothing where the request may go on.
   */
  proxy(...guards: readonly Guard[]): (request: Request) => Promise<Response | undefined>
  /**
   * `path` is that of the file, brackets and all: `/[team]/report`. Of the address nothing is believed: where it is rewritten, the
   * handler still sees the one that was asked for.
   *
   * For route handlers: `export const GET = protect('/api/report', role('admin'))(async (request) => …)`.
   */
  protect(
    path: string,
    ...guards: readonly Guard[]
  ): <Context>(handler: RouteHandler<Context>) => (request: Request, context: Context) => Promise<Response>
  /** Who a request is from that `protect` let in. @throws ConfigurationError when nothing protects the route */
  who(request: Request): Authenticated<UF, SF>
  /** In server components: who is signed in, asked once in a rendering; null for nobody. */
  current(): Promise<Authenticated<UF, SF> | null>
  /**
   * In server components: who is signed in and may see the page at `path`; others are redirected, to sign in and back.
   * @throws NextRefused for what signing in does not help
   */
  page(path: string, ...guards: readonly Guard[]): Promise<Authenticated<UF, SF>>
  /** In server actions: who does this, from a page of this site. @throws NextRefused */
  action(path: string, ...guards: readonly Guard[]): Promise<Authenticated<UF, SF>>
  /** In a server action: ends the session, everywhere when it returns, clears the cookies, and redirects. */
  signOut(to?: string): Promise<never>
  /** Server-sent events for whom `protect` let in: they end with the session. */
  stream(request: Request, source: EventSource): Response
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const
type Method = (typeof METHODS)[number]

/** Why a page or an action was refused to somebody whom signing in does not help. */
export class NextRefused extends Error {
  override readonly name = 'NextRefused'
  /** Of the answer a route would give: 403, 503, … */
  readonly status: number
  /** The stable word for it. */
  readonly code: string

  constructor(status: number, code: string) {
    super(`Refused: ${code}`)
    this.status = status
    this.code = code
  }
}

/** A request for Next, or what is known of one where Next shows headers only. */
type Asked = {
  readonly headers: Carrier
  readonly method: string
  readonly path: string
  readonly target: string
  readonly takesCookies: boolean
}

/** The gate of a Next application, 16 or newer (app router). Loads nothing of Next: it is handed what it needs. */
export function gate<UF extends Fields, SF extends Fields>(
  auth: Auth<UF, SF>,
  parts: NextParts,
  options: NextOptions = {},
): NextGate<UF, SF> {
  const plain = auth as unknown as Auth
  const reading: Reading<Asked> = {
    carrier: ({ headers }) => headers,
    method: ({ method }) => method,
    remote: ({ headers }) => options.remote?.(headers),
    upgrades: () => false,
    takesCookies: ({ takesCookies }) => takesCookies,
    paths: ({ path }) => [path],
    target: ({ target }) => target,
    secure: ({ headers }) => headers.get('x-forwarded-proto') === 'https',
  }
  const judged = judge(plain, reading, options)
  const answer = answering(plain, options.pages)
  const contextOf = contexts(plain, reading)
  const who = whoOf(auth)

  async function serve(request: Request): Promise<Response> {
    const remote = options.remote?.(request.headers)
    return answer(request, remote === undefined ? {} : { remote })
  }

  const current = once(parts.cache, async (): Promise<Authenticated<UF, SF> | null> => {
    const headers = await parts.headers()
    const found = await auth.authenticate(headers, contextOf(shown(headers, 'GET', '/'), headers))
    return found.ok ? found.value : null
  })

  /** Redirects whom signing in helps, as a page would, and throws for everybody else. */
  function admitted(verdict: Verdict): Authenticated<UF, SF> {
    if (verdict.who !== null) return verdict.who as Authenticated<UF, SF>
    const { status, headers, body } = verdict.reply
    if (status === 303) return parts.redirect(headers.Location as string)
    throw new NextRefused(status, JSON.parse(body).code)
  }

  async function set(cookies: readonly string[]): Promise<void> {
    if (cookies.length === 0) return
    const jar = await parts.cookies()
    for (const cookie of cookies) jar.set(settable(cookie))
  }

  return {
    handlers: Object.fromEntries(METHODS.map((method) => [method, serve])) as NextGate['handlers'],

    proxy:
      (...guards) =>
      async (request) => {
        const verdict = await judged(asked(request, pathOf(request)), guards)
        if (verdict.who === null) return absolute(responseOf(verdict.reply), request)
        return verdict.cookies.length === 0 ? undefined : goingOn(parts, request, verdict.cookies)
      },

    protect:
      (path, ...guards) =>
      (handler) =>
      async (request, context) => {
        const place = path.includes('[') ? filled(path, await paramsOf(context)) : path
        const verdict = await judged(asked(request, place), guards)
        if (verdict.who === null) return responseOf(verdict.reply)
        const admitted: Admitted = request as object
        admitted[WHO] = verdict.who
        return withCookies(await handler(request, context), verdict.cookies)
      },

    who,
    current,

    async page(path, ...guards) {
      const headers = opened(await parts.headers())
      return admitted(await judged(shown(headers, 'GET', path), guards))
    },

    async action(path, ...guards) {
      const headers = opened(await parts.headers())
      const verdict = await judged(shown(headers, 'POST', path), guards)
      if (verdict.who !== null) await set(verdict.cookies)
      return admitted(verdict)
    },

    async signOut(to = '/') {
      const headers = await parts.headers()
      const context = contextOf(shown(headers, 'POST', '/'), headers)
      const came = await ownDoing(plain, headers, context)
      if (!came.ok) throw new NextRefused(403, came.refusal.code)
      const { cookies } = await auth.signOut(headers, context)
      await set(cookies)
      return parts.redirect(to)
    },

    stream: (request, source) => signedInStream(plain, who(request), source),
  }
}

/** One for a process: Next loads a module again for every bundle, and in development after every change. */
export function shared<T extends object>(name: string, make: () => T): T {
  const all = globalThis as unknown as Record<symbol, T | undefined>
  const key = Symbol.for(`sallyport ${name}`)
  all[key] ??= make()
  return all[key]
}

function asked(request: Request, path: string): Asked {
  const { headers, method } = request
  return { headers, method, path, target: pathOf(request, true), takesCookies: true }
}

function shown(headers: Carrier, method: string, path: string): Asked {
  return { headers, method, path, target: path, takesCookies: method === 'POST' }
}

function pathOf({ url }: Request, whole = false): string {
  const { pathname, search } = new URL(url)
  return whole ? pathname + search : pathname
}

/** Next takes no other redirect from a proxy; on the same host it makes it relative again. */
function absolute(response: Response, { url }: Request): Response {
  const to = response.headers.get('Location')
  if (to !== null) response.headers.set('Location', new URL(to, url).href)
  return response
}

/** Pages and actions are for people, also where a script of Next fetches them. */
function opened(headers: Carrier): Carrier {
  const overridden: Readonly<Record<string, string | null>> = {
    accept: 'text/html',
    'sec-fetch-mode': null,
    'sec-fetch-dest': null,
  }
  return { get: (name) => (Object.hasOwn(overridden, name) ? overridden[name] : headers.get(name)) }
}

/** Signing out needs no session that is good, but a page of this site (SL-07). */
async function ownDoing(
  auth: Auth,
  headers: Carrier,
  context: Parameters<typeof provenance>[2],
): Promise<Result<null>> {
  const came = provenance(auth, headers, context)
  if (came === null) return ok(null)
  return came === 'ask' ? ((await proved(auth, headers, context)) ?? ok(null)) : came
}

/** React’s `cache` is only where components are rendered on the server. */
function once<F extends () => unknown>(cache: NextParts['cache'] | undefined, ask: F): F {
  return typeof cache === 'function' ? cache(ask) : ask
}
