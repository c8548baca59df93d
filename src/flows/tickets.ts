import { randomText, sha256 } from '../crypto.ts'
import { refused } from '../result.ts'
import type { Ticket } from '../store.ts'
import type { Fields, UserId } from '../user.ts'
import type { Core } from './core.ts'

/**
 * What can be done with a link, and what its ticket holds besides. A ticket is taken once; what it was made for has to be true
 * still, which its taker judges.
 *
 * - `reset`: sets a password. `generation` of its making: whatever ended all sessions since then voids it. `to`: digest of the
 *   address it was mailed to, which is verified by it; absent for one that a sign-in asked for (PW-10).
 * - `sign_up`: an account that somebody wants (TH-09). Everything of it is in here, its password as a record; of nobody yet.
 * - `verify`: the address is the user's. `key` of the address.
 * - `email`: another address is the user's. `from`: key of the one of before; `generation` as above.
 * - `object`: undoes a change. `email`: the address to go back to; `at`: when the change was asked for.
 */
export type TicketKind = 'reset' | 'sign_up' | 'verify' | 'email' | 'object'

const SECRET = /^[A-Za-z0-9_-]{43}$/

/** Puts a ticket and answers its secret: 32 random bytes, of which the digest is kept (RC-01). */
export async function ticketed(
  { store }: Pick<Core, 'store'>,
  kind: TicketKind,
  userId: UserId | null,
  data: Fields,
  expiresAt: number,
): Promise<string> {
  const token = randomText(32)
  await store.tickets.put({ digest: sha256(token), kind, userId, data, expiresAt })
  return token
}

/** The ticket of a secret, once, of the first of these kinds it is of. Null for one that is over or was never made. */
export async function taken(
  { store, clock }: Pick<Core, 'store' | 'clock'>,
  token: string,
  ...kinds: readonly TicketKind[]
): Promise<Ticket | null> {
  if (!SECRET.test(token)) return null
  const digest = sha256(token)
  for (const kind of kinds) {
    const ticket = await store.tickets.take(digest, kind)
    if (ticket) return clock.now() < ticket.expiresAt ? ticket : null
  }
  return null
}

/** Whether it has the form of a secret: what has not is asked of nobody, and nothing costly is done for it. */
export function isToken(token: string): boolean {
  return SECRET.test(token)
}

/** One answer for whatever is wrong with a link. */
export const SPENT = refused({
  code: 'invalid_request',
  errors: [{ path: 'token', code: 'invalid', detail: 'The link was used already or is too old' }],
})

/** How an address is named in a ticket that need not know it. */
export function addressDigest(key: string): string {
  return sha256(`address ${key}`)
}
