import type { Setting } from './assemble.ts'
import type { Carrier, RequestContext } from './carrier.ts'
import type { PoolLoad } from './credentials/password.ts'
import type { PublicJwk } from './crypto.ts'
import type { EndReason } from './errors.ts'
import type { AuthEvent, Listener } from './events.ts'
import type { Profile } from './flows/accounts.ts'
import type { PolicyDesk, ThrottleDesk } from './flows/administration.ts'
import type { Counts } from './flows/counted.ts'
import type { EmailChange } from './flows/email.ts'
import type { Imported, ImportedUser, ImportOptions } from './flows/import-users.ts'
import type { Introspection } from './flows/introspect.ts'
import type { SignedIn } from './flows/issue.ts'
import type { KeyInfo } from './flows/keys.ts'
import type { NewUser } from './flows/new-user.ts'
import type { EndedOthers } from './flows/others.ts'
import type { OwnData } from './flows/own.ts'
import type { PasswordChange } from './flows/password.ts'
import type { Refreshed } from './flows/refresh.ts'
import type { Reissued } from './flows/reissue.ts'
import type { Relay } from './flows/relay.ts'
import type { PasswordReset } from './flows/reset.ts'
import type { CreatedService, ServiceInfo } from './flows/services.ts'
import type { FirstAdministrator } from './flows/setup.ts'
import type { SignIn, SignInOutcome } from './flows/sign-in.ts'
import type { SignedOut } from './flows/sign-out.ts'
import type { SignUp, SignUpOutcome } from './flows/sign-up.ts'
import type { Stats } from './flows/stats.ts'
import type { Notice } from './flows/watch.ts'
import type { Authenticated, Guard } from './guard.ts'
import type { Result } from './result.ts'
import type { Session } from './session.ts'
import type { ConnectionUse } from './source.ts'
import type { EventFilter, Page, SessionFilter, UserFilter } from './store.ts'
import type { Fields, User, UserId } from './user.ts'
import type { Metrics as OfView } from './view/view.ts'
import type { WebhookStanding } from './webhook.ts'

export type { Setting } from './assemble.ts'
export type { PolicyStanding } from './flows/policy.ts'
export type { PolicyValue } from './flows/policy-rules.ts'

/** What a node can tell of itself, for whoever operates it. Counts are since it began. */
export type Metrics = OfView & {
  readonly events: Counts
  /** Passwords that are being hashed, that wait for it, and that were refused as too many waited. */
  readonly hashing: PoolLoad
  /** Of each database that is reached over connections which verbs share. */
  readonly connections: readonly (ConnectionUse & { readonly source: string })[]
  /** Of each endpoint, as far as it is this node that serves it. */
  readonly webhooks: readonly WebhookStanding[]
}

/** Who is served when a request comes from a proxy or socket: what `handler` cannot read from a `Request`. */
export type Connection = {
  readonly remote?: string
  /** Told, for logs and metrics, which row of the table a request is for, or `none`; never what was in its URL. */
  readonly matched?: (route: string, requestId: string) => void
}

/**
 * The guard of an application. Methods answer refusals as values; only faults are thrown, `StoreUnavailable` above all.
 * An ending that has returned is true on every node. Ids are opaque strings, times milliseconds since the epoch.
 */
export interface Auth<UF extends Fields = Fields, SF extends Fields = Fields> {
  readonly setting: Setting
  /**
   * Who is calling? No I/O when warm, and no promise either: `await` it, or look whether there is one and spare the tick.
   * Counts as activity unless `context.passive`.
   */
  authenticate(
    carrier: Carrier,
    context?: RequestContext,
  ): Result<Authenticated<UF, SF>> | Promise<Result<Authenticated<UF, SF>>>
  /** Is that enough here? The first guard that refuses counts; the refusal is recorded (LG-06). */
  guard(who: Authenticated, guards: readonly Guard[], context?: RequestContext): Result<null>
  /** Serves the HTTP API below `basePath`. */
  readonly handler: (request: Request, connection?: Connection) => Promise<Response>

