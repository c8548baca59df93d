import type { Auth } from '../../../src/auth.ts'
import { createAuth } from '../../../src/create-auth.ts'
import { exportKey, generateKey } from '../../../src/crypto.ts'
import { type Code, StoreUnavailable } from '../../../src/errors.ts'
import type { AuthEvent } from '../../../src/events.ts'
import type { SignedIn } from '../../../src/flows/issue.ts'
import type { Refreshed } from '../../../src/flows/refresh.ts'
import type { Store } from '../../../src/store.ts'
import { hybrid } from '../../../src/strategies/hybrid.ts'
import { type ManualClock, manualClock } from '../../../src/testing/clock.ts'
import { BASE, holding, must, PASSWORD, SECRET } from '../../support/house.ts'
import { type Fragile, fragile, LOST } from './fragile.ts'

export const IDLE = 20 * 3_600_000
export const ABSOLUTE = 72 * 3_600_000
const EMAIL = 'ada@example.com'

/** In this time what was used and seen is written, milliseconds. */
export const FLUSH_MS = 300

export type Outcome =
  | { readonly kind: 'handed'; readonly value: Refreshed }
  | { readonly kind: 'refused'; readonly code: Code }
  | { readonly kind: 'fault' }

/** Two servers over one store, under a clock that stands still; whoever asks says which of them answers. */
export type Servers = {
  readonly clock: ManualClock
  readonly events: AuthEvent[]
  /** Someone signs in in a browser. */
  open(): Promise<SignedIn>
  refresh(server: number, cookie: string): Promise<Outcome>
  /** What a request with this access token hears: `in`, or why not. */
  use(server: number, cookie: string): Promise<Code | 'in'>
  loseAnswer(server: number): void
  mend(): void
  /** A server is gone before it has written what it saw, and another takes its place. */
  crash(server: number): Promise<void>
  /** Time passes for everybody; what was due to be written is. */
  pass(ms: number): Promise<void>
  close(): Promise<void>
}

type Server = { readonly auth: Auth; readonly fragile: Fragile }

/** Runs, and closes the servers whatever came of it. */
export async function withServers<T>(store: Store, run: (servers: Servers) => Promise<T>): Promise<T> {
  const own = await servers(store)
  try {
    return await run(own)
  } finally {
    await own.close()
  }
}

async function servers(store: Store): Promise<Servers> {
  const clock = manualClock()
  const events: AuthEvent[] = []
  const key = { key: JSON.parse(exportKey(await generateKey('HS256'))) as Record<string, unknown> }

  async function started(): Promise<Server> {
    const cut = fragile(store)
    const auth = createAuth({
      store: cut.store,
      strategy: hybrid(),
      baseUrl: BASE,
      secret: SECRET,
      clock,
      timeouts: { idle: IDLE, absolute: ABSOLUTE },
      // Years go by: a key of one's own does not rotate. How it signs is nothing to refreshing, so the cheapest does.
      keys: { import: [key] },
      on: (event) => void events.push(event),
    })
    await auth.ready()
    return { auth, fragile: cut }
  }

  /** Without moving the clock if that is enough: endings wait for the other server, everything else does not. */
  async function finish<T>(operation: Promise<T>): Promise<T> {
    let done = false
    const finished = operation.finally(() => {
      done = true
    })
    finished.catch(() => {})
    for (let i = 0; i < 20 && !done; i++) await new Promise((resolve) => setImmediate(resolve))
    while (!done) await clock.advance(1)
    return finished
  }

  const nodes = [await started(), await started()]
  const node = (server: number) => nodes[server % nodes.length] as Server
  must(await node(0).auth.signUp({ email: EMAIL, password: PASSWORD }))

  return {
    clock,
    events,
    async open() {
      const outcome = must(await finish(node(0).auth.signIn({ email: EMAIL, password: PASSWORD })))
      if (outcome.status !== 'signed_in') throw new Error(outcome.status)
      return outcome
    },
    async refresh(server, cookie) {
      try {
        const result = await finish(node(server).auth.refresh(holding({ cookie }), null))
        return result.ok ? { kind: 'handed', value: result.value } : { kind: 'refused', code: result.refusal.code }
      } catch (fault) {
        if (!(fault instanceof StoreUnavailable) || fault.message !== LOST) throw fault
        return { kind: 'fault' }
      }
    },
    async use(server, cookie) {
      const result = await finish(Promise.resolve(node(server).auth.authenticate(holding({ cookie }))))
      return result.ok ? 'in' : result.refusal.code
    },
    loseAnswer: (server) => node(server).fragile.loseAnswer(),
    mend() {
      for (const { fragile } of nodes) fragile.mend()
    },
    async crash(server) {
      const gone = node(server)
      gone.fragile.die()
      await finish(gone.auth.close())
      nodes[nodes.indexOf(gone)] = await finish(started())
    },
    async pass(ms) {
      if (ms > FLUSH_MS) clock.step(ms - FLUSH_MS)
      await clock.advance(Math.min(ms, FLUSH_MS))
      for (const { fragile } of nodes) await fragile.written()
    },
    async close() {
      await Promise.all(nodes.map(({ auth }) => finish(auth.close())))
    },
  }
}
