import { events } from './events.ts'

type Tokens = { readonly accessToken: string; readonly refreshToken: string }

/** What happens to the session while the page is open. */
export type Told = {
  /** It ends soon, or no longer does. */
  soon(ends: boolean): void
  over(code: string): void
}

const API = document.querySelector<HTMLMetaElement>('meta[name="api"]')?.content ?? ''

/** In memory and nowhere else: gone with the page, and in no storage for anything to find. */
let tokens: Tokens | null = null
let refreshing: Promise<Response> | null = null
let told: Told | null = null
/** Which sign-in of this page it is: of the one before nothing is heard any more. */
let entered = 0

/** Signs in or up; answers the refusal, null for none. */
export async function enter(way: string, email: string, password: string, listener: Told): Promise<string | null> {
  const answer = await post(`/auth/${way}`, { email, password, transport: 'bearer' })
  const body = await answer.json()
  if (!answer.ok) return body.errors?.[0]?.detail ?? body.title
  tokens = body.tokens
  told = listener
  entered += 1
  void listen(entered)
  return null
}

/** A request for who is signed in. Under a token that is over it is sent again with the next one. */
export async function call(path: string, init: RequestInit = {}): Promise<Response> {
  const answer = await send(path, init)
  if (answer.status !== 401) return answer
  const { code } = await answer.clone().json()
  if (code !== 'token_stale') return over(answer, code)
  const next = await refreshed()
  return next.ok ? send(path, init) : next
}

/** However many requests are under way, one refresh. */
function refreshed(): Promise<Response> {
  refreshing ??= refresh().finally(() => {
    refreshing = null
  })
  return refreshing
}

async function refresh(): Promise<Response> {
  const answer = await post('/auth/refresh', { refreshToken: tokens?.refreshToken })
  const body = await answer.clone().json()
  if (answer.status === 401) return over(answer, body.code)
  // What could not be answered now is tried again by the next request: nobody is signed out for it.
  if (answer.ok) tokens = body.tokens
  return answer
}

/** True everywhere when it has been answered. */
export async function signOut(): Promise<boolean> {
  entered += 1
  const { ok } = await send('/auth/sign-out', { method: 'POST' })
  if (ok) tokens = null
  else void listen(entered)
  return ok
}

/** Hears of the end when it happens, wherever that was. */
async function listen(mine: number): Promise<void> {
  const answer = await call('/auth/session/events').catch(() => null)
  if (answer?.ok && answer.body) {
    for await (const { event, data } of events(answer.body)) {
      if (mine !== entered) return
      if (event === 'warning') told?.soon(true)
      if (event === 'extended') told?.soon(false)
      if (event === 'ended') over(answer, (data as { reason: string }).reason)
    }
  }
  // Cut off, not ended: what comes next will tell.
  if (tokens !== null && mine === entered) setTimeout(() => void listen(mine), 5000)
}

function over<T>(answer: T, code: string): T {
  if (tokens !== null) told?.over(code)
  tokens = null
  return answer
}

function send(path: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers)
  if (tokens) headers.set('authorization', `Bearer ${tokens.accessToken}`)
  return fetch(API + path, { ...init, headers, credentials: 'omit' })
}

function post(path: string, body: unknown): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  return fetch(API + path, { method: 'POST', headers, body: JSON.stringify(body), credentials: 'omit' })
}