  /**
   * Makes an account and signs it in. With `verifyEmail` there is no account before the address has confirmed: the answer is
   * `verification_sent`, also for an address that is in use, whose owner is told instead (TH-09).
   */
  signUp(given: SignUp, context?: RequestContext, carrier?: Carrier): Promise<Result<SignUpOutcome>>
  signIn(given: SignIn, context?: RequestContext, carrier?: Carrier): Promise<Result<SignInOutcome>>
  /** @throws StoreUnavailable when the ending could not be stored; nothing may be cleared then. */
  signOut(carrier: Carrier, context?: RequestContext): Promise<SignedOut>
  /** "Stay signed in". Under `jwt` it answers the next token; `authenticate` with `renewing` to get it for older roles too. */
  renew(who: Authenticated, context?: RequestContext): Promise<Result<Reissued>>
  /** Exchanges a refresh token, the cookie's or the one that is given. `not_supported` where no strategy has any. */
  refresh(carrier: Carrier, refreshToken: string | null, context?: RequestContext): Promise<Result<Refreshed>>
  /**
   * Gives the session a new token for the password. For somebody whom `onContextChange` asks for it: `authenticate` with
   * `proving`, and give both calls the same source and user agent.
   */
  reauthenticate(who: Authenticated, password: string, context?: RequestContext): Promise<Result<Reissued>>
  changePassword(who: Authenticated, change: PasswordChange, context?: RequestContext): Promise<Result<Reissued>>
  /**
   * Sends a link that sets a password, if there is an account with this address. The answer does not depend on that, nor the
   * time it takes. `not_supported` where there is no mailer, `throttled` for a source that asks too often.
   * `captcha`: what the task was answered with, where `captcha` asks for one.
   */
  forgotPassword(email: string, context?: RequestContext, captcha?: string): Promise<Result<null>>
  /**
   * Sets a password by the single-use token of a link, or of a sign-in that asked for a change. Ends every session, voids
   * every other such link, signs nobody in.
   */
  resetPassword(given: PasswordReset, context?: RequestContext): Promise<Result<null>>
  /**
   * Carries out what the single-use token of a link to an address was for: the account of a sign-up, the verification of an
   * address, the change to another one (`email_taken` when somebody else has it by now). Signs nobody in.
   */
  verifyEmail(token: string, context?: RequestContext): Promise<Result<null>>
  /** Sends the caller a link that verifies their address, unless it is verified. */
  resendVerification(who: Authenticated, context?: RequestContext): Promise<Result<null>>
  /**
   * Sends a link to another address, which counts from when it is confirmed; the one of now is told, with a way to object.
   * Whether the address is in use is told to nobody but its owner.
   */
  changeEmail(who: Authenticated, change: EmailChange, context?: RequestContext): Promise<Result<null>>
  /**
   * By the single-use token of a message to the address before a change: stops or undoes it, ends every session, disables the
   * password, and sends that address a link to set another. `email_taken`: it has another account by now, and this one is locked.
   */
  objectToEmail(token: string, context?: RequestContext): Promise<Result<null>>
  /** All that is held about the caller, but for what would open something. */
  exportOwn(who: Authenticated, context?: RequestContext): Promise<Result<OwnData>>
  /** Deletes the caller's account, ends everything it holds, and erases what is personal in what stays. */
  removeOwn(who: Authenticated, context?: RequestContext): Promise<Result<null>>

