import { assemble, type Setting } from './assemble.ts'
import type { Carrier, RequestContext } from './carrier.ts'
import type { EndReason } from './errors.ts'
import type { AuthEvent, Listener } from './events.ts'
import { editProfile, endEveryone, lock, type Profile, removeUser, setRoles, unlock } from './flows/accounts.ts'
import { authenticate } from './flows/authenticate.ts'
import { csrfToken, csrfTokenFits } from './flows/csrf.ts'
import { endAll, endOne, endOthers } from './flows/endings.ts'
import type { SignedIn } from './flows/issue.ts'
import { changePassword, type PasswordChange, requirePasswordChange, resetPassword } from './flows/password.ts'
import { reauthenticate, renew } from './flows/reauthenticate.ts'
import type { Reissued } from './flows/reissue.ts'
import { type SignIn, type SignInOutcome, signIn } from './flows/sign-in.ts'
import { type SignedOut, signOut } from './flows/sign-out.ts'
import { createUser, type NewUser, type SignUp, signUp } from './flows/sign-up.ts'
import { sweeper } from './flows/sweeper.ts'
import { type Notice, watch } from './flows/watch.ts'
import { type Authenticated, check, type Guard } from './guard.ts'
import type { Options } from './options.ts'
import { ok, type Result, refused } from './result.ts'
import type { Session, SessionId } from './session.ts'
import { type EventFilter, type Page, type SessionFilter, sources, type UserFilter } from './store.ts'
import { emailKey, type Fields, type User, type UserId } from './user.ts'

export type { Setting } from './assemble.ts'

/** Who is served when a request comes from a proxy or socket: what `handler` cannot read from a `Request`. */
export type Connection = { readonly remote?: string }

/**
 * The guard of an application. Methods answer refusals as values; only faults are thrown, `StoreUnavailable` above all.
 * An ending that has returned is true on every node. Ids are opaque strings, times milliseconds since the epoch.
 */
export interface Auth<UF extends Fields = Fields, SF extends Fields = Fields> {
  readonly setting: Setting
  /** Who is calling? No I/O when warm. Counts as activity unless `context.passive`. */
  authenticate(carrier: Carrier, context?: RequestContext): Promise<Result<Authenticated<UF, SF>>>
  /** Is that enough here? The first guard that refuses counts; the refusal is recorded (LG-06). */
  guard(who: Authenticated, guards: readonly Guard[], context?: RequestContext): Result<null>
  /** Serves the HTTP API below `basePath`. */
  readonly handler: (request: Request, connection?: Connection) => Promise<Response>

  signUp(given: SignUp, context?: RequestContext, carrier?: Carrier): Promise<Result<SignedIn>>
  signIn(given: SignIn, context?: RequestContext, carrier?: Carrier): Promise<Result<SignInOutcome>>
  /** @throws StoreUnavailable when the ending could not be stored; nothing may be cleared then. */
  signOut(carrier: Carrier, context?: RequestContext): Promise<SignedOut>
  renew(who: Authenticated, context?: RequestContext): Promise<Result<Session<SF>>>
  reauthenticate(who: Authenticated, password: string, context?: RequestContext): Promise<Result<Reissued>>
  changePassword(who: Authenticated, change: PasswordChange, context?: RequestContext): Promise<Result<Reissued>>
  /** Sets a password by the single-use token of a reset link or of a sign-in that asked for a change. */
  resetPassword(given: { readonly token: string; readonly newPassword: string }, context?: RequestContext): Promise<Result<null>>

  /** Ends one session. False when there was nothing left to end. */
  end(sessionId: string, options?: EndOptions): Promise<boolean>
  /** Ends all sessions of a user, or all but one. Answers how many; null when there is no such user. */
  endAll(userId: string, options?: EndOptions & { readonly except?: string }): Promise<number | null>
  /** Ends everyone's sessions. */
  endEveryone(options?: EndOptions): Promise<number>
  /** A user's own sessions, newest first. */
  sessions(userId: string, options?: { readonly ended?: boolean }): Promise<readonly Session<SF>[]>
  /** Everybody's sessions, newest first. */
  allSessions(filter: SessionFilter, cursor: string | null, limit: number): Promise<Page<Session<SF>>>
  /** Gives a session the application's own fields. */
  setSessionFields(sessionId: string, fields: SF): Promise<Result<Session<SF>>>
  /** Tells what happens to a session until it is over or cancelled. Not activity. */
  watch(who: Authenticated, notify: (notice: Notice) => void): () => void

  setRoles(userId: string, roles: readonly string[], context?: RequestContext): Promise<Result<User<UF>>>
  lock(userId: string, context?: RequestContext): Promise<Result<User<UF>>>
  unlock(userId: string, context?: RequestContext): Promise<Result<User<UF>>>
  readonly users: UserDirectory<UF>

