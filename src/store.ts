import type { AuditLog } from './audit.ts'
import type { Counters } from './counters.ts'
import type { Credential } from './credential.ts'
import type { EndReason } from './errors.ts'
import type { Keys } from './keyring.ts'
import type { Services } from './service.ts'
import type { Activity, SessionId, SessionRecord } from './session.ts'
import type { Settings } from './settings.ts'
import type { Changed, Page, Source, Whereabouts } from './source.ts'
import type { Fields, User, UserId, UserStatus } from './user.ts'

export type { AuditLog, EventFilter, PlacedEvent } from './audit.ts'
export { type Counters, RESERVATION_MS, type Reservation, type Slowed, type ThrottleRule } from './counters.ts'
export { followedFeeds, type SourcedFeed, sources } from './databases.ts'
export type { Kept, Settings } from './settings.ts'
export type { Changed, Page, Source } from './source.ts'

/*
 * The contract of a store: independent ports, each verb one atomic statement, transaction or script.
 *
 * - Time is an argument. Whether something has expired is never the store's question, except where a verb is handed
 *   the moment to compare with.
 * - A write never brings back what has ended (P7): there is no upsert of a session, and every change of one is
 *   conditional on its not having ended.
 * - A verb that changes what a view caches appends to the feed of the same database in the same transaction, and
 *   answers with the position. One that finds nothing to change answers with the tail: whoever asked for an ending
 *   waits for that too. Touches alone are not in the feed: they only lengthen, and a view asks before it ends.
 * - A verb that cannot be carried out throws `StoreUnavailable` and has changed nothing, or, when the answer was lost,
 *   everything.
 * - Ids, digests and numbers come from the caller; the store makes none but feed ids.
 */

export type UserEdit = {
  readonly name?: string
  readonly emailVerified?: boolean
  readonly passwordChangeRequired?: boolean
  readonly fields?: Fields
}

/** What a change of address was judged by. `key` is that of the address of before. */
export type AddressExpected = { readonly key: string; readonly generation: number }

export type UserFilter = {
  /**
   * Beginnings of words of the address or name, without case; all of them must be found. Words end at a space and at
   * `@ . _ - + , ' ( ) / & "`. What holds no word finds nobody.
   */
  readonly query?: string
  readonly role?: string
  readonly status?: UserStatus
}

/** A user with the generation of the whole installation, of one snapshot. */
export type Standing = { readonly user: User | null; readonly everyone: number }

/** A user who comes from elsewhere, with the key of the address and with all they sign in by. */
export type Newcomer = { readonly user: User; readonly key: string; readonly credentials: readonly Credential[] }

export interface Users {
  readonly source: Source
  /** False when the address (`key`) or the id is in use; nothing is changed then. */
  create(user: User, key: string): Promise<boolean>
  /**
   * Makes many users at once, each with exactly these credentials, whatever was left under the id. False, in their order, for those whose
   * address or id is in use, or was taken by another of the same call (of one address the first is made); nothing of them is kept then.
   * All of it is one transaction. Only to be called where `credentials` has the same source.
   */
  admit(newcomers: readonly Newcomer[]): Promise<readonly boolean[]>
  find(id: UserId): Promise<Standing>
  findByEmail(key: string): Promise<Standing>
  /** Those of these ids that there are, in no order. */
  findAll(ids: readonly UserId[]): Promise<readonly User[]>
  /** Ids of those who have a role, at most so many, in no order. */
  holders(role: string, limit: number): Promise<readonly UserId[]>
  /**
   * Newest first, by (createdAt, id). The cursor is opaque; a malformed one gives the first page. A page may hold fewer than asked for, or
   * nobody, and still have a next: so much is looked through for one, and no more.
   */
  list(filter: UserFilter, cursor: string | null, limit: number): Promise<Page<User>>
  /**
   * Gives a user an address that has proved to be theirs: it counts as verified. Only if the user still has the address and
   * the generation the caller judged by, and nobody else has the new one: of any number of callers at the same time one gets
   * an address. `key` may be that of before. With `ended` raises `generation` too, and so ends every session of the user.
   * The value is null, and nothing is changed, when a condition does not hold.
   */
  setEmail(
    id: UserId,
    expected: AddressExpected,
    email: string,
    key: string,
    ended: EndReason | null,
  ): Promise<Changed<User>>
  /** Changes what tokens and guards do not rely on. */
  edit(id: UserId, change: UserEdit): Promise<Changed<User>>
  /** Raises `version`. */
  setRoles(id: UserId, roles: readonly string[]): Promise<Changed<User>>
  /** Raises `version`; locking raises `generation` too, and so ends every session of the user. */
  setStatus(id: UserId, status: UserStatus): Promise<Changed<User>>
  /**
   * Raises `generation`: every session that holds the older number is over. `reason` goes into the feed. With `expected` only
   * while that is the user's generation: of any number of callers with the same one.
   */
  endAll(id: UserId, reason: EndReason, expected?: number): Promise<Changed<User>>
  /**
   * The record is gone, and with it the life of everything the user held; what other ports hold is the caller's to clear
   * away. The address is free again. The value is what it was.
   */
  remove(id: UserId): Promise<Changed<User>>
  /** Raises the generation of the whole installation. The value is the new one. */
  endEveryone(): Promise<Changed<number>>
}

