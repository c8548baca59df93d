/**
 * Everything that happens to accounts and sessions, as one list of words. Severity decides how loudly it is logged:
 * `warning` is what an operator should be able to alarm on (LG-06). `@data` names what `data` may hold.
 */
export const EVENTS = {
  /**
   * An account was made: by sign-up, by an administrator, by setup, or from another system.
   * @data roles, imported
   */
  'user.created': 'info',
  /**
   * One batch of an import: how many became what.
   * @data made, present, taken, refused
   */
  'users.imported': 'notice',
  /** Name or fields of a profile were changed. */
  'user.changed': 'info',
  /** An account was deleted. */
  'user.removed': 'notice',
  /** An account was locked, and its sessions ended. */
  'user.locked': 'notice',
  /** A locked account may sign in again. */
  'user.unlocked': 'notice',
  /**
   * Somebody has other roles now.
   * @data roles
   */
  'user.roles_changed': 'notice',
  /** A link to choose a password is sent to whom an account was made for. */
  'user.invited': 'notice',
  /** Somebody had all that is held about them shown. */
  'user.exported': 'notice',
  /** What was personal of a deleted account is gone from events and ended sessions. */
  'user.erased': 'info',
  /** An address was confirmed. */
  'email.verified': 'info',
  /**
   * A change of address was asked for, or failed for a wrong password.
   * @data factor
   */
  'email.change_requested': 'notice',
  /** Another address counts now. */
  'email.changed': 'notice',
  /** The old address stopped or undid a change: every session ended, the password is disabled. */
  'email.change_objected': 'warning',
  /** Somebody signed up, and their address has to confirm. */
  'sign_up.pending': 'info',
  /** Somebody signed up with an address that has an account; its owner is told. */
  'sign_up.address_taken': 'notice',
  /**
   * A password was right. With the reason `password_change_required` it only leads to a new one.
   * @data factor
   */
  'sign_in.succeeded': 'info',
  /**
   * A sign-in was refused: `wrong`, `unknown_user`, …
   * @data factor, failures
   */
  'sign_in.failed': 'notice',
  /**
   * A sign-in was refused before the password was looked at.
   * @data factor
   */
  'sign_in.throttled': 'warning',
  /**
   * A sign-in succeeded after failures.
   * @data failures
   */
  'sign_in.risky': 'warning',
  /**
   * A sign-in from a device that was not seen before.
   * @data device
   */
  'sign_in.new_device': 'notice',
  /**
   * A session began.
   * @data strategy, remember, factor
   */
  'session.created': 'info',
  /** Somebody chose to stay signed in. */
  'session.renewed': 'info',
  /**
   * Somebody proved again who they are.
   * @data factor
   */
  'session.reauthenticated': 'info',
  /**
   * The proof was wrong, or refused before it was looked at.
   * @data factor
   */
  'session.reauthentication_failed': 'notice',
  /** A session is over; the reason says why. */
  'session.ended': 'info',
  /** A credential was shown whose session is over. */
  'session.used_after_end': 'warning',
  /** A session is used from elsewhere; the reason is what `onContextChange` answered. */
  'session.context_changed': 'notice',
  /**
   * A password was set: by the one before, or by a link.
   * @data factor
   */
  'password.changed': 'notice',
  /**
   * A change was refused, for a wrong password or too many of them.
   * @data factor
   */
  'password.change_failed': 'notice',
  /** A record was made anew at a sign-in, with the cost or pepper of today. */
  'password.upgraded': 'info',
  /**
   * After too many failures in a row only a link sets a new one.
   * @data failures
   */
  'password.disabled': 'warning',
  /** An administrator asked for a new password. */
  'password.change_required': 'notice',
  /** A new password was refused as known from a breach. */
  'password.breached': 'notice',
  /** The source of breached passwords did not answer: the password was `allowed` or `refused`. */
  'password.unchecked': 'warning',
  /** A link that sets a password was asked for. */
  'password.reset_requested': 'notice',
  /**
   * A link was shown that is spent, too old or made up.
   * @data page
   */
  'link.refused': 'notice',
  /**
   * The mail server has taken a message.
   * @data kind, attempts
   */
  'mail.sent': 'info',
  /**
   * A message was not taken, and will be tried again.
   * @data kind
   */
  'mail.delayed': 'notice',
  /**
   * A message is given up: `refused`, `late`, `full` or `closed`.
   * @data kind, attempts
   */
  'mail.failed': 'warning',
  /** A message was not sent, as too many were: to this address, or from this source. */
  'mail.throttled': 'warning',
  /** All sessions of the installation were ended. */
  'everyone.signed_out': 'warning',
  /**
   * A task was not solved, or its answer missing.
   * @data action
   */
  'captcha.refused': 'notice',
  /**
   * Whoever verifies tasks did not answer.
   * @data action
   */
  'captcha.unchecked': 'warning',
  /**
   * An administrator changed limits.
   * @data version, timeouts, sessionLimit
   */
  'policy.changed': 'notice',
  /**
   * An administrator let somebody go on who was slowed.
   * @data key
   */
  'throttle.lifted': 'notice',
  /** A guard refused; the reason is its code. */
  'access.denied': 'notice',
  /** A request did not prove where it comes from: `foreign_origin` or `no_proof`. */
  'csrf.rejected': 'warning',
  /** A protected cookie came twice. */
  'cookie.conflict': 'warning',
  /**
   * A source has shown too many tokens or links that are none; it is refused for a while.
   * @data page, service
   */
  'token.guessing': 'warning',
  /** A token whose signature does not verify. */
  'token.forged': 'warning',
  /**
   * A refresh moved on to the next token.
   * @data counter, factor
   */
  'token.refreshed': 'info',
  /**
   * A spent refresh token was shown whose successor was in use: the session ends.
   * @data behind, factor
   */
  'token.reused': 'warning',
  /** A refresh was repeated from elsewhere; the reason is what `onContextChange` answered. */
  'token.refresh_shared': 'notice',
  /**
   * A client has a newer refresh token than the store: the store has lost something.
   * @data by
   */
  'store.regressed': 'error',
  /**
   * There is another signing key.
   * @data kid, alg
   */
  'key.added': 'notice',
  /**
   * A signing key is gone, and what it signed is dead.
   * @data kid, alg
   */
  'key.removed': 'warning',
  /**
   * A service has credentials.
   * @data service, name
   */
  'service.created': 'notice',
  /**
   * Credentials of a service are good for nothing any more.
   * @data service
   */
  'service.removed': 'notice',
  /**
   * Credentials of a service that are none.
   * @data service
   */
  'service.rejected': 'warning',
  /** This node decides from its own memory again. */
  'view.leased': 'info',
  /** This node has no lease: it asks the store about every request. */
  'view.lookup': 'warning',
  /**
   * A receiver did not take an event; the first of several in a row.
   * @data endpoint, event, type, attempts
   */
  'webhook.failing': 'warning',
  /**
   * An event will not be tried again: look it up here by its id.
   * @data endpoint, event, type, attempts
   */
  'webhook.given_up': 'error',
} as const

