import { assemble } from './assemble.ts'
import type { Auth, Connection } from './auth.ts'
import { desks } from './desks.ts'
import { editProfile, endEveryone, lock, removeUser, setRoles, unlock } from './flows/accounts.ts'
import { authenticate, identifyToEnd } from './flows/authenticate.ts'
import { csrfToken, csrfTokenFits } from './flows/csrf.ts'
import { changeEmail } from './flows/email.ts'
import { endAll, endOne, endSeveral } from './flows/endings.ts'
import { importUsers } from './flows/import-users.ts'
import { introspect } from './flows/introspect.ts'
import { invite } from './flows/invite.ts'
import { createUser } from './flows/new-user.ts'
import { objectToEmail } from './flows/objection.ts'
import { endEveryoneElse, endOwnOthers } from './flows/others.ts'
import { exportOwn, removeOwn } from './flows/own.ts'
import { changePassword, requirePasswordChange } from './flows/password.ts'
import { reauthenticate, renew } from './flows/reauthenticate.ts'
import { forgotPassword, sendResetFor } from './flows/recovery.ts'
import { refresh } from './flows/refresh.ts'
import { relayFeeds } from './flows/relay-feeds.ts'
import { takeUses } from './flows/relay-uses.ts'
import { resetPassword } from './flows/reset.ts'
import { revoke } from './flows/revoke.ts'
import { inviteFirst, isNew, makeFirst } from './flows/setup.ts'
import { signIn } from './flows/sign-in.ts'
import { signOut } from './flows/sign-out.ts'
import { signUp } from './flows/sign-up.ts'
import { sweeper } from './flows/sweeper.ts'
import { tracedAuth } from './flows/traced.ts'
import { resendVerification, verifyEmail } from './flows/verification.ts'
import { checkedWebhooks } from './flows/webhook-setting.ts'
import { webhooks } from './flows/webhooks.ts'
import { watching } from './flows/while-signed-in.ts'
import { check } from './guard.ts'
import type { Options } from './options.ts'
import { ok, type Result, refused } from './result.ts'
import { type SessionId, withoutToken } from './session.ts'
import { placeOf } from './source.ts'
import { followedFeeds, sources } from './store.ts'
import type { Strategy } from './strategy.ts'
import { emailKey, type Fields, type User, type UserId } from './user.ts'
import { LEASE_MS } from './view/lease.ts'
import { within } from './view/within.ts'

/** How long a request waits for stores that are still being opened, milliseconds. `ready()` waits as long as they take. */
const OPEN_MS = 10_000

/**
 * Makes the guard. The options are checked at once.
 * @throws ConfigurationError naming the option at fault and what to write instead.
 */
