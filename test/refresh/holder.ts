import type { Auth } from '../../src/auth.ts'
import type { RequestContext } from '../../src/carrier.ts'
import type { SignedIn } from '../../src/flows/issue.ts'
import type { Refreshed } from '../../src/flows/refresh.ts'
import type { Result } from '../../src/result.ts'
import { hybrid } from '../../src/strategies/hybrid.ts'
import { type House, holding, house, must, PASSWORD } from '../support/house.ts'
import { cookiesOf, type Jar, jarOf } from './model/jar.ts'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE

export const hybridHouse = (options: Parameters<typeof house>[0] = {}) => house({ strategy: hybrid(), ...options })

/** One more session of somebody, and what their browser holds. The first time they sign up. */
export async function signedIn(
  h: House,
  label: string,
  context: RequestContext = {},
): Promise<SignedIn & { jar: Jar }> {
  const email = `${label}@example.com`
  const known = await h.auth.users.findByEmail(email)
  const opened = known
    ? must(await h.auth.signIn({ email, password: PASSWORD }, context))
    : must(await h.auth.signUp({ email, password: PASSWORD }, context))
  if (opened.status !== 'signed_in') throw new Error(opened.status)
  return { ...opened, jar: jarOf(opened.carried) }
}

/** The browser's request to the refresh route. */
export function refreshWith(auth: Auth, jar: Jar, context: RequestContext = {}): Promise<Result<Refreshed>> {
  return auth.refresh(holding({ cookie: cookiesOf(jar, 'refresh') }), null, context)
}

/** The next jar of a refresh that must not be refused. */
export async function refreshed(auth: Auth, jar: Jar, context: RequestContext = {}): Promise<Jar> {
  return jarOf(must(await refreshWith(auth, jar, context)).carried, jar)
}

/** What a request with the access token hears. */
export async function hears(auth: Auth, jar: Jar, context: RequestContext = {}): Promise<string> {
  return codeOf(await auth.authenticate(holding({ cookie: cookiesOf(jar, 'elsewhere') }), context))
}

export function codeOf(result: Result<unknown>): string {
  return result.ok ? 'in' : result.refusal.code
}

/** Lets time pass without walking through all of it, but for the last seconds: what was used is written in them. */
export async function later({ clock }: House, ms: number): Promise<void> {
  const walked = Math.min(ms, 1000)
  clock.step(ms - walked)
  await clock.advance(walked)
}

/** Refresh tokens as they are sent in a body. */
export function tokenIn({ refresh }: Jar): string {
  return refresh.slice(refresh.indexOf('=') + 1)
}