  /** Ends one session. False when there was nothing left to end. */
  end(sessionId: string, options?: EndOptions): Promise<boolean>
  /** Ends up to a few hundred sessions that have records, and waits once. Answers how many there were left to end. */
  endSeveral(sessionIds: readonly string[], options?: EndOptions): Promise<number>
  /** Ends every session of whoever is signed in but this one, which may go on under a new token. */
  endOthers(who: Authenticated, context?: RequestContext): Promise<Result<EndedOthers>>
  /** Ends all sessions of a user. Answers how many had a record; null when there is no such user. */
  endAll(userId: string, options?: EndOptions): Promise<number | null>
  /** Ends everyone's sessions. */
  endEveryone(options?: EndOptions): Promise<number>
  /** Ends everyone's sessions but this one, which goes on under a new token. Answers how many are marked by then: the rest follow. */
  endEveryoneElse(who: Authenticated, context?: RequestContext): Promise<Result<EndedOthers>>
  /** A user's own sessions, newest first. */
  sessions(userId: string, options?: { readonly ended?: boolean }): Promise<readonly Session<SF>[]>
  /** Everybody's sessions, newest first. */
  allSessions(filter: SessionFilter, cursor: string | null, limit: number): Promise<Page<Session<SF>>>
  /** Gives a session the application's own fields. */
  setSessionFields(sessionId: string, fields: SF): Promise<Result<Session<SF>>>
  /** Tells what happens to a session until it is over or cancelled. Not activity. */
  watch(who: Authenticated, notify: (notice: Notice) => void): () => void
  /**
   * Fires when the session is over, on whichever node it ended, or by time: for what outlives the request that let it in. Its
   * reason is a `SessionEnded`. Under `jwt` it fires when the token ends that `session` was read from. Not activity. A session is
   * watched once, until it is over or every `until` that was given has fired: give one where there may be many sessions.
   */
  whileSignedIn(session: Session, until?: AbortSignal): AbortSignal

  setRoles(userId: string, roles: readonly string[], context?: RequestContext): Promise<Result<User<UF>>>
  lock(userId: string, context?: RequestContext): Promise<Result<User<UF>>>
  unlock(userId: string, context?: RequestContext): Promise<Result<User<UF>>>
  readonly users: UserDirectory<UF>
  readonly setup: Setup

  readonly keys: KeyDirectory
  readonly services: ServiceDirectory
  readonly policy: PolicyDesk
  readonly throttles: ThrottleDesk
  /**
   * Which service this is the `Authorization` header of: `Basic` with id and secret, or `Bearer` with `id.secret`. What is not
   * good is recorded and counts as a guess.
   */
  service(authorization: string | null | undefined, context?: RequestContext): Promise<Result<ServiceInfo>>
  /**
   * What a token of any kind is good for, as `authenticate` would find (RFC 7662). Not activity, and no use of a refresh
   * token. Whoever asks has to be known already: see `service`.
   */
  introspect(token: string): Promise<Introspection>
  /**
   * Ends the session behind a token of any kind, also one that is over (RFC 7009). False when there was nothing left to end.
   * @throws StoreUnavailable when the ending could not be stored.
   */
  revoke(token: string, context?: RequestContext): Promise<boolean>
  /** The feeds, for services that decide by themselves. Whoever asks has to be known already: see `service`. */
  readonly relay: Relay
  /** The session that a credential names which could refresh or end it. Proves nothing of whoever shows it. */
  namedSession(carrier: Carrier): Promise<string | null>
  csrfToken(sessionId: string): string
  csrfTokenFits(sessionId: string, token: string | null | undefined): boolean
  /** Records what an adapter refused, for the audit log. */
  report(
    happening: {
      readonly type: 'csrf.rejected' | 'access.denied'
      readonly who?: Authenticated
      readonly reason: string
    },
    context: RequestContext,
  ): void
  /** Everything that happened, newest first. */
  audit(filter: EventFilter, cursor: string | null, limit: number): Promise<Page<AuthEvent>>
  on(listener: Listener): () => void
  /** Tells the operator's log of a fault that an adapter could only answer with 500. Nothing of its message leaves. */
  fault(error: unknown, doing: string): void

  /** Opens the stores, registers this node and starts the sweeper. Called by the first `authenticate` otherwise. */
  ready(): Promise<void>
  /** Whether every part is up, each by name: for readiness probes. */
  health(): Promise<Readonly<Record<string, boolean>>>
  /** What happens, of this node and of the installation: each says which. */
  stats(): Promise<Stats>
  /** What this node can tell of itself: whether it decides from its own memory, and how long endings take. No I/O. */
  metrics(): Metrics
  /** Ends expired sessions now instead of soon. Answers how many. */
  sweep(): Promise<number>
  /** Writes what is buffered, gives up leases and connections. */
  close(): Promise<void>
}

