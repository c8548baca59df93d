import type { Member } from './member.ts'
import { type Held, PASSWORD, type Person, type Tokens, USER_AGENT } from './people.ts'
import type { Span } from './troubles.ts'

/** When nobody waits any longer for an answer, milliseconds. */
const GIVE_UP_MS = 40_000

/** From when it was sent, at the earliest, to when its answer was there, at the latest. `status` 0: there was none. */
export type Reply = Span & {
  readonly member: string
  readonly status: number
  readonly code: string | null
  readonly retryAfter: string | null
  /** Whose request it was, as the node says. */
  readonly user: string | null
  readonly session: string | null
  readonly tokens: Tokens | null
}

type Sending = { readonly owner: Person; readonly token?: string; readonly body?: unknown }

type Json = {
  readonly code?: string
  readonly user?: { readonly id: string }
  readonly session?: { readonly id: string }
  readonly tokens?: Tokens
}

/** Sends one request to a node. Never throws: what became of it is in the reply. */
export async function send(
  member: Member,
  method: string,
  path: string,
  { owner, token, body }: Sending,
): Promise<Reply> {
  const from = performance.now()
  const reply = (status: number, json: Json = {}, retryAfter: string | null = null): Reply => ({
    ...{ from, to: performance.now(), member: member.name, status, retryAfter },
    ...{ code: json.code ?? null, user: json.user?.id ?? null, session: json.session?.id ?? null },
    tokens: json.tokens ?? null,
  })
  try {
    const response = await fetch(member.url() + path, {
      method,
      headers: {
        'x-forwarded-for': owner.ip,
        'user-agent': USER_AGENT,
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(GIVE_UP_MS),
    })
    const text = await response.text()
    const json: Json = text === '' ? {} : JSON.parse(text)
    return reply(response.status, json, response.headers.get('retry-after'))
  } catch {
    return reply(0)
  }
}

export function ask(member: Member, { token, owner }: Held): Promise<Reply> {
  return send(member, 'GET', '/auth/session', { token, owner })
}

export function signIn(member: Member, owner: Person): Promise<Reply> {
  const body = { email: owner.email, password: PASSWORD, transport: 'bearer' }
  return send(member, 'POST', '/auth/sign-in', { owner, body })
}

/** The next tokens of a session of `hybrid`. */
export function refresh(member: Member, { refresh: refreshToken, owner }: Held): Promise<Reply> {
  return send(member, 'POST', '/auth/refresh', { owner, body: { refreshToken } })
}

/** One way to end one session, or all of somebody. */
export type Way = 'sign-out' | 'own' | 'admin' | 'lock' | 'end all'

/** @param admin who asks, where it is not the owner */
export function end(member: Member, way: Way, { token, sid, owner }: Held, admin: Held): Promise<Reply> {
  const self = { token, owner }
  const by = { token: admin.token, owner: admin.owner }
  const user = `/auth/admin/users/${owner.id}`
  switch (way) {
    case 'sign-out':
      return send(member, 'POST', '/auth/sign-out', self)
    case 'own':
      return send(member, 'DELETE', `/auth/sessions/${sid}`, self)
    case 'admin':
      return send(member, 'DELETE', `/auth/admin/sessions/${sid}`, by)
    case 'lock':
      return send(member, 'PATCH', user, { ...by, body: { status: 'locked' } })
    case 'end all':
      return send(member, 'DELETE', `${user}/sessions`, by)
  }
}

export function isDone({ status }: Reply): boolean {
  return status >= 200 && status < 300
}
