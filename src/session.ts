import type { EndReason } from './errors.ts'
import type { Fields, Id, UserId } from './user.ts'

/** 16 random bytes, base64url, 22 characters; or as many that follow from the id before. Public: shown in lists, used to end a session, opens nothing (SI-04). */
export type SessionId = Id<'session'>

/** What the client told of itself when it signed in. For people to recognise their sessions by; never decided upon. */
export type Device = { readonly browser: string; readonly os: string; readonly type: string }

/** Of a session whose owner is gone. */
export const ERASED_DEVICE: Device = Object.freeze({ browser: '', os: '', type: '' })

/** One signed-in device. Times are milliseconds since the epoch, durations milliseconds. */
export type Session<F = Fields> = {
  readonly id: SessionId
  readonly userId: UserId
  /** Name of the strategy it was issued under. */
  readonly strategy: string
  readonly createdAt: number
  /** When its owner last proved who they are. Moved by re-authentication only (RA-04). */
  readonly authenticatedAt: number
  readonly lastActiveAt: number
  /** The longest pause between two uses since `authenticatedAt`: what sections with a tighter idle limit are judged by. */
  readonly longestIdle: number
  readonly idleTimeout: number
  /** The absolute limit. Nothing moves it (P5). */
  readonly expiresAt: number
  /** How they proved who they are (RFC 8176): `pwd`, … */
  readonly amr: readonly string[]
  readonly remember: boolean
  readonly device: Device
  readonly ip: string
  /** The user's generation read before the credential was checked; the session lives only while they are equal. */
  readonly generation: number
  /** The same of the whole installation, raised by signing everyone out. */
  readonly everyone: number
  readonly fields: F
  readonly endedAt: number | null
  readonly endReason: EndReason | null
}

/** How far the refresh tokens of a session have come (design, section 6). Under strategies without them it stays at the start. */
export type Rotation = {
  /** Rises by one with every refresh; what a genuine refresh token carries is compared with it. */
  readonly counter: number
  /** When the refresh token of this counter was last handed out. */
  readonly rotatedAt: number
  /** The first verified use of an access token that was issued under this counter, on any node; null before it. */
  readonly seenAt: number | null
}

/** A session as a store keeps it: what its token is known by again besides. No column of it opens anything (P6). */
export type SessionRecord<F = Fields> = Session<F> &
  Rotation & {
    /** SHA-256 of the session token, hex; under `hybrid`, as long and as random, the seed of its refresh tokens. */
    readonly digest: string
    /** That of the token before the latest replacement; recognised as stale, never accepted. */
    readonly previousDigest: string | null
  }

/** The session in a record: what everybody else may see. */
export function withoutToken<F>(record: SessionRecord<F>): Session<F> {
  const { digest: _, previousDigest: __, counter: ___, rotatedAt: ____, seenAt: _____, ...session } = record
  return session
}

/**
 * What a use of the session moves. Both only grow; a store takes the larger. The pause, and what was seen, count only while
 * the session still has this `authenticatedAt`: a late write must not undo that re-authentication began a new run.
 */
export type Activity = Pick<Session, 'id' | 'lastActiveAt' | 'longestIdle' | 'authenticatedAt'> & {
  /** A use at `at` of an access token issued under `counter`. Only the first of a counter that is still the newest counts. */
  readonly seen?: { readonly counter: number; readonly at: number }
}

/** When the record says the session is over, whatever a tighter policy says: what the sweeper looks for. */
export function dueAt(session: Pick<Session, 'lastActiveAt' | 'idleTimeout' | 'expiresAt'>): number {
  return Math.min(session.lastActiveAt + session.idleTimeout, session.expiresAt)
}