export type EndOptions = { readonly reason?: EndReason; readonly context?: RequestContext }

export interface UserDirectory<UF extends Fields = Fields> {
  /** Who has a password that somebody else chose should have to change it: `passwordChangeRequired`. */
  create(
    given: NewUser & { readonly roles?: readonly string[]; readonly passwordChangeRequired?: boolean },
    context?: RequestContext,
  ): Promise<Result<User<UF>>>
  /**
   * Makes an account without a password, and sends its owner a link to choose one: nobody else ever knows it (RC-06).
   * `not_supported` where there is no mailer.
   */
  invite(
    given: Omit<NewUser, 'password'> & { readonly roles?: readonly string[] },
    context?: RequestContext,
  ): Promise<Result<User<UF>>>
  /** Sends the user a link that sets a password; to somebody who has none yet, another invitation. */
  sendReset(userId: string, context?: RequestContext): Promise<Result<null>>
  /**
   * Makes accounts of another system, with the hashes of their passwords, and answers for each what became of it, in their order. Some
   * hundreds at once. Who is there already stays as they are.
   */
  import(users: readonly ImportedUser[], options?: ImportOptions): Promise<readonly Imported[]>
  find(userId: string): Promise<User<UF> | null>
  findByEmail(email: string): Promise<User<UF> | null>
  /** Those of these ids that there are, in no order. */
  findAll(userIds: readonly string[]): Promise<readonly User<UF>[]>
  /** Ids of those who have a role, at most so many, in no order. */
  holders(role: string, limit: number): Promise<readonly UserId[]>
  /** Newest first. A page may be short, or empty, and still have a next. */
  list(filter: UserFilter, cursor: string | null, limit: number): Promise<Page<User<UF>>>
  edit(userId: string, profile: Profile, context?: RequestContext): Promise<Result<User<UF>>>
  remove(userId: string, context?: RequestContext): Promise<Result<null>>
  requirePasswordChange(userId: string, context?: RequestContext): Promise<Result<null>>
}

/** How an installation gets its first administrator. */
export interface Setup {
  /** Whether there is none yet. */
  isOpen(): Promise<boolean>
  /** A token that makes one, once and within a day: for whoever runs this. Null when there is one already. */
  invite(): Promise<string | null>
  /** Makes the first administrator and signs them in. `conflict` when there is one by now. */
  accept(given: FirstAdministrator, context?: RequestContext, carrier?: Carrier): Promise<Result<SignedIn>>
}

/** The keys that tokens are signed with. */
export interface KeyDirectory {
  list(): Promise<readonly KeyInfo[]>
  /** Makes the next key now; it is published before it signs. */
  rotate(context?: RequestContext): Promise<Result<KeyInfo>>
  /** Removes a key for good: every token it signed is dead on every node when this returns. */
  remove(kid: string, context?: RequestContext): Promise<Result<null>>
  /** What everybody may verify with (RFC 7517): the public halves of keys that sign, will sign, or have signed what is still good. */
  published(): Promise<readonly PublicJwk[]>
}

/** The programs that may ask about tokens. */
export interface ServiceDirectory {
  /** The answer holds the secret, which is never to be seen again. */
  create(name: string, context?: RequestContext): Promise<Result<CreatedService>>
  list(): Promise<readonly ServiceInfo[]>
  /** Its credentials are good for nothing when this returns. */
  remove(id: string, context?: RequestContext): Promise<Result<null>>
}

/** The users of an installation, with the fields it declares: `InferUser<typeof auth>`. */
export type InferUser<A> = A extends Auth<infer UF, infer _SF> ? User<UF> : never
/** The sessions of an installation, with the fields it declares. */
export type InferSession<A> = A extends Auth<infer _UF, infer SF> ? Session<SF> : never
