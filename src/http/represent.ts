import type { Auth } from '../auth.ts'
import type { Authenticated } from '../guard.ts'
import { deadlines, expiry } from '../policy.ts'
import type { Session } from '../session.ts'
import type { Carried, Tokens } from '../strategy.ts'
import { publicUser, type User } from '../user.ts'

type Known = Pick<Auth, 'setting'>

export { publicUser as userView } from '../user.ts'

/** What its owner and administrators see of a session. Deadlines are those of the policy in force. */
export function sessionView(
  { setting }: Known,
  session: Session,
  roles: readonly string[],
  current: boolean,
  tokenExpiresAt: number | null = null,
) {
  const { id, strategy, createdAt, authenticatedAt, lastActiveAt, amr, device, ip, remember, fields } = session
  return {
    id,
    strategy,
    createdAt,
    authenticatedAt,
    lastActiveAt,
    ...deadlines(setting.policy, session, roles),
    // The life of its token stands for an idle limit it has not.
    ...(setting.recordless.has(strategy) && { idleExpiresAt: null }),
    ...(tokenExpiresAt !== null && { tokenExpiresAt }),
    now: setting.clock.now(),
    current,
    amr,
    device,
    ip,
    remember,
    ...(Object.keys(fields).length > 0 && { fields }),
    ...(session.endedAt !== null && { endedAt: session.endedAt, endReason: session.endReason ?? 'session_revoked' }),
  }
}

/** The session of the request itself. */
export function ownSession(known: Known, who: Authenticated) {
  return sessionView(known, who.session, who.user.roles, true, who.tokenExpiresAt)
}

/** A session in a list of everybody's. */
export function ownedSession(known: Known, session: Session, owner: User | null, current: boolean) {
  const { id, email, name, roles } = owner ?? { id: '', email: '', name: '', roles: [] }
  return { ...sessionView(known, session, roles, current), user: owner ? { id, email, name, roles } : null }
}

export function signedIn(known: Known, given: { user: User; session: Session; carried: Carried }) {
  const { user, session, carried } = given
  return {
    user: publicUser(user),
    session: sessionView(known, session, user.roles, true, carried.tokenExpiresAt),
    ...tokensOf(carried),
  }
}

export function reissued(known: Known, who: Authenticated, given: { session: Session; carried: Carried }) {
  const { session, carried } = given
  return { session: sessionView(known, session, who.user.roles, true, carried.tokenExpiresAt), ...tokensOf(carried) }
}

/**
 * Whether a session of a list is open in truth: its record may not say yet that it is over by time, or by an ending of
 * all sessions of its owner. `viewer` is signed in at this moment and so holds the newest generation of everyone.
 */
export function isOpen({ setting }: Known, session: Session, owner: User | null, viewer: Authenticated): boolean {
  if (session.endedAt !== null || owner === null || owner.status !== 'active') return false
  if (session.generation !== owner.generation || session.everyone < viewer.session.everyone) return false
  return expiry(setting.policy, session, owner.roles, setting.clock.now()) === null
}

/** Tokens only where they are carried by the body: with cookies there are none (CK-02). */
function tokensOf({ cookies, tokens }: Carried): { readonly tokens?: Tokens } {
  return tokens && cookies.length === 0 ? { tokens } : {}
}
