import { type Clock, systemClock } from './clock.ts'
import { minimumLength, passwordRules, passwords } from './credentials/password.ts'
import { macKey } from './crypto.ts'
import { milliseconds } from './duration.ts'
import { ConfigurationError } from './errors.ts'
import { attempts } from './flows/attempts.ts'
import type { Core, FieldCheck } from './flows/core.ts'
import { guesses } from './flows/guesses.ts'
import { recorder } from './flows/recorder.ts'
import type { CookieOptions, Logger, Options, Schema, StrategySetting } from './options.ts'
import { policy } from './policy.ts'
import { ok, refused } from './result.ts'
import {
  BUILT_IN_ROLES,
  checkedBasePath,
  checkedBaseUrl,
  checkedCookies,
  checkedOrigins,
  checkedRoles,
  checkedSecrets,
  checkedSessionLimit,
  checkedSignUp,
} from './start-up.ts'
import type { Fields } from './user.ts'
import { bounded } from './view/bounded.ts'
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
  /** Milliseconds: how recent an authentication must be for what changes credentials or ends sessions. */
  readonly fresh: number
  readonly policy: Core['policy']
  readonly roles: readonly string[]
  readonly signUp: 'open' | 'closed'
  /** Code points a new password has at least. */
  readonly passwordMinLength: number
  /** The clock everything is judged by: `now` in answers, keep-alives of streams. */
  readonly clock: Clock
}

/** Checks the options and puts the parts together. @throws ConfigurationError naming the option and what to write instead. */
export function assemble(options: Options): { readonly core: Core; readonly setting: Setting } {
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
  const store = bounded(options.store, clock)

  const limits = policy(options.timeouts ?? {}, roles)
  const setting: StrategySetting = { baseUrl, basePath, cookies: checkedCookies(options.cookies, baseUrl) }
  const strategy = options.strategy(setting)
  const strategies = [strategy, ...(options.accept ?? []).map((make) => make(setting))]
  const record = recorder(store.audit, clock, macKey(newest, 'session reference'), log, options.on ?? null)
  const fresh = milliseconds(options.fresh ?? '10m', 'fresh')

  const core: Core = {
    clock,
    store,
    strategy,
    strategies,
    policy: limits,
    roles: [...defaultRoles, ...BUILT_IN_ROLES],
    recorder: record,
    guesses: guesses(),
    view: view({
      store,
      clock,
      sessions: options.cache?.sessions ?? 100_000,
      touchStep: limits.touchStep,
      onFault: record.fault,
      onState: (state) => record.record({ type: `view.${state}`, actor: 'system' }, {}, clock.now()),
    }),
    passwords: passwords({ credentials: store.credentials, options: options.password ?? {} }),
    passwordRules: passwordRules(options.password ?? {}),
    attempts: attempts(store.counters, clock, macKey(newest, 'throttle'), options.throttle ?? {}),
    sessionLimit: checkedSessionLimit(options.sessionLimit),
    retention: {
      ended: milliseconds(options.retention?.ended ?? '30d', 'retention.ended'),
      audit: milliseconds(options.retention?.audit ?? '365d', 'retention.audit'),
    },
    signUp: checkedSignUp(options.signUp ?? 'open'),
    validateFields: { user: fieldCheck(options.fields?.user), session: fieldCheck(options.fields?.session) },
    csrfKeys: secrets.map((secret) => macKey(secret, 'csrf')),
    onContextChange: options.onContextChange ?? null,
  }
  return {
    core,
    setting: {
      baseUrl,
      basePath,
      origins: new Set([baseUrl.origin, ...corsOrigins]),
      cookies: setting.cookies,
      corsOrigins,
      trustedProxies: trustedProxies(options.trustedProxies ?? []),
      clearSiteData: options.clearSiteData ?? false,
      strategy: strategy.name,
      fresh,
      policy: limits,
      roles: core.roles,
      signUp: core.signUp,
      passwordMinLength: minimumLength(options.password ?? {}),
      clock,
    },
  }
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
