import type { Auth } from '../../auth.ts'
import type { Carrier, RequestContext } from '../../carrier.ts'
import type { Code } from '../../errors.ts'
import type { Authenticated } from '../../guard.ts'
import type { Result } from '../../result.ts'
import type { Carried } from '../../strategy.ts'

/** What someone holds who is signed in: a browser its cookies, another client its tokens. */
export type Client = {
  readonly userId: string
  readonly sessionId: string
  readonly email: string
  /** What a request brings. */
  readonly carrier: Carrier
  /** For the body of a refresh; null where a cookie has it, or nobody does. */
  readonly refreshToken: string | null
  /** Name → value. */
  readonly cookies: ReadonlyMap<string, string>
  /** The bearer token; null with cookies. */
  readonly bearer: string | null
}

/** A request that brings these headers; their names in lower case. */
export function bringing(headers: Readonly<Record<string, string>>): Carrier {
  return { get: (name) => headers[name.toLowerCase()] ?? null }
}

/** A request of whoever holds this one bearer token, or these cookies. */
export function carrying(
  held: { readonly bearer: string } | { readonly cookies: ReadonlyMap<string, string> },
): Carrier {
  if ('bearer' in held) return bringing({ authorization: `Bearer ${held.bearer}` })
  if (held.cookies.size === 0) return bringing({})
  return bringing({ cookie: [...held.cookies].map(([name, value]) => `${name}=${value}`).join('; ') })
}

/** The client once it was handed this; what it is not handed anew it keeps. */
export function handed(
  before: Pick<Client, 'userId' | 'sessionId' | 'email'> & Partial<Client>,
  carried: Carried | null,
): Client {
  const { userId, sessionId, email } = before
  const cookies = new Map([...(before.cookies ?? []), ...(carried?.cookies ?? []).map(nameAndValue)])
  const bearer = carried?.tokens?.accessToken ?? before.bearer ?? null
  const refreshToken = carried?.tokens?.refreshToken ?? before.refreshToken ?? null
  return {
    userId,
    sessionId,
    email,
    cookies,
    bearer,
    refreshToken,
    carrier: bearer === null ? carrying({ cookies }) : carrying({ bearer }),
  }
}

function nameAndValue(cookie: string): [string, string] {
  const [pair = ''] = cookie.split(';')
  const at = pair.indexOf('=')
  return [pair.slice(0, at), pair.slice(at + 1)]
}

/** Every secret that the client was handed and holds. */
export function secrets({ cookies, bearer, refreshToken }: Client): readonly string[] {
  return [...cookies.values(), ...(bearer === null ? [] : [bearer]), ...(refreshToken === null ? [] : [refreshToken])]
}

/** `in`, or why not. */
export async function wordOf(result: Result<unknown> | Promise<Result<unknown>>): Promise<'in' | Code> {
  const settled = await result
  return settled.ok ? 'in' : settled.refusal.code
}

/** What a node says to a client's next request. */
export function ask(auth: Auth, { carrier }: Pick<Client, 'carrier'>, context?: RequestContext): Promise<'in' | Code> {
  return wordOf(auth.authenticate(carrier, context))
}

/** Who a node takes the client for. @throws when it does not let them in. */
export async function who(
  auth: Auth,
  { carrier }: Pick<Client, 'carrier'>,
  context?: RequestContext,
): Promise<Authenticated> {
  return must(await auth.authenticate(carrier, context))
}

export function must<T>(result: Result<T>): T {
  if (result.ok) return result.value
  throw new Error(`refused: ${result.refusal.code}`)
}

/** The text with one of its characters changed, at this part of its length. */
export function altered(text: string, part: number): string {
  const at = Math.min(text.length - 1, Math.floor(text.length * part))
  const other = text[at] === 'A' ? 'B' : 'A'
  return text.slice(0, at) + other + text.slice(at + 1)
}
