import { AsyncLocalStorage } from 'node:async_hooks'
import { createServer } from 'node:http'
import type { NextParts, SettableCookie } from '../../src/adapters/next-parts.ts'
import { requestOf } from '../../src/adapters/request.ts'
import { goneSignal, sendResponse } from '../../src/adapters/send.ts'
import type { Auth } from '../../src/auth.ts'
import { serializeCookie } from '../../src/wire/cookie.ts'
import type { Served } from './frame.ts'
import { listening } from './listening.ts'

type Rendering = { readonly headers: Headers; readonly set: SettableCookie[]; readonly cached: Map<unknown, unknown> }

const rendering = new AsyncLocalStorage<Rendering>()

/** As Next leaves a page: for elsewhere. */
class Redirect {
  readonly to: string
  constructor(to: string) {
    this.to = to
  }
}

/** What Next and React hand out, where no build is at hand: bound to the request, as theirs are. */
export const parts: NextParts = {
  headers: async () => here().headers,
  cookies: async () => ({ set: (cookie) => here().set.push(cookie) }),
  redirect(to) {
    throw new Redirect(to)
  },
  NextResponse: {
    next: ({ request }) => {
      here().headers.set('cookie', request.headers.get('cookie') ?? '')
      return new Response(null, { headers: { 'x-middleware-next': '1' } })
    },
  },
  cache: (ask) => {
    const kept = (...given: never[]) => {
      const { cached } = here()
      if (!cached.has(ask)) cached.set(ask, ask(...given))
      return cached.get(ask)
    }
    return kept as typeof ask
  },
}

export type Route = (request: Request, context: { readonly params: Promise<Record<string, string>> }) => unknown

/**
 * A server that routes as Next does: by files, whose brackets are parameters as they stand in the address; what is rewritten keeps
 * the address it was asked for. `remote` comes in a header, as from a proxy in front.
 */
export function nextRouter(
  auth: Auth,
  files: Readonly<Record<string, Route>>,
  rewrites: Readonly<Record<string, string>>,
): Promise<Served> {
  return listening(
    createServer(async (incoming, outgoing) => {
      const { rawHeaders, socket } = incoming
      rawHeaders.push('x-real-ip', socket.remoteAddress ?? '')
      const request = requestOf(incoming, auth.setting, false, () => goneSignal(outgoing))
      const { pathname } = new URL(request?.url ?? 'http://localhost/')
      const found = route(files, rewrites[pathname] ?? pathname)
      if (!request || !found) return void outgoing.writeHead(404).end()
      const set: SettableCookie[] = []
      const response = await rendering
        .run({ headers: new Headers(request.headers), set, cached: new Map() }, async () => {
          return found.route(request, { params: Promise.resolve(found.params) })
        })
        .catch((thrown) => {
          if (thrown instanceof Redirect) return new Response(null, { status: 303, headers: { location: thrown.to } })
          return Response.json({ thrown: thrown.name, code: thrown.code }, { status: 500 })
        })
      const answer = response as Response
      for (const cookie of set) answer.headers.append('set-cookie', lineOf(cookie))
      await sendResponse(outgoing, incoming.method === 'HEAD' ? new Response(null, answer) : answer)
    }),
  )
}

function route(files: Readonly<Record<string, Route>>, pathname: string) {
  const exact = files[pathname]
  if (exact) return { route: exact, params: {} as Record<string, string> }
  for (const [file, route] of Object.entries(files)) {
    const pattern = file.replace(/\/\[\[\.\.\.\w+\]\]/, '(?:/.*)?').replace(/\[(\w+)\]/g, '(?<$1>[^/]+)')
    const match = new RegExp(`^${pattern}$`).exec(pathname)
    if (match) return { route, params: { ...match.groups } }
  }
  return null
}

function here(): Rendering {
  const now = rendering.getStore()
  if (!now) throw new Error('was called outside a request scope')
  return now
}

function lineOf({
  name,
  value,
  path = '/',
  maxAge,
  httpOnly = false,
  secure = false,
  sameSite = 'lax',
}: SettableCookie) {
  return serializeCookie({ name, value, path, maxAge, httpOnly, secure, sameSite })
}
