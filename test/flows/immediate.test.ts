import { afterEach, expect, it, vi } from 'vitest'
import type { Authenticated } from '../../src/guard.ts'
import { hybrid } from '../../src/strategies/hybrid.ts'
import { jwt } from '../../src/strategies/jwt.ts'
import { type House, holding, house, must, PASSWORD } from '../support/house.ts'

vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('../faults/support/quick-argon2.ts'))

/** Of each ending, under each strategy. */
const TIMES = 1000

const STRATEGIES = [
  ['hybrid', hybrid],
  ['jwt', jwt],
] as const

const EMAIL = 'ada@example.com'

let open: House | null = null
afterEach(async () => {
  await open?.close()
  open = null
})

async function begin(make: typeof hybrid | typeof jwt) {
  open = await house({ strategy: make(), throttle: { perSource: { failures: 1000, window: '1h' } } })
  const { auth } = open
  must(await auth.signUp({ email: EMAIL, password: PASSWORD, transport: 'bearer' }))
  /** Signs in: a token that is good for minutes, and what it lets in. */
  const enter = async () => {
    const outcome = must(await auth.signIn({ email: EMAIL, password: PASSWORD, transport: 'bearer' }))
    if (outcome.status !== 'signed_in') throw new Error(outcome.status)
    const carrier = holding({ bearer: outcome.carried.tokens?.accessToken ?? '' })
    return { carrier, who: must(await auth.authenticate(carrier)) }
  }
  return { auth, enter }
}

type Begun = Awaited<ReturnType<typeof begin>>
type Entered = Awaited<ReturnType<Begun['enter']>>

const ENDINGS: readonly (readonly [name: string, end: (auth: Begun['auth'], entered: Entered) => Promise<unknown>])[] =
  [
    ['sign-out', (auth, { carrier }) => auth.signOut(carrier)],
    [
      'lock',
      async (auth, { who }) => {
        must(await auth.lock(who.user.id))
        // What was ended stays ended.
        must(await auth.unlock(who.user.id))
      },
    ],
    [
      'demotion',
      async (auth, { who }: { who: Authenticated }) => {
        const roles = who.user.roles.includes('auditor') ? ['member'] : ['member', 'auditor']
        must(await auth.setRoles(who.user.id, roles))
      },
    ],
    [
      'key removal',
      async (auth) => {
        for (const { kid, state } of await auth.keys.list()) if (state === 'signing') must(await auth.keys.remove(kid))
      },
    ],
  ]

it.each(STRATEGIES.flatMap(([by, make]) => ENDINGS.map(([name, end]) => [name, by, make, end] as const)))(
  'P1 TE-02 AZ-02 KM-02: after a %s the very next request by %s is refused, every time',
  async (_name, _by, make, end) => {
    const { auth, enter } = await begin(make)
    let refused = 0
    for (let n = 0; n < TIMES; n++) {
      const entered = await enter()
      await end(auth, entered)
      if (!(await auth.authenticate(entered.carrier)).ok) refused += 1
    }
    expect(refused).toBe(TIMES)
  },
  60_000,
)