export interface Credentials {
  readonly source: Source
  find(userId: UserId, kind: string, id: string): Promise<Credential | null>
  list(userId: UserId): Promise<readonly Credential[]>
  /** False when there is one already. */
  add(credential: Credential): Promise<boolean>
  /** Replaces the record and enables it, if the version is still `expected`; the next version is one more. */
  replace(userId: UserId, kind: string, id: string, expected: number, record: string, now: number): Promise<boolean>
  /**
   * Disables until replaced, and raises the version by one, so that a replacement under way does not enable it again.
   * One that is disabled already stays as it is.
   */
  disable(userId: UserId, kind: string, id: string, now: number): Promise<void>
  /** One, or all of the user when `kind` is null. */
  remove(userId: UserId, kind: string | null, id: string): Promise<void>
}

/** How many sessions a user may have at once. */
export type SessionLimit = {
  /** At least 1. */
  readonly max: number
  /** What becomes of one more sign-in: the oldest session ends as `session_evicted`, or it is refused as `session_limit_reached`. */
  readonly whenFull: 'end-oldest' | 'refuse'
}

/** `evicted` had to end to make room; the feed has them, `position` is theirs (the tail when there are none). */
export type Started =
  | (Whereabouts & { readonly started: true; readonly evicted: readonly SessionRecord[] })
  | { readonly started: false }

export type Replacement = {
  readonly digest: string
  readonly authenticatedAt: number
  readonly amr: readonly string[]
  /** Resets both: proving who one is counts as use, and as the start of a new unbroken run. */
  readonly lastActiveAt: number
  readonly longestIdle: number
  readonly generation: number
  readonly everyone: number
}

export type SessionFilter = {
  readonly userId?: UserId
  /** Of one of these, at most a few thousand. */
  readonly userIds?: readonly UserId[]
  readonly ip?: string
  /** Part of browser or system, compared without case. */
  readonly device?: string
  readonly strategy?: string
  readonly state?: 'active' | 'ended'
}

/** A number of things, within `margin`; 0 where they were counted. */
export type Counted = { readonly count: number; readonly margin: number }

