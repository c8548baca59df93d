import type { Carrier } from '../carrier.ts'
import { ConfigurationError } from '../errors.ts'

/** A cookie as Next’s `cookies().set()` takes it. */
export type SettableCookie = {
  name: string
  value: string
  path?: string
  domain?: string
  maxAge?: number
  httpOnly?: boolean
  secure?: boolean
  sameSite?: 'lax' | 'strict' | 'none'
}

/**
 * What the gate uses of Next and React. Handed in, because only your bundle has the right ones: what a package outside of it
 * would load is another copy, which knows nothing of the request that is being answered.
 */
export type NextParts = {
  /** `headers` of `next/headers`. */
  headers(): Promise<Carrier>
  /** `cookies` of `next/headers`. */
  cookies(): Promise<{ set(cookie: SettableCookie): unknown }>
  /** `NextResponse` of `next/server`. */
  readonly NextResponse: { next(more: { request: { headers: Headers } }): Response }
  /** `redirect` of `next/navigation`. */
  redirect(to: string): never
  /** `cache` of `react`. Where there is none, as in `proxy.ts`, nothing is kept. */
  readonly cache?: <F extends (...given: never[]) => unknown>(ask: F) => F
}

/** A whole `Set-Cookie` value of ours in the form in which Next takes one. Those that remove a cookie have a `Max-Age` of 0 too. */
export function settable(line: string): SettableCookie {
  const [pair = '', ...attributes] = line.split('; ')
  const equals = pair.indexOf('=')
  const cookie: SettableCookie = { name: pair.slice(0, equals), value: pair.slice(equals + 1) }
  for (const attribute of attributes) {
    const [name = '', value = ''] = attribute.split('=')
    if (name === 'Path') cookie.path = value
    else if (name === 'Domain') cookie.domain = value
    else if (name === 'Max-Age') cookie.maxAge = Number(value)
    else if (name === 'HttpOnly') cookie.httpOnly = true
    else if (name === 'Secure') cookie.secure = true
    else if (name === 'SameSite') cookie.sameSite = value.toLowerCase() as 'lax' | 'strict' | 'none'
  }
  return cookie
}

/** Lets a request go on to be rendered with its next token, which its answer takes along. */
export function goingOn({ NextResponse }: NextParts, request: Request, cookies: readonly string[]): Response {
  const next = new Map(cookies.map((cookie) => [cookie.slice(0, cookie.indexOf('=')), cookie.split(';')[0] as string]))
  const kept = (request.headers.get('cookie') ?? '')
    .split(';')
    .filter((pair) => !next.has(pair.split('=')[0]?.trim() ?? ''))
  const headers = new Headers(request.headers)
  headers.set('cookie', [...kept.map((pair) => pair.trim()).filter(Boolean), ...next.values()].join('; '))
  const response = NextResponse.next({ request: { headers } })
  for (const cookie of cookies) response.headers.append('Set-Cookie', cookie)
  // An answer with a credential is nobody else's (CK-12): Next leaves what stands here.
  response.headers.set('Cache-Control', 'no-store')
  return response
}

type Params = Readonly<Record<string, string | readonly string[] | undefined>>

/** What Next hands a route handler besides the request. */
export async function paramsOf(context: unknown): Promise<Params> {
  const { params } = (context ?? {}) as { readonly params?: Params | Promise<Params> }
  return (await params) ?? {}
}

/**
 * The path that a file with brackets in its path runs for.
 * @throws ConfigurationError when it names a parameter that there is none of: no section could be found by it
 */
export function filled(path: string, params: Params): string {
  return path.replace(/\[(\[)?(?:\.\.\.)?(\w+)\]\]?/g, (_, optional: string | undefined, name: string) => {
    const value = params[name]
    if (value === undefined && optional === undefined) {
      throw new ConfigurationError(
        `protect('${path}') names [${name}], which its route has not: write the path of the file`,
      )
    }
    return [value ?? ''].flat().join('/')
  })
}
