import type { BrandOptions } from './brand.ts'
import { type Clock, systemClock } from './clock.ts'
import { breachCheck, minimumLength, passwordRules, passwords } from './credentials/password.ts'
import { macKey } from './crypto.ts'
import { milliseconds } from './duration.ts'
import { ConfigurationError } from './errors.ts'
import { attempts } from './flows/attempts.ts'
import { type CaptchaDesk, captchaDesk } from './flows/captcha.ts'
import type { Core, FieldCheck } from './flows/core.ts'
import { erasing } from './flows/erasing.ts'
import { guesses } from './flows/guesses.ts'
import { keySetting } from './flows/key-setting.ts'
import { keyring } from './flows/keys.ts'
import { leftovers } from './flows/leftovers.ts'
import { places } from './flows/places.ts'
import { policyRules } from './flows/policy-rules.ts'
import { post } from './flows/post.ts'
import { quota } from './flows/quota.ts'
import { recorder } from './flows/recorder.ts'
import { refreshes } from './flows/refreshes.ts'
import { services } from './flows/services.ts'
import { tally } from './flows/tally.ts'
import { tracedStore, tracedView } from './flows/traced.ts'
import { linksOf } from './mail/links.ts'
import type { CookieOptions } from './options/carrying.ts'
import type { Logger, Options, Schema, StrategySetting } from './options.ts'
import type { Policy } from './policy.ts'
import { ok, refused } from './result.ts'
import {
  BUILT_IN_ROLES,
  checkedBasePath,
  checkedBaseUrl,
  checkedBrand,
  checkedCookies,
  checkedOrigins,
  checkedRoles,
  checkedSecrets,
  checkedSignUp,
  checkedVerifyEmail,
} from './start-up.ts'
import type { Strategy } from './strategy.ts'
import type { Fields } from './user.ts'
import { bounded } from './view/bounded.ts'
import { policyView } from './view/policy.ts'
import { view } from './view/view.ts'
import { type TrustedProxies, trustedProxies } from './wire/source.ts'

const SILENT: Logger = { info() {}, warn() {}, error() {} }

/** What everybody outside may know of an installation: for the HTTP API, the pages and the adapters. */
export type Setting = {
  readonly baseUrl: URL
  readonly basePath: string
  readonly cookies: CookieOptions
  /** Origins whose requests count as own: of `baseUrl`, and those listed for CORS. */
  readonly origins: ReadonlySet<string>
  readonly corsOrigins: ReadonlySet<string>
  readonly trustedProxies: TrustedProxies
  readonly clearSiteData: boolean
  readonly strategy: string
  /** How long a signing key is published before it signs, milliseconds. */
  readonly keysPublishedFor: number
  /** Whether there are refresh tokens. */
  readonly refreshes: boolean
  /** Names of the strategies that keep no record of a session. */
  readonly recordless: ReadonlySet<string>
  /** Milliseconds: how recent an authentication must be for what changes credentials or ends sessions. */
  readonly fresh: number
  /** Of this moment: to be read anew at every use, and never kept. */
  readonly policy: Policy
  readonly roles: readonly string[]
  readonly signUp: 'open' | 'closed'
  /** Whether an address has to confirm before there is an account. */
  readonly verifyEmail: boolean
  /** Whether anything hands messages on: without it no link can be asked for. */
  readonly mails: boolean
  readonly brand: BrandOptions & { readonly name: string }
  /** Code points a new password has at least. */
  readonly passwordMinLength: number
  /** When somebody has to solve a task, and what shows it; null without `captcha`. */
  readonly captcha: CaptchaDesk['shown']
  /** The clock everything is judged by: `now` in answers, keep-alives of streams. */
  readonly clock: Clock
}