  csrfToken(sessionId: string): string
  csrfTokenFits(sessionId: string, token: string | null | undefined): boolean
  /** Records what an adapter refused, for the audit log. */
  report(happening: { readonly type: 'csrf.rejected' | 'access.denied'; readonly who?: Authenticated; readonly reason: string }, context: RequestContext): void
  /** Everything that happened, newest first. */
  audit(filter: EventFilter, cursor: string | null, limit: number): Promise<Page<AuthEvent>>
  on(listener: Listener): () => void
  /** Tells the operator's log of a fault that an adapter could only answer with 500. Nothing of its message leaves. */
  fault(error: unknown, doing: string): void

  /** Opens the stores, registers this node and starts the sweeper. Called by the first `authenticate` otherwise. */
  ready(): Promise<void>
  /** Whether every part is up, each by name: for readiness probes. */
  health(): Promise<Readonly<Record<string, boolean>>>
  /** Ends expired sessions now instead of soon. Answers how many. */
  sweep(): Promise<number>
  /** Writes what is buffered, gives up leases and connections. */
  close(): Promise<void>
}

export type EndOptions = { readonly reason?: EndReason; readonly context?: RequestContext }

export interface UserDirectory<UF extends Fields = Fields> {
  create(given: NewUser & { readonly roles?: readonly string[] }, context?: RequestContext): Promise<Result<User<UF>>>
  find(userId: string): Promise<User<UF> | null>
  findByEmail(email: string): Promise<User<UF> | null>
  list(filter: UserFilter, cursor: string | null, limit: number): Promise<Page<User<UF>>>
  edit(userId: string, profile: Profile, context?: RequestContext): Promise<Result<User<UF>>>
  remove(userId: string, context?: RequestContext): Promise<Result<null>>
  requirePasswordChange(userId: string, context?: RequestContext): Promise<Result<null>>
}

/** The user and session types of an installation, with the fields it declares. */
export type InferUser<A> = A extends Auth<infer UF, infer _SF> ? User<UF> : never
export type InferSession<A> = A extends Auth<infer _UF, infer SF> ? Session<SF> : never

/**
 * Makes the guard. The options are checked at once.
 * @throws ConfigurationError naming the option at fault and what to write instead.
 */