export interface Sessions {
  readonly source: Source
  /**
   * Starts a session, holding the limit whatever else starts at the same time. Live ones of the user are those that
   * have not ended, hold the same `generation` and `everyone`, and are not due at `now`. When that many are open the
   * oldest by (createdAt, id) end with `session_evicted`, or nothing is changed and `started` is false.
   * @throws when the id exists, ended or not.
   */
  start(record: SessionRecord, limit: SessionLimit | null, now: number): Promise<Started>
  /** Also one that has ended, as long as it is kept. */
  find(id: SessionId): Promise<SessionRecord | null>
  /** Of one user, newest first by (createdAt, id): those not ended, or those that have. */
  ofUser(userId: UserId, state: 'active' | 'ended', limit: number): Promise<readonly SessionRecord[]>
  /** Newest first by (createdAt, id), in pages as those of users. `active` means not ended and not due at `now`. */
  list(filter: SessionFilter, cursor: string | null, limit: number, now: number): Promise<Page<SessionRecord>>
  /**
   * How many have not ended: exactly where that costs no more than a few thousand rows, else a guess from how close to each other ids are,
   * from `from` on, an id that nobody chose. `margin` is what the truth is hardly ever further away (three standard errors).
   */
  count(from: string): Promise<Counted>
  /**
   * Moves activity forward, never back, and takes down that the newest tokens were seen; passes over what has ended or does
   * not exist. Any number at once. Not in the feed.
   */
  touch(activity: readonly Activity[]): Promise<void>
  /**
   * Sets a new token and keeps the digest of the old as `previousDigest`, if `expected` is still the digest. Its rotation
   * begins anew: counter 0, rotated at `next.authenticatedAt`, not seen.
   */
  replace(id: SessionId, expected: string, next: Replacement): Promise<Changed<SessionRecord>>
  /**
   * Moves the counter from `from` to `to`, if both `from` and `digest` are still what is stored and the session has not
   * ended: of any number of callers one. The rotation is then of `now` and not seen. With `to` equal to `from` only
   * `rotatedAt` moves, and never back. Answers the record as it is after, null when the condition did not hold. Not in the
   * feed: it takes nothing from anybody.
   */
  advance(id: SessionId, digest: string, from: number, to: number, now: number): Promise<SessionRecord | null>
  /** Replaces the application's fields. */
  setFields(id: SessionId, fields: Fields): Promise<Changed<SessionRecord>>
  /**
   * Ends one session. With `unlessUsedAfter` only if its stored `lastActiveAt` is not later: an expiry that lost the
   * race against a use ends nothing. The value is the ended record, null when this call ended nothing.
   */
  end(id: SessionId, reason: EndReason, now: number, unlessUsedAfter?: number): Promise<Changed<SessionRecord>>
  /** Ends all of a user's, but `except`. The value is what this call ended. */
  endOf(
    userId: UserId,
    reason: EndReason,
    now: number,
    except: SessionId | null,
  ): Promise<Changed<readonly SessionRecord[]>>
  /** Ends at most `limit` that are due at `before`, with the reason that made them due and `now` as the time. */
  endDue(before: number, limit: number, now: number): Promise<Changed<readonly SessionRecord[]>>
  /** Ends at most `limit` whose `everyone` is lower: the clean-up after signing everyone out. */
  endOlder(everyone: number, limit: number, now: number): Promise<Changed<readonly SessionRecord[]>>
  /**
   * Blanks what is personal in at most `limit` ended sessions of a user: address, device (`ERASED_DEVICE`) and fields. That they
   * ended, when and why stays. Answers how many were changed; those that are blank already do not count.
   */
  erase(userId: UserId, limit: number): Promise<number>
  /** Forgets at most `limit` that ended before. Answers how many. */
  purge(endedBefore: number, limit: number): Promise<number>
}

/** A session that has no record, denied until its longest-lived token is over. */
export type Denial = { readonly sid: SessionId; readonly reason: EndReason; readonly until: number }

export interface Denials {
  readonly source: Source
  /** Denies a session id. Idempotent; the longest `until` stays. */
  deny(denial: Denial, now: number): Promise<Changed<Denial>>
  /** Why this id is denied: a denial, or a record that has ended. Null when nothing is known against it. */
  check(sid: SessionId): Promise<EndReason | null>
  /** Denials still in force at `now`, in pages, for a node that begins. */
  list(now: number, cursor: string | null, limit: number): Promise<Page<Denial>>
  purge(now: number, limit: number): Promise<number>
}

/** A single-use code or link: what it is for, whose, until when. Only the digest of the secret is kept. */
export type Ticket = {
  readonly digest: string
  /** `reset`, `verify`, … A ticket of one kind is unknown under another. */
  readonly kind: string
  readonly userId: UserId | null
  readonly data: Fields
  readonly expiresAt: number
}

export interface Tickets {
  readonly source: Source
  put(ticket: Ticket): Promise<void>
  /** The ticket, once: of any number of takers at the same time one gets it. Whether it is still valid is the taker's to judge. */
  take(digest: string, kind: string): Promise<Ticket | null>
  /** What a user holds, those that are over first, then by when they will be; at most `limit`. */
  ofUser(userId: UserId, limit: number): Promise<readonly Ticket[]>
  /** Voids all of a kind, or of any kind, that a user holds. */
  removeOf(userId: UserId, kind: string | null): Promise<void>
  purge(now: number, limit: number): Promise<number>
}

/** Ten independent ports. Those of several databases mix by spreading: `{ ...sqlite('auth.db'), audit: other.audit }`. */
export type Store = {
  readonly users: Users
  readonly credentials: Credentials
  readonly sessions: Sessions
  readonly denials: Denials
  readonly keys: Keys
  readonly services: Services
  readonly tickets: Tickets
  readonly counters: Counters
  readonly audit: AuditLog
  readonly settings: Settings
}
