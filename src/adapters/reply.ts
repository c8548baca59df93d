import type { Auth } from '../auth.ts'
import type { Carrier } from '../carrier.ts'
import { CODES, type Refusal } from '../errors.ts'
import { problem } from '../wire/problem.ts'
import { returnTarget } from '../wire/return-target.ts'

/** What is answered instead of what was asked for. */
export type Reply = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Where people are sent who have to prove who they are; false: nowhere, they get the refusal that programs get. */
export type WaysIn = {
  /**
   * Where people are sent to sign in; `false`: nowhere, they get the refusal.
   * @default '/auth/sign-in', where the hosted pages are
   */
  readonly signIn?: string | false
  /**
   * Where they are sent to prove it again, for `reauth_required`; `false`: nowhere.
   * @default where they sign in
   */
  readonly reauthenticate?: string | false
}

/** A refusal as programs get it (RFC 9457). */
export function refusalReply(refusal: Refusal, requestId: string): Reply {
  const { status, headers, body } = problem(refusal, requestId)
  return { status, headers: { ...headers, 'X-Request-Id': requestId }, body: JSON.stringify(body) }
}

/**
 * How a refusal is answered: to a person who opens a page by a way in that leads back here, to everything else as on the API
 * (RFC 9457). Of an address that is none of ours to go to, nothing is taken over (CS-10).
 */
export function refusing({ setting }: Pick<Auth, 'setting'>, ways: WaysIn) {
  const { basePath, origins } = setting
  const signIn = ways.signIn ?? `${basePath}/sign-in`
  const again = ways.reauthenticate ?? signIn

  function wayIn({ code }: Refusal): string | false {
    if (CODES[code]?.[0] !== 401 || code === 'invalid_credentials') return false
    if (code === 'reauth_required') return again
    // The refresh token is sent to the base path only.
    return code === 'token_stale' && setting.refreshes && signIn !== false ? `${basePath}/continue` : signIn
  }

  return (refusal: Refusal, requestId: string, person: { readonly target: string | null } | null): Reply => {
    const way = person === null ? false : wayIn(refusal)
    if (way === false || person === null) return refusalReply(refusal, requestId)
    const back = returnTarget(person.target, origins)
    const query = back === null ? '' : `${way.includes('?') ? '&' : '?'}${new URLSearchParams({ return: back })}`
    return { status: 303, headers: { Location: way + query, 'Cache-Control': 'no-store' }, body: '' }
  }
}

/**
 * Whether a person opens a page with this, and not a script with `fetch`, or a program (Fetch Metadata; without it, who takes
 * HTML). A frame is no page to sign in on.
 */
export function isNavigation(carrier: Carrier): boolean {
  const accept = carrier.get('accept')
  if (!accept || !/\btext\/html\b/i.test(accept)) return false
  const mode = carrier.get('sec-fetch-mode') ?? 'navigate'
  const dest = carrier.get('sec-fetch-dest') ?? 'document'
  return mode === 'navigate' && dest === 'document'
}

/** The same where answers are responses. */
export function responseOf({ status, headers, body }: Reply): Response {
  return new Response(body === '' ? null : body, { status, headers: { ...headers } })
}

/** What a handler answered, with cookies besides. A response that came from elsewhere may not be written to. */
export function withCookies(response: Response, cookies: readonly string[]): Response {
  if (cookies.length === 0) return response
  const next = new Response(response.body, response)
  for (const cookie of cookies) next.headers.append('Set-Cookie', cookie)
  // An answer with a credential is nobody else's, whatever the handler thought of it (CK-12).
  next.headers.set('Cache-Control', 'no-store')
  return next
}