export function createAuth<UF extends Fields = Fields, SF extends Fields = Fields>(options: Options<UF, SF>): Auth<UF, SF> {
  const { core, setting } = assemble(options as Options)
  const sweeping = sweeper(core)
  const { store, view, recorder, clock } = core
  let opening: Promise<void> | null = null
  let closing: Promise<void> | null = null
  let app: Promise<(request: Request, connection: Connection) => Promise<Response>> | null = null

  /** The stores are opened once; a failure is not remembered, so the next call tries again. */
  function opened(): Promise<void> {
    opening ??= Promise.all(sources(store).map((source) => source.open()))
      .then(() => {})
      .catch((fault) => {
        opening = null
        throw fault
      })
    return opening
  }

  let attending: Promise<void> | null = null
  function ready(): Promise<void> {
    attending ??= opened()
      .then(() => view.start())
      .then(() => sweeping.start())
      .catch((fault) => {
        attending = null
        throw fault
      })
    return attending
  }

  let warm = false
  async function attended(): Promise<void> {
    if (warm) return
    await ready().then(
      () => {
        warm = true
      },
      (fault) => recorder.fault(fault, 'starting'),
    )
  }

  /** Runs an operation once the stores are open. */
  async function run<T>(operation: () => Promise<T> | T): Promise<T> {
    await opened()
    return operation()
  }

  async function withUser<T>(id: string, operation: (user: User) => Promise<Result<T>>): Promise<Result<T>> {
    const { user } = await run(() => store.users.find(id as UserId))
    return user ? operation(user) : refused({ code: 'not_found' })
  }

  const auth: Auth = {
    setting,
    authenticate(carrier, context = {}) {
      if (warm) return authenticate(core, carrier, context)
      return attended().then(() => authenticate(core, carrier, context))
    },
    guard(who, guards, context = {}) {
      const now = clock.now()
      const refusal = check(who, guards, now)
      if (!refusal) return ok(null)
      const { user, session } = who
      const denied = { type: 'access.denied', outcome: 'failure', actor: user.id, subject: user.id } as const
      recorder.record({ ...denied, sid: session.id, reason: refusal.code }, context, now)
      return refused(refusal)
    },
    async handler(request, connection = {}) {
      app ??= import('./http/app.ts').then((http) => http.app(auth))
      return (await app)(request, connection)
    },

    signUp: (given, context = {}, carrier) => run(() => signUp(core, given, context, carrier ?? null)),
    signIn: (given, context = {}, carrier) => run(() => signIn(core, given, context, carrier ?? null)),
    signOut: (carrier, context = {}) => run(() => signOut(core, carrier, context)),
    renew: (who, context = {}) => run(() => renew(core, who, context)),
    reauthenticate: (who, password, context = {}) => run(() => reauthenticate(core, who, password, context)),
    changePassword: (who, change, context = {}) => run(() => changePassword(core, who, change, context)),
    resetPassword: (given, context = {}) => run(() => resetPassword(core, given, context)),

    end: (id, { reason = 'session_revoked', context = {} } = {}) =>
      run(() => endOne(core, id as SessionId, reason, context, context.actor ?? null)),
    endAll: (id, { reason = 'session_revoked', context = {}, except } = {}) =>
      run(() => {
        const actor = context.actor ?? null
        if (except !== undefined) return endOthers(core, id as UserId, except as SessionId, reason, context, actor)
        return endAll(core, id as UserId, reason, context, actor)
      }),
    endEveryone: ({ context = {} } = {}) => run(() => endEveryone(core, context, context.actor ?? null)),
    sessions: (id, { ended = false } = {}) =>
      run(async () => (await store.sessions.ofUser(id as UserId, ended ? 'ended' : 'active', 1000)).map(withoutDigests)),
    allSessions: (filter, cursor, limit) =>
      run(async () => {
        const { items, nextCursor } = await store.sessions.list(filter, cursor, limit, clock.now())
        return { items: items.map(withoutDigests), nextCursor }
      }),
    setSessionFields: (id, fields) =>
      run(async () => {
        const accepted = core.validateFields.session ? await core.validateFields.session(fields) : ok(fields)
        if (!accepted.ok) return accepted
        const { value, position } = await store.sessions.setFields(id as SessionId, accepted.value)
        await view.settle(store.sessions.source, position)
        return value ? ok(withoutDigests(value)) : refused({ code: 'not_found' })
      }),
    watch: (who, notify) => watch(core, who, notify),

    setRoles: (id, roles, context = {}) => run(() => setRoles(core, id as UserId, roles, context, context.actor ?? null)),
    lock: (id, context = {}) => run(() => lock(core, id as UserId, context, context.actor ?? null)),
    unlock: (id, context = {}) => run(() => unlock(core, id as UserId, context, context.actor ?? null)),
    users: {
      create: ({ roles, ...given }, context = {}) =>
        run(() => {
          const wanted = roles ?? core.roles.slice(0, 1)
          const unknown = wanted.find((role) => !core.roles.includes(role))
          if (unknown !== undefined) return refused({ code: 'role_unknown' })
          return createUser(core, given, wanted, context, context.actor ?? null)
        }),
      find: async (id) => (await run(() => store.users.find(id as UserId))).user,
      findByEmail: async (email) => (await run(() => store.users.findByEmail(emailKey(email)))).user,
      list: (filter, cursor, limit) => run(() => store.users.list(filter, cursor, limit)),
      edit: (id, profile, context = {}) =>
        withUser(id, (user) => editProfile(core, user, profile, context, context.actor ?? null)),
      remove: (id, context = {}) => run(() => removeUser(core, id as UserId, context, context.actor ?? null)),
      requirePasswordChange: (id, context = {}) =>
        withUser(id, async (user) => {
          await requirePasswordChange(core, user, context, context.actor ?? null)
          return ok(null)
        }),
    },

    csrfToken: (id) => csrfToken(core, id),
    csrfTokenFits: (id, token) => csrfTokenFits(core, id, token),
    report({ type, who, reason }, context) {
      const by = who ? { actor: who.user.id, subject: who.user.id, sid: who.session.id } : {}
      recorder.record({ type, outcome: 'failure', reason, ...by }, context, clock.now())
    },
    audit: (filter, cursor, limit) =>
      run(async () => {
        await recorder.flush()
        return store.audit.list(filter, cursor, limit)
      }),
    on: recorder.listen,
    fault: recorder.fault,

    ready,
    async health() {
      const reached = await Promise.all(
        sources(store).map(async (source) => {
          const up = await source.ping().then(
            () => true,
            () => false,
          )
          return [`store ${source.name}`, up] as const
        }),
      )
      return Object.fromEntries([...reached, ['feed', view.leased()]])
    },
    sweep: () => run(() => sweeping.sweep()),
    close() {
      closing ??= (async () => {
        await sweeping.stop()
        await recorder.flush()
        await view.stop()
        await Promise.all(sources(store).map((source) => source.close()))
      })()
      return closing
    },
  }
  return auth as unknown as Auth<UF, SF>
}

function withoutDigests(record: Session & { digest?: string; previousDigest?: string | null }): Session {
  const { digest: _, previousDigest: __, ...session } = record
  return session
}
