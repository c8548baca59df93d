/**
 * Everything that happens to accounts and sessions, as one list of words. Severity decides how loudly it is logged:
 * `warning` is what an operator should be able to alarm on (LG-06).
 */
export const EVENTS = {
  'user.created': 'info',
  'users.imported': 'notice',
  'user.changed': 'info',
  'user.removed': 'notice',
  'user.locked': 'notice',
  'user.unlocked': 'notice',
  'user.roles_changed': 'notice',
  'user.invited': 'notice',
  'user.exported': 'notice',
  'user.erased': 'info',
  'email.verified': 'info',
  'email.change_requested': 'notice',
  'email.changed': 'notice',
  'email.change_objected': 'warning',
  'sign_up.pending': 'info',
  'sign_up.address_taken': 'notice',
  'sign_in.succeeded': 'info',
  'sign_in.failed': 'notice',
  'sign_in.throttled': 'warning',
  'sign_in.risky': 'warning',
  'sign_in.new_device': 'notice',
  'session.created': 'info',
  'session.renewed': 'info',
  'session.reauthenticated': 'info',
  'session.reauthentication_failed': 'notice',
  'session.ended': 'info',
  'session.used_after_end': 'warning',
  'session.context_changed': 'notice',
  'password.changed': 'notice',
  'password.change_failed': 'notice',
  'password.upgraded': 'info',
  'password.disabled': 'warning',
  'password.change_required': 'notice',
  'password.breached': 'notice',
  'password.unchecked': 'warning',
  'password.reset_requested': 'notice',
  'link.refused': 'notice',
  'mail.sent': 'info',
  'mail.delayed': 'notice',
  'mail.failed': 'warning',
  'mail.throttled': 'warning',
  'everyone.signed_out': 'warning',
  'captcha.refused': 'notice',
  'captcha.unchecked': 'warning',
  'policy.changed': 'notice',
  'throttle.lifted': 'notice',
  'access.denied': 'notice',
  'csrf.rejected': 'warning',
  'cookie.conflict': 'warning',
  'token.guessing': 'warning',
  'token.forged': 'warning',
  'token.refreshed': 'info',
  'token.reused': 'warning',
  'token.refresh_shared': 'notice',
  'store.regressed': 'error',
  'key.added': 'notice',
  'key.removed': 'warning',
  'service.created': 'notice',
  'service.removed': 'notice',
  'service.rejected': 'warning',
  'view.leased': 'info',
  'view.lookup': 'warning',
  'webhook.failing': 'warning',
  'webhook.given_up': 'error',
  'listener.failed': 'error',
  'store.failed': 'error',
} as const

/** The kind of an event. */
export type EventType = keyof typeof EVENTS
export type Severity = (typeof EVENTS)[EventType] | 'error'

/**
 * One thing that happened (LG-02). Holds no secret: `session` is a keyed reference, not the id, and an address that
 * belongs to no user is masked. Text from outside is bounded and free of control characters (LG-04).
 */
export type AuthEvent = {
  readonly id: string
  readonly type: EventType
  readonly severity: Severity
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly outcome: 'success' | 'failure'
  /** Who acted: a user id, `system`, `cli`, or `service:` and the id of one. Null for strangers. */
  readonly actor: string | null
  /** Whom it concerns: a user id. */
  readonly subject: string | null
  /** Keyed hash of the session's id. */
  readonly session: string | null
  readonly source: string | null
  readonly requestId: string | null
  /** A code of `errors.ts` or another stable word. */
  readonly reason: string | null
  /** Further facts, flat: strings, numbers, booleans. */
  readonly data: Readonly<Record<string, string | number | boolean>>
}

/** Hears of every event after it happened. What it throws is logged and changes nothing. */
export type Listener = (event: AuthEvent) => void | Promise<void>