/** Checks the options and puts the parts together. @throws ConfigurationError naming the option and what to write instead. */
export function assemble(options: Options): {
  readonly core: Core
  readonly setting: Setting
  /** Without spans, for what nobody waits for. */
  readonly quiet: Core['store']
} {
  const known = options as Options | undefined
  if (!known?.store) throw new ConfigurationError(`store is missing: write store: sqlite('auth.db')`)
  if (!known.strategy) throw new ConfigurationError('strategy is missing: write strategy: session()')
  if (!known.baseUrl) throw new ConfigurationError(`baseUrl is missing: write baseUrl: 'https://app.example'`)
  const baseUrl = checkedBaseUrl(options.baseUrl)
  const basePath = checkedBasePath(options.basePath ?? '/auth')
  const secrets = checkedSecrets(options.secret)
  const [newest] = secrets as [string, ...string[]]
  const roles = checkedRoles(options.roles)
  const defaultRoles = roles.filter((role) => !(BUILT_IN_ROLES as readonly string[]).includes(role))
  const corsOrigins = checkedOrigins(options.cors?.origins ?? [])
  const clock = options.clock ?? systemClock
  const log = options.log ?? SILENT
  const quiet = bounded(options.store, clock)
  const store = tracedStore(quiet, options.tracer)

  const record = recorder(store.audit, clock, macKey(newest, 'session reference'), log, options.on ?? null)
  const fresh = milliseconds(options.fresh ?? '10m', 'fresh')

  const signing = keySetting(options.keys ?? {})
  const keys = keyring({
    keys: store.keys,
    clock,
    secrets,
    setting: signing,
    // The longest life of a token is known once the strategies are made, which need the keys.
    overlap: () => longestLife(strategies) + signing.leeway + CLOCKS_MS,
    recorder: record,
    settle: (place) => seen.settle(place),
  })
  const setting: StrategySetting = {
    baseUrl,
    basePath,
    cookies: checkedCookies(options.cookies, baseUrl),
    keys,
    epoch: () => seen.epoch(),
    macKeys: (purpose) => secrets.map((secret) => macKey(secret, purpose)),
  }
  const strategy = options.strategy(setting)
  const strategies = [strategy, ...(options.accept ?? []).map((make) => make(setting))]
  const recordless = strategies.filter(({ keeps }) => keeps === 'nothing')
  const denialLife = recordless.length === 0 ? null : longestLife(recordless) + signing.leeway + CLOCKS_MS
  const rules = policyRules(options, roles, strategy)
  const limits = policyView({
    settings: store.settings,
    configured: rules.configured,
    read: rules.read,
    onChange: () => seen.hurry(),
    onFault: (fault) => record.fault(fault, 'reading the policy'),
  })
  const seen = view({
    store,
    clock,
    sessions: options.cache?.sessions ?? 100_000,
    touchStep: () => limits.current().policy.touchStep,
    keys,
    policy: limits,
    denialLife: () => denialLife,
    onFault: record.fault,
    onState: (state) => record.record({ type: `view.${state}`, actor: 'system' }, {}, clock.now()),
  })
  const guessed = guesses()
  const tallied = tally(clock)
  record.listen(tallied.hear)
  const captcha = captchaDesk(options.captcha, clock, record)
  const brand = checkedBrand(options.brand, baseUrl)
  const mailer = options.mailer ?? null

  const core: Core = {
    clock,
    store,
    strategy,
    strategies,
    get policy() {
      return limits.current().policy
    },
    policyRules: rules,
    readPolicy: limits.start,
    roles: [...defaultRoles, ...BUILT_IN_ROLES],
    recorder: record,
    post: post({
      ...{ mailer, brand: brand.name, clock, recorder: record, log },
      templates: options.mail?.templates,
      links: linksOf(baseUrl, basePath, options.mail ?? {}),
    }),
    quota: quota(store.counters, clock, macKey(newest, 'throttle'), options.throttle?.mail),
    leftovers: leftovers({ store, recorder: record, clock }),
    erasing: erasing({ store, recorder: record, clock }),
    guesses: guessed,
    tally: tallied,
    refreshes: refreshes(),
    places: places(),
    services: services({ services: store.services, clock, recorder: record, guesses: guessed }),
    denialLife,
    keys,
    stands: keys.stands,
    leeway: signing.leeway,
    view: tracedView(seen, options.tracer),
    passwords: passwords({
      credentials: store.credentials,
      options: options.password ?? {},
      key: macKey(newest, 'decoys'),
    }),
    // The name people reach the service by is one that a password must not be made of (PW-08).
    passwordRules: passwordRules({
      ...options.password,
      context: [...(options.password?.context ?? []), baseUrl.hostname],
    }),
    breached: breachCheck(options.password?.breached, clock),
    captcha,
    attempts: attempts(store.counters, clock, macKey(newest, 'throttle'), options.throttle ?? {}),
    get sessionLimit() {
      return limits.current().sessionLimit
    },
    retention: {
      ended: milliseconds(options.retention?.ended ?? '30d', 'retention.ended'),
      audit: milliseconds(options.retention?.audit ?? '365d', 'retention.audit'),
    },
    signUp: checkedSignUp(options.signUp ?? 'open'),
    verifyEmail: checkedVerifyEmail(options.verifyEmail ?? false, mailer),
    validateFields: { user: fieldCheck(options.fields?.user), session: fieldCheck(options.fields?.session) },
    csrfKeys: secrets.map((secret) => macKey(secret, 'csrf')),
    placeKeys: secrets.map((secret) => macKey(secret, 'feed place')),
    onContextChange: options.onContextChange ?? null,
  }
  return {
    core,
    quiet,
    setting: {
      baseUrl,
      basePath,
      origins: new Set([baseUrl.origin, ...corsOrigins]),
      cookies: setting.cookies,
      corsOrigins,
      trustedProxies: trustedProxies(options.trustedProxies ?? []),
      clearSiteData: options.clearSiteData ?? false,
      strategy: strategy.name,
      keysPublishedFor: signing.publish,
      refreshes: strategies.some(({ refreshing }) => refreshing !== null),
      recordless: new Set(recordless.map(({ name }) => name)),
      fresh,
      get policy() {
        return core.policy
      },
      roles: core.roles,
      signUp: core.signUp,
      verifyEmail: core.verifyEmail,
      mails: core.post.able,
      brand: { ...options.brand, ...brand },
      passwordMinLength: minimumLength(options.password ?? {}),
      captcha: captcha.shown,
      clock,
    },
  }
}

/** How far the clocks of nodes may differ, milliseconds: keys verify that much longer. */
const CLOCKS_MS = 60_000

/** How long a token of one of these can be good, milliseconds. */
function longestLife(strategies: readonly Strategy[]): number {
  return Math.max(0, ...strategies.map(({ tokenLife }) => tokenLife ?? 0))
}

function fieldCheck(schema: Schema | undefined): FieldCheck | null {
  if (!schema) return null
  return async (value) => {
    const result = await schema['~standard'].validate(value)
    if (!result.issues) return ok(result.value as Fields)
    const errors = result.issues.map(({ message, path }) => ({
      path: ['fields', ...(path ?? []).map(segment)].join('.'),
      code: 'invalid',
      detail: message,
    }))
    return refused({ code: 'invalid_request', errors })
  }
}

/** A Standard Schema path holds keys, or objects with one. */
function segment(part: unknown): string {
  return String(typeof part === 'object' && part !== null && 'key' in part ? part.key : part)
}
