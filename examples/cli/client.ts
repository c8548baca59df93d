import { forget, keep, kept, type Tokens } from './tokens.ts'

const API = process.env.API ?? 'http://localhost:3000'

/** Once what is kept, once what another process has fetched, and once the next. */
const TURNS = 3

/** Said to whoever typed the command. */
export class Refused extends Error {}

/** Signs in, or up. Tokens are in the answer, and no cookie is. */
export async function enter(way: 'sign-in' | 'sign-up', email: string, password: string): Promise<void> {
  const before = kept()
  const remember = way === 'sign-in' && { remember: true }
  const answer = await post(`/auth/${way}`, { email, password, transport: 'bearer', ...remember })
  const body = await answer.json()
  if (!answer.ok) throw new Refused(body.errors?.[0]?.detail ?? body.title)
  if (!body.tokens) throw new Refused('first choose another password, on the page for it')
  keep(body.tokens)
  if (before) await leave(before)
}

/** An answer of the API for who is signed in, refreshing on the way if the token is over. */
export async function call(path: string): Promise<Response> {
  let tokens = signedIn()
  for (let turn = 0; turn < TURNS; turn += 1) {
    const answer = await send(path, { headers: { authorization: `Bearer ${tokens.accessToken}` } })
    if (answer.status !== 401) return answer
    const { code } = await answer.json()
    if (code !== 'token_stale') throw over(tokens, code)
    tokens = await refreshed(tokens)
  }
  throw new Refused('the server takes none of the tokens it gives')
}

/**
 * The next tokens. Another process may have fetched them a moment ago, or be at it: of one refresh token, all who ask at the same
 * time get the same successor, so there is no lock.
 */
async function refreshed(spent: Tokens): Promise<Tokens> {
  const now = signedIn()
  if (now.accessToken !== spent.accessToken) return now
  const answer = await post('/auth/refresh', { refreshToken: now.refreshToken })
  const body = await answer.json()
  if (answer.status === 401) throw over(now, body.code)
  if (!answer.ok) throw new Refused(`${body.title}; try again in a while`)
  keep(body.tokens)
  return body.tokens
}

/** Ends the session, wherever it is used. What is kept goes only when that is done. */
export async function signOut(): Promise<void> {
  const tokens = kept()
  if (!tokens) return
  if (!(await leave(tokens))) throw new Refused('the server could not do it now; you are still signed in')
  forget()
}

async function leave({ refreshToken }: Tokens): Promise<boolean> {
  const headers = { authorization: `Bearer ${refreshToken}` }
  return (await send('/auth/sign-out', { method: 'POST', headers })).ok
}

function signedIn(): Tokens {
  const tokens = kept()
  if (!tokens) throw new Refused('you are not signed in')
  return tokens
}

/** What somebody signed in with meanwhile stays. */
function over({ refreshToken }: Tokens, code: string): Refused {
  if (kept()?.refreshToken === refreshToken) forget()
  return new Refused(`your session is over (${code}): sign in again`)
}

function post(path: string, body: unknown): Promise<Response> {
  return send(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
}

async function send(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(API + path, init)
  } catch {
    throw new Refused(`${API} does not answer: start it with npm run example -- cli serve`)
  }
}
