import type { Auth } from '../../src/auth.ts'
import type { Carrier, RequestContext } from '../../src/carrier.ts'
import { createAuth } from '../../src/create-auth.ts'
import type { AuthEvent } from '../../src/events.ts'
import type { SignedIn } from '../../src/flows/issue.ts'
import type { VerificationSent } from '../../src/flows/verification.ts'
import type { Options } from '../../src/options.ts'
import type { Result } from '../../src/result.ts'
import type { Store } from '../../src/store.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { session } from '../../src/strategies/session.ts'
import { type ManualClock, manualClock } from '../../src/testing/clock.ts'

export const SECRET = 'test-secret-0123456789-abcdefghijklmnop'
export const PASSWORD = 'a long enough passphrase'
export const BASE = 'https://app.example'

/** What a browser sends that holds this cookie, or a client with this bearer token. */
export function holding(credential: { cookie: string } | { bearer: string }): Carrier {
  const header = 'cookie' in credential ? (['cookie', credential.cookie] as const) : bearerHeader(credential.bearer)
  return { get: (name) => (name.toLowerCase() === header[0] ? header[1] : null) }
}

function bearerHeader(token: string) {
  return ['authorization', `Bearer ${token}`] as const
}

/** `name=value` of the first `Set-Cookie`. */
export function cookieOf(signedIn: Pick<SignedIn, 'carried'>): string {
  return signedIn.carried.cookies[0]?.split(';')[0] as string
}

/** The value of a result that must not be a refusal; of a sign-up, that somebody is signed in. */
export function must<T>(result: Result<T>): Exclude<T, VerificationSent> {
  if (!result.ok) throw new Error(`refused: ${result.refusal.code}`)
  const { value } = result
  if ((value as { status?: unknown } | null)?.status === 'verification_sent') throw new Error('signed up by mail')
  return value as Exclude<T, VerificationSent>
}

export type House = {
  readonly auth: Auth
  /** All nodes over the one store, `auth` first. */
  readonly nodes: readonly Auth[]
  readonly store: Store
  readonly clock: ManualClock
  readonly events: AuthEvent[]
  /** Signs a new user up and answers with what their browser holds. */
  enter(label: string, context?: RequestContext): Promise<{ signedIn: SignedIn; carrier: Carrier; cookie: string }>
  /** Lets time pass until the operation is done: for endings that wait for other nodes. */
  patiently<T>(operation: Promise<T>): Promise<T>
  close(): Promise<void>
}

/** An installation under a clock that stands still: as many nodes as asked for, over one store. */
export async function house(options: Partial<Options> & { nodes?: number } = {}): Promise<House> {
  const { nodes: count = 1, store = memory(), clock = manualClock(), ...rest } = options
  const events: AuthEvent[] = []
  const nodes = Array.from({ length: count }, () =>
    createAuth({
      store,
      strategy: session(),
      baseUrl: BASE,
      secret: SECRET,
      clock,
      on: (event) => void events.push(event),
      ...rest,
    }),
  )
  await Promise.all(nodes.map((node) => node.ready()))
  const [auth] = nodes as [Auth, ...Auth[]]
  const manual = clock as ManualClock
  return {
    auth,
    nodes,
    store,
    clock: manual,
    events,
    async enter(label, context = {}) {
      const signedIn = must(await auth.signUp({ email: `${label}@example.com`, password: PASSWORD }, context))
      const cookie = cookieOf(signedIn)
      return { signedIn, cookie, carrier: holding({ cookie }) }
    },
    async patiently(operation) {
      let done = false
      const finished = operation.finally(() => {
        done = true
      })
      finished.catch(() => {})
      while (!done) await manual.advance(1)
      return finished
    },
    async close() {
      const closing = Promise.all(nodes.map((node) => node.close()))
      await closing
    },
  }
}
