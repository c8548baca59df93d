import type { EndReason } from './errors.ts'
import type { Fields, Id, UserId } from './user.ts'

/** 16 random bytes, base64url, 22 characters. Public: shown in lists, used to end a session, opens nothing (SI-04). */
export type SessionId = Id<'session'>

/** What the client told of itself when it signed in. For people to recognise their sessions by; never decided upon. */
export type Device = { readonly browser: string; readonly os: string; readonly type: string }

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

/** A session as a store keeps it: the digests of its token besides. No column of it opens anything (P6). */
export type SessionRecord<F = Fields> = Session<F> & {
  /** SHA-256 of the session token, hex. Empty under strategies whose tokens are not looked up. */
  readonly digest: string
  /** Digest of the token before the latest replacement; recognised as stale, never accepted. */
  readonly previousDigest: string | null
}

/**
 * What a use of the session moves. Both only grow; a store takes the larger. The pause counts only while the session
 * still has this `authenticatedAt`: a late write must not undo that re-authentication began a new run.
 */
export type Activity = Pick<Session, 'id' | 'lastActiveAt' | 'longestIdle' | 'authenticatedAt'>

/** When the record says the session is over, whatever a tighter policy says: what the sweeper looks for. */
export function dueAt(session: Pick<Session, 'lastActiveAt' | 'idleTimeout' | 'expiresAt'>): number {
  return Math.min(session.lastActiveAt + session.idleTimeout, session.expiresAt)
}
