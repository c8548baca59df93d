import type { Carrier } from './carrier.ts'
import type { Result } from './result.ts'
import type { Session, SessionId } from './session.ts'

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
export type Carried = { readonly cookies: readonly string[]; readonly tokens?: Tokens }

/** A new credential: what goes to the client, and what the record keeps of it. */
export type Issued = {
  readonly carried: Carried
  /** SHA-256 of the token, hex; the only trace of it that is stored. */
  readonly digest: string
}

/** The strategy a credential belongs to, and how it came. */
export type Via = { readonly strategy: string; readonly transport: Transport }

/** A credential in good form. Nothing is known yet of whether it is good: that is the view's and the record's to say. */
export type Identified = {
  readonly via: Via
  readonly sid: SessionId
  readonly digest: string
}

/**
 * How a session travels. A strategy makes and reads credentials; it holds no state, does no look-up and never decides
 * whether a session lives.
 */
export interface Strategy {
  readonly name: string
  /** Makes the credential of a session. The only place where one exists in clear. */
  issue(session: Session, transport: Transport, now: number): Issued | Promise<Issued>
  /**
   * Reads the credential of a request. `null`: not mine, ask the next strategy. A refusal: mine, and malformed or
   * doubled; nothing else is asked, so a bad credential never falls back to another (CS-11). An `Authorization`
   * header, when there is one, alone counts.
   */
  identify(carrier: Carrier, now: number): Result<Identified> | null | Promise<Result<Identified> | null>
  /** `Set-Cookie` values that remove what `issue` set, with the attributes it was set with (TE-04). */
  clear(): readonly string[]
}
