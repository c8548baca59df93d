import type { Auth } from '../../src/auth.ts'
import { readKey, type SigningKey, sealing, unseal } from '../../src/crypto.ts'
import { purposeOf } from '../../src/keyring.ts'
import type { Store } from '../../src/store.ts'
import type { ManualClock } from '../../src/testing/clock.ts'
import { SECRET } from './house.ts'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** Lets time pass in steps after which leases are renewed and the keys looked after. */
export async function pass(clock: ManualClock, ms: number, step = 10 * MINUTE): Promise<void> {
  for (let left = ms; left > 0; left -= step) {
    const now = Math.min(left, step)
    clock.step(Math.max(0, now - 1500 - MINUTE))
    await clock.advance(1500)
    await clock.advance(MINUTE)
  }
}

/** The `kid` in the header of the token in a cookie. */
export function kidOf(cookie: string): string {
  const [header = ''] = cookie.slice(cookie.indexOf('=') + 1).split('.')
  return JSON.parse(Buffer.from(header, 'base64url').toString()).kid
}

export const states = async (auth: Auth) => (await auth.keys.list()).map(({ state }) => state)

/** A kept key, opened as whoever has the master secret could. */
export async function stolen(store: Store, kid: string, secret = SECRET): Promise<SigningKey> {
  const sealed = (await store.keys.list()).find((record) => record.kid === kid)?.sealed ?? ''
  return readKey(unseal(sealing([secret]), sealed, purposeOf(kid)) ?? '')
}

/** Resolves when it is so: keys are made beside the event loop, which no clock that is moved by hand waits for. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve))
}

/** Resolves when so many keys are kept, the removed ones too. */
export function keysKept(auth: Auth, count: number): Promise<void> {
  return until(async () => (await auth.keys.list()).length === count)
}