export function createAuth<UF extends Fields = Fields, SF extends Fields = Fields>(
  options: Options<UF, SF>,
): Auth<UF, SF> {
  const { core, setting, quiet } = assemble(options as Options)
  const sweeping = sweeper({ ...core, store: quiet })
  const { store, view, recorder, clock } = core
  const hooks = webhooks(
    { clock, recorder, audit: store.audit },
    checkedWebhooks(options.webhooks, setting.baseUrl),
    () => import('./webhooks/post.ts').then(({ sender }) => sender(clock)),
  )
  const relayed = relayFeeds({ feeds: followedFeeds(store), clock, keys: core.placeKeys })
  let opening: Promise<void> | null = null
  let closing: Promise<void> | null = null
  let app: Promise<(request: Request, connection: Connection) => Promise<Response>> | null = null

  /** The stores are opened once; a failure is not remembered, so the next call tries again. */
  function opened(): Promise<void> {
    opening ??= Promise.all(sources(store).map((source) => source.open()))
      .then(() => within(clock, LEASE_MS, core.readPolicy()))
      .catch((fault) => {
        opening = null
        throw fault
      })
    return opening
  }

  let attending: Promise<void> | null = null
  function ready(): Promise<void> {
    attending ??= Promise.all([core.post.open(), core.passwords.ready()])
      .then(opened)
      .then(() => view.start())
      .then(() => (signs(core.strategies) ? core.keys.start() : undefined))
      .then(() => sweeping.start())
      .then(() => hooks.start())
      .catch((fault) => {
        attending = null
        throw fault
      })
    return attending
  }

  let warm = false
  async function attended(): Promise<void> {
    if (warm) return
    await within(clock, OPEN_MS, ready()).then(
      () => {
        warm = true
      },
      (fault) => recorder.fault(fault, 'starting'),
    )
  }

  /** Runs an operation once the stores are open, and the keys are there where they are needed. */
  async function run<T>(
    operation: () => Promise<T> | T,
    needed: () => Promise<void> = signs(core.strategies) ? ready : opened,
  ): Promise<T> {
    if (!warm) await within(clock, OPEN_MS, needed())
    return operation()
  }

  async function withUser<T>(id: string, operation: (user: User) => Promise<Result<T>>): Promise<Result<T>> {
    const { user } = await run(() => store.users.find(id as UserId))
    return user ? operation(user) : refused({ code: 'not_found' })
  }

  const plain: Auth = {
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
    refresh: (carrier, token, context = {}) => run(() => refresh(core, carrier, token, context)),
    reauthenticate: (who, password, context = {}) => run(() => reauthenticate(core, who, password, context)),
    changePassword: (who, change, context = {}) => run(() => changePassword(core, who, change, context)),
    forgotPassword: (email, context = {}, captcha) => run(() => forgotPassword(core, email, context, captcha)),
    verifyEmail: (token, context = {}) => run(() => verifyEmail(core, token, context)),
    resendVerification: (who, context = {}) => run(() => resendVerification(core, who, context)),
    changeEmail: (who, change, context = {}) => run(() => changeEmail(core, who, change, context)),
    objectToEmail: (token, context = {}) => run(() => objectToEmail(core, token, context)),
    exportOwn: (who, context = {}) => run(() => exportOwn(core, who, context)),
    removeOwn: (who, context = {}) => run(() => removeOwn(core, who, context)),
    resetPassword: (given, context = {}) => run(() => resetPassword(core, given, context)),

    end: (id, { reason = 'session_revoked', context = {} } = {}) =>
      run(() => endOne(core, id as SessionId, reason, context, context.actor ?? null)),
    endSeveral: (ids, { reason = 'session_revoked', context = {} } = {}) =>
      run(() => endSeveral(core, ids as readonly SessionId[], reason, context, context.actor ?? null)),
    endAll: (id, { reason = 'session_revoked', context = {} } = {}) =>
      run(() => endAll(core, id as UserId, reason, context, context.actor ?? null)),
    endOthers: (who, context = {}) => run(() => endOwnOthers(core, who, context)),
    endEveryone: ({ context = {} } = {}) => run(() => endEveryone(core, context, context.actor ?? null)),
    endEveryoneElse: (who, context = {}) => run(() => endEveryoneElse(core, who, context)),
    sessions: (id, { ended = false } = {}) =>
      run(async () => (await store.sessions.ofUser(id as UserId, ended ? 'ended' : 'active', 1000)).map(withoutToken)),
    allSessions: (filter, cursor, limit) =>
      run(async () => {
        const { items, nextCursor } = await store.sessions.list(filter, cursor, limit, clock.now())
        return { items: items.map(withoutToken), nextCursor }
      }),
    setSessionFields: (id, fields) =>
      run(async () => {
        const accepted = core.validateFields.session ? await core.validateFields.session(fields) : ok(fields)
        if (!accepted.ok) return accepted
        const { value, ...where } = await store.sessions.setFields(id as SessionId, accepted.value)
        await view.settle(placeOf(store.sessions.source, where))
        return value ? ok(withoutToken(value)) : refused({ code: 'not_found' })
      }),
    ...watching(core),

    setRoles: (id, roles, context = {}) =>
      run(() => setRoles(core, id as UserId, roles, context, context.actor ?? null)),
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
      invite: (given, context = {}) => run(() => invite(core, given, context, context.actor ?? null)),
      sendReset: (id, context = {}) => withUser(id, (user) => sendResetFor(core, user, context, context.actor ?? null)),
      import: (users, options = {}) => run(() => importUsers(core, users, options)),
      find: async (id) => (await run(() => store.users.find(id as UserId))).user,
      findByEmail: async (email) => (await run(() => store.users.findByEmail(emailKey(email)))).user,
      findAll: (ids) => run(() => store.users.findAll(ids as readonly UserId[])),
      holders: (role, limit) => run(() => store.users.holders(role, limit)),
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

    setup: {
      isOpen: () => run(() => isNew(core)),
      invite: () => run(() => inviteFirst(core)),
      accept: (given, context = {}, carrier) => run(() => makeFirst(core, given, context, carrier ?? null)),
    },

    keys: {
      // A key that cannot be opened stops `ready()`, and must not be in the way of its own removal.
      list: () => run(() => core.keys.list(), opened),
      rotate: (context = {}) => run(() => core.keys.rotate(context, context.actor ?? null)),
      remove: (kid, context = {}) => run(() => core.keys.remove(kid, context, context.actor ?? null), opened),
      published: () => run(() => core.keys.publicKeys(clock.now())),
    },
    ...desks(core, run),
    service: (authorization, context = {}) => run(() => core.services.authenticate(authorization, context)),
    introspect: (token) => run(() => introspect(core, setting.baseUrl.origin, token)),
    revoke: (token, context = {}) => run(() => revoke(core, token, context)),
    relay: {
      register: (service, from) => run(() => relayed.register(service, from)),
      read: (service, place, reading) => run(() => relayed.read(service, place, reading)),
      epochs: (feed) => run(() => relayed.epochs(feed)),
      acknowledge: (service, place) => run(() => relayed.acknowledge(service, place)),
      leave: (service, place) => run(() => relayed.leave(service, place)),
      used: (uses) => run(() => takeUses(core, uses)),
      stopWaiting: relayed.stopWaiting,
    },
    async namedSession(carrier) {
      const found = await identifyToEnd(core, carrier, clock.now())
      // What is opaque may have been replaced, and then proves nothing.
      return found?.ok && found.value.proof !== 'digest' ? found.value.sid : null
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
          const up = await within(clock, LEASE_MS, source.ping()).then(
            () => true,
            () => false,
          )
          return [`store ${source.name}`, up] as const
        }),
      )
      const keys = signs(core.strategies) ? [['keys', core.keys.ready(clock.now())] as const] : []
      return Object.fromEntries([...reached, ['feed', view.leased()], ...keys])
    },
    metrics: () => ({
      ...view.metrics(),
      events: recorder.counts(),
      hashing: core.passwords.load(),
      connections: sources(store).flatMap(({ name, connections }) =>
        connections ? [{ source: name, ...connections() }] : [],
      ),
      webhooks: hooks.standing(),
    }),
    sweep: () => run(() => sweeping.sweep()),
    close() {
      closing ??= (async () => {
        relayed.stopWaiting()
        await sweeping.stop()
        await hooks.stop()
        await core.keys.stop()
        await core.post.close()
        await recorder.flush()
        await view.stop()
        await Promise.all(sources(store).map((source) => source.close()))
      })()
      return closing
    },
  }
  const auth = tracedAuth(plain, options.tracer)
  return auth as unknown as Auth<UF, SF>
}

function signs(strategies: readonly Strategy[]): boolean {
  return strategies.some(({ tokenLife }) => tokenLife !== null)
}
