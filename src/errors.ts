/** Every `EndReason`. */
export const END_REASONS = [
  'signed_out',
  'session_expired_idle',
  'session_expired_absolute',
  'session_revoked',
  'session_evicted',
  'user_locked',
  'token_reused',
  'token_stale',
] as const

/**
 * Why a session is over. Told only to whoever presents a credential that once was genuine. `token_stale`: of a token that has no record,
 * whose successor has taken its place.
 */
export type EndReason = (typeof END_REASONS)[number]

/**
 * Every word a refusal can carry, and the HTTP status it leaves the house with. The words are stable:
 * clients branch on them. Titles are for people and may be reworded.
 */
export const CODES = {
  invalid_request: [400, 'The request is not well formed'],
  not_supported: [400, 'The request is not supported here'],
  role_unknown: [400, 'A role is not in the catalogue'],
  unauthenticated: [401, 'Sign in to continue'],
  invalid_credentials: [401, 'E-mail or password is wrong'],
  signed_out: [401, 'Signed out'],
  session_expired_idle: [401, 'The session ended after a time without activity'],
  session_expired_absolute: [401, 'The session reached its longest duration'],
  session_revoked: [401, 'The session was ended'],
  session_evicted: [401, 'The session was ended by a newer sign-in'],
  user_locked: [401, 'The account is locked'],
  token_reused: [401, 'The session was ended because a spent token was used'],
  token_stale: [401, 'A newer token has replaced this one'],
  reauth_required: [401, 'Confirm who you are to continue'],
  forbidden: [403, 'Not allowed'],
  insufficient_scope: [403, 'The token does not carry the needed scope'],
  captcha_required: [403, 'Show that you are not a program'],
  csrf_rejected: [403, 'The request does not prove where it comes from'],
  sign_up_closed: [403, 'Sign-up is closed'],
  not_found: [404, 'Not found'],
  method_not_allowed: [405, 'Method not allowed'],
  email_taken: [409, 'The e-mail address is already in use'],
  session_limit_reached: [409, 'Too many sessions are open'],
  conflict: [409, 'The state has changed meanwhile'],
  payload_too_large: [413, 'The request is too large'],
  uri_too_long: [414, 'The address of the request is too long'],
  unsupported_media_type: [415, 'The content type is not supported'],
  email_invalid: [422, 'The e-mail address is not valid'],
  policy_invalid: [422, 'The limits do not go together'],
  password_too_short: [422, 'The password is too short'],
  password_too_long: [422, 'The password is too long'],
  password_common: [422, 'The password is among the most common ones'],
  password_breached: [422, 'The password is known from a breach elsewhere'],
  password_unchanged: [422, 'The password is the one from before'],
  password_guessable: [422, 'The password is too close to your name, address or this service'],
  throttled: [429, 'Too many attempts'],
  headers_too_large: [431, 'The request headers are too large'],
  internal: [500, 'Something went wrong'],
  unavailable: [503, 'Temporarily unavailable'],
  overloaded: [503, 'Too busy right now'],
} as const satisfies Record<string, readonly [status: number, title: string]>

/** A stable word that says why something was refused. */
export type Code = keyof typeof CODES

/** One field of the input that was not accepted. `path` is dotted, as in `fields.locale`. */
export type FieldError = { readonly path: string; readonly code: string; readonly detail: string }

/** Why something was refused, and what would be needed instead. A value, never thrown. */
export type Refusal = {
  readonly code: Code
  /** For people; never holds a secret, an id or an inner message. */
  readonly detail?: string
  /** Seconds after which trying again makes sense (429, 503). */
  readonly retryAfter?: number
  /** `reauth_required`: how recent the authentication must be, seconds (RFC 9470 `max_age`). */
  readonly maxAge?: number
  readonly errors?: readonly FieldError[]
  /** `conflict`: how many there are, where another number was expected. */
  readonly count?: number
  /**
   * True when a credential was presented and was not good (`error="invalid_token"`, RFC 6750 section 3.1);
   * absent when none was presented at all.
   */
  readonly presented?: boolean
}

/** The options make no safe or working system. The message names the option and says what to write instead. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
}

/** Why a signal of `whileSignedIn` fired. */
export class SessionEnded extends Error {
  override readonly name = 'SessionEnded'
  readonly code: EndReason

  constructor(code: EndReason) {
    super(`The session is over: ${code}`)
    this.code = code
  }
}

/** A store did not answer, or answered what cannot be. Nobody is let in on it (P3): callers turn it into 503. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
}
