import { hash } from '../faults/support/quick-argon2.ts'

/** What of the code under test the simulation handles itself; everything else is reached through it. */
export type Code = {
  readonly createAuth: typeof import('../../src/create-auth.ts').createAuth
  readonly memory: typeof import('../../src/stores/memory/memory.ts').memory
  readonly session: typeof import('../../src/strategies/session.ts').session
  readonly jwt: typeof import('../../src/strategies/jwt.ts').jwt
  readonly hybrid: typeof import('../../src/strategies/hybrid.ts').hybrid
  readonly StoreUnavailable: typeof import('../../src/errors.ts').StoreUnavailable
  readonly LEASE_MS: number
  readonly SETTLE_MS: number
}

/** The real code. */
export async function realCode(): Promise<Code> {
  const [{ createAuth }, { memory }, { session }, { jwt }, { hybrid }, { StoreUnavailable }, lease] = await Promise.all(
    [
      import('../../src/create-auth.ts'),
      import('../../src/stores/memory/memory.ts'),
      import('../../src/strategies/session.ts'),
      import('../../src/strategies/jwt.ts'),
      import('../../src/strategies/hybrid.ts'),
      import('../../src/errors.ts'),
      import('../../src/view/lease.ts'),
    ],
  )
  const { LEASE_MS, SETTLE_MS } = lease
  return { createAuth, memory, session, jwt, hybrid, StoreUnavailable, LEASE_MS, SETTLE_MS }
}

/** The same of a copy. */
export async function codeIn(folder: string): Promise<Code> {
  const load = (path: string) => import(/* @vite-ignore */ `${folder}/${path}`)
  const modules = await Promise.all(
    [
      'create-auth',
      'stores/memory/memory',
      'strategies/session',
      'strategies/jwt',
      'strategies/hybrid',
      'errors',
      'view/lease',
    ].map((path) => load(`${path}.ts`)),
  )
  return Object.assign({}, ...modules) as Code
}

/** The record of a password, as a sign-up would leave it. */
export const recordOf = (password: string) =>
  hash(password, { memoryCost: 19456, timeCost: 2, salt: Buffer.alloc(16, 7) })
