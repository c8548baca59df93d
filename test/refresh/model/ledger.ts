import assert from 'node:assert/strict'
import type { Session } from '../../../src/session.ts'
import type { Claims, Jar } from './jar.ts'
import { WINDOW } from './reference.ts'
import type { Outcome } from './servers.ts'

/** All that was handed out and used of one session, in order to hold the promises against it, whatever the table says. */
export type Ledger = {
  readonly session: Session
  /** Tokens were handed out. */
  handed(jar: Jar, session: Session): void
  /** An access token of this number was used, and that was written. */
  seen(number: number, now: number): void
  /** Whether a token with this number must give away by now that two hold the session. */
  mustEnd(number: number, now: number): boolean
}

export function ledger(session: Session, first: Jar): Ledger {
  const line = new Map<number, string>()
  const firstSeen = new Map<number, number>()
  const begun = proved(first.claims)

  function handed({ refresh, refreshNumber: number, claims }: Jar, after: Session): void {
    // One line: of one number, everybody gets the same token, and no two numbers share one.
    assert.equal(line.get(number) ?? refresh, refresh, `a second token with number ${number}`)
    line.set(number, refresh)
    assert.equal(new Set(line.values()).size, line.size)
    // What was proved, and the absolute limit, are those of the sign-in (RT-05, RA-04).
    assert.deepEqual(proved(claims), begun)
    assert.deepEqual(fixed(after), fixed(session))
    assert.ok(claims.exp * 1000 <= session.expiresAt)
  }

  handed(first, session)
  return {
    session,
    handed,
    seen(number, now) {
      if (!firstSeen.has(number)) firstSeen.set(number, now)
    },
    mustEnd(number, now) {
      const seen = firstSeen.get(number + 1)
      if (seen !== undefined && now - seen > WINDOW) return true
      return Math.max(...line.keys()) >= number + 2
    },
  }
}

function proved({ auth_time, amr, sub, sid }: Claims) {
  return { auth_time, amr, sub, sid }
}

function fixed({ id, userId, authenticatedAt, amr, expiresAt, createdAt }: Session) {
  return { id, userId, authenticatedAt, amr, expiresAt, createdAt }
}

/** For messages. */
export function said(outcome: Outcome): string {
  if (outcome.kind === 'handed') return 'tokens'
  return outcome.kind === 'fault' ? 'a fault' : outcome.code
}
