import type { Config, StrategyName } from '../../config.ts'
import { type Auth, createAuth, type Store, systemClock } from '../../index.ts'
import { strategyOf } from '../../server/open.ts'
import { FailureError } from '../failure.ts'

export const STRATEGIES = ['session', 'hybrid', 'jwt'] as const satisfies readonly StrategyName[]

/** What is measured, in microseconds a call. */
export const CALLS = ['warm', 'cold', 'sign-in', 'refresh', 'ending'] as const

export type Call = (typeof CALLS)[number]
/** By call the durations that were measured, microseconds. */
export type Samples = Readonly<Record<Call, number[]>>

/** Sign-ins of one round, and how long its warm decisions are repeated, milliseconds. */
const ROUND = { signIns: 4, warmMs: 30 }

const [EMAIL, PASSWORD] = ['bench@example.com', 'measured and forgotten again']

type Contestant = { readonly near: Auth; readonly far: Auth; readonly samples: Samples }

/**
 * Measures the strategies in turns, until `isOver`: what disturbs one then disturbs all of them. Cold is the first decision of a second server,
 * which has not seen the token before.
 */
export async function measure(
  open: () => Promise<Store>,
  given: Config,
  isOver: (rounds: number) => boolean,
): Promise<Readonly<Record<StrategyName, Samples>>> {
  const secret = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url')
  const made: Auth[] = []
  const server = async (strategy: StrategyName, cache?: { readonly sessions: number }) => {
    const options = {
      store: await open(),
      strategy: strategyOf(strategy, given),
      baseUrl: 'http://localhost:3000',
      secret,
    }
    const auth = createAuth({
      ...options,
      ...(cache && { cache }),
      ...(given.password && { password: given.password }),
    })
    made.push(auth)
    await auth.ready()
    return auth
  }
  try {
    const contestants = {} as Record<StrategyName, Contestant>
    for (const name of STRATEGIES) {
      const samples = Object.fromEntries(CALLS.map((call) => [call, []])) as unknown as Samples
      contestants[name] = { near: await server(name), far: await server(name), samples }
    }
    const first = await contestants.session.near.users.create({ email: EMAIL, password: PASSWORD })
    if (!first.ok) throw new FailureError(`nobody can be made to measure with: ${first.refusal.code}`)
    for (let rounds = 0; !isOver(rounds); rounds += 1) {
      for (const name of STRATEGIES) await round(contestants[name])
    }
    return Object.fromEntries(STRATEGIES.map((name) => [name, contestants[name].samples])) as Record<
      StrategyName,
      Samples
    >
  } finally {
    await Promise.all(made.map((auth) => auth.close()))
  }
}

async function round({ near, far, samples }: Contestant): Promise<void> {
  for (let i = 0; i < ROUND.signIns; i += 1) {
    const signedIn = must(
      await timed(samples['sign-in'], () => near.signIn({ email: EMAIL, password: PASSWORD, transport: 'bearer' })),
    )
    if (signedIn.status !== 'signed_in') throw new FailureError(`nobody could sign in: ${signedIn.status}`)
    const { tokens } = signedIn.carried
    const carrier = holding(tokens?.accessToken ?? '')
    must(await timed(samples.cold, () => far.authenticate(carrier)))
    const who = must(await near.authenticate(carrier))
    if (i === 0) await warm(near, carrier, samples.warm)
    const refreshToken = tokens?.refreshToken
    if (refreshToken === undefined) must(await timed(samples.refresh, () => near.renew(who)))
    else must(await timed(samples.refresh, () => near.refresh(NOTHING, refreshToken)))
    await timed(samples.ending, () => near.signOut(carrier))
  }
}

/** So many at a time that the clock does not matter. */
async function warm(auth: Auth, carrier: Carrier, samples: number[]): Promise<void> {
  const until = systemClock.monotonic() + ROUND.warmMs
  while (systemClock.monotonic() < until) {
    const began = systemClock.monotonic()
    for (let i = 0; i < 500; i += 1) {
      const decided = auth.authenticate(carrier)
      if (decided instanceof Promise) await decided
    }
    samples.push(((systemClock.monotonic() - began) * 1000) / 500)
  }
}

async function timed<T>(samples: number[], call: () => T | Promise<T>): Promise<T> {
  const began = systemClock.monotonic()
  const answer = await call()
  samples.push((systemClock.monotonic() - began) * 1000)
  return answer
}

type Carrier = { get(name: string): string | null }

const NOTHING: Carrier = { get: () => null }

function holding(token: string): Carrier {
  return { get: (name) => (name.toLowerCase() === 'authorization' ? `Bearer ${token}` : null) }
}

function must<T>(
  result:
    | { readonly ok: true; readonly value: T }
    | { readonly ok: false; readonly refusal: { readonly code: string } },
): T {
  if (result.ok) return result.value
  throw new FailureError(`a call that is measured was refused: ${result.refusal.code}`)
}