/** The kind of an event. */
export type EventType = keyof typeof EVENTS
export type Severity = (typeof EVENTS)[EventType] | 'error'

/**
 * One thing that happened (LG-02). Holds no secret: `session` is a keyed reference, not the id, and an address that
 * belongs to no user is masked. Text from outside is bounded and free of control characters (LG-04).
 */
export type AuthEvent = {
  /** The same wherever it is told: in the log, to listeners, to webhooks. */
  readonly id: string
  /** What happened. */
  readonly type: EventType
  /** How loudly it is told. */
  readonly severity: Severity
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Whether what somebody wanted came about. */
  readonly outcome: 'success' | 'failure'
  /** Who acted: a user id, `system`, `cli`, or `service:` and the id of one. Null for strangers. */
  readonly actor: string | null
  /** Whom it concerns: a user id. */
  readonly subject: string | null
  /** Keyed hash of the session's id. */
  readonly session: string | null
  /** Network address of the client. Null for what no request caused. */
  readonly source: string | null
  /** As the answer has it, `X-Request-Id`. */
  readonly requestId: string | null
  /** A code of `errors.ts` or another stable word. */
  readonly reason: string | null
  /** Further facts, flat: strings, numbers, booleans. */
  readonly data: Readonly<Record<string, string | number | boolean>>
}

/** Hears of every event after it happened. What it throws is logged and changes nothing. */
export type Listener = (event: AuthEvent) => void | Promise<void>
