import type { Carrier } from './carrier.ts'
import type { Result } from './result.ts'
import type { Session, SessionId, SessionRecord } from './session.ts'
import type { User } from './user.ts'
import type { AccessClaims } from './wire/claims.ts'

export type Transport = 'cookie' | 'bearer'

/** Tokens for clients without cookies. Durations are seconds, as RFC 6749 section 5.1 has them. */
export type Tokens = {
  readonly accessToken: string
  readonly tokenType: 'Bearer'
  readonly expiresIn: number
  readonly refreshToken?: string
  readonly refreshExpiresIn?: number
}

/** What the client is handed: whole `Set-Cookie` values, or tokens, never both (CK-02). */
export type Carried = {
  readonly cookies: readonly string[]
  readonly tokens?: Tokens
  /** When the access token ends, milliseconds; null where the credential has no end of its own. */
  readonly tokenExpiresAt: number | null
}

/** A new credential: what goes to the client, and what the record keeps of it. */
export type Issued = {
  readonly carried: Carried
  /** 64 hex digits: SHA-256 of the token, or the seed of the refresh tokens. Empty where no record is kept. */
  readonly digest: string
}

/** Whose credential is made. A token says of its user what guards rely on, as of this moment. */
export type Subject = { readonly session: Session; readonly user: Pick<User, 'roles' | 'version'> }

/** The strategy a credential belongs to, and how it came. */
export type Via = { readonly strategy: string; readonly transport: Transport }

/** An opaque token, by its digest. Whether it is the session's is the record's to say. */
export type DigestProof = { readonly proof: 'digest'; readonly digest: string }

/**
 * A token that was signed by the key `kid`, for this installation. Its time, whether the key still stands and whether the
 * session lives have to be asked at every use. `session` is there when no record of it is kept.
 */
export type AccessProof = {
  readonly proof: 'access'
  readonly claims: AccessClaims
  readonly kid: string
  readonly session: Session | null
}

/** A token that only refreshes and ends. Genuine if it fits the seed that the record keeps. */
export type RefreshProof = {
  readonly proof: 'refresh'
  readonly counter: number
  fits(seed: string): boolean
}

/** A credential in good form. Nothing is known yet of whether it is good: that is the view's and the record's to say. */
export type Identified<P = DigestProof | AccessProof | RefreshProof> = {
  readonly via: Via
  readonly sid: SessionId
} & P

/** What a strategy reads off a request. `null`: none of mine. A refusal: mine, and malformed, forged or doubled. */
export type Found<P = DigestProof | AccessProof | RefreshProof> = Result<Identified<P>> | null

/**
 * How a session travels. A strategy makes and reads credentials; it holds no state that decides, does no look-up of
 * sessions, and never says whether one lives.
 */
export interface Strategy {
  readonly name: string
  /** Whether the server keeps a record of each session, or the token is all there is. */
  readonly keeps: 'record' | 'nothing'
  /** The longest life of its self-contained tokens, milliseconds: how long a key has to verify and a denial to be kept. Null: it signs none. */
  readonly tokenLife: number | null
  /** Makes the credential of a session. The only place where one exists in clear. */
  issue(subject: Subject, transport: Transport, now: number): Issued | Promise<Issued>
  /**
   * Reads the credential of a request. `null`: not mine, ask the next strategy. A refusal: mine, and malformed, forged or
   * doubled; nothing else is asked, so a bad credential never falls back to another (CS-11). An `Authorization`
   * header, when there is one, alone counts.
   */
  identify(carrier: Carrier, now: number): Found<DigestProof | AccessProof> | Promise<Found<DigestProof | AccessProof>>
  /** As `identify`, and also what can only end a session: ending needs less than using. */
  identifyToEnd(carrier: Carrier, now: number): Found | Promise<Found>
  /** How its sessions get their next token; null where one token lasts as long as the session, or is renewed by itself. */
  readonly refreshing: Refreshing | null
  /** `Set-Cookie` values that remove what `issue` set, with the attributes it was set with (TE-04). */
  clear(): readonly string[]
}

/** Short access tokens and the rotating token that gets the next (design, section 6). */
export interface Refreshing {
  /** The refresh token of the request's cookie, or the one that was given in its body. */
  read(carrier: Carrier, given: string | null): Found<RefreshProof>
  /**
   * The tokens of a session as far as it has come: of one counter, the refresh token is always the same. Not `whole`: its
   * cookie is left as it is.
   */
  issue(
    record: SessionRecord,
    user: Subject['user'],
    transport: Transport,
    now: number,
    whole: boolean,
  ): Carried | Promise<Carried>
}
