import type { BrandOptions } from './brand.ts'
import type { CaptchaOptions } from './checks.ts'
import type { Clock } from './clock.ts'
import type { MacKey } from './crypto.ts'
import type { Duration } from './duration.ts'
import type { Listener } from './events.ts'
import type { TokenKeys } from './keyring.ts'
import type { Mailer, MailOptions } from './mailer.ts'
import type { CookieOptions, KeyOptions } from './options/carrying.ts'
import type { PasswordOptions, ThrottleOptions } from './options/guessing.ts'
import type { TimeoutOptions } from './policy.ts'
import type { Device } from './session.ts'
import type { SessionLimit, Store } from './store.ts'
import type { Strategy } from './strategy.ts'
import type { Tracer } from './tracing.ts'
import type { Fields } from './user.ts'
import type { WebhookOptions } from './webhook.ts'

/** A schema of any library that follows Standard Schema (zod, valibot, arktype, …); only what is needed of it. */
export interface Schema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    validate(value: unknown): SchemaResult<Output> | Promise<SchemaResult<Output>>
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined
  }
}

type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string; readonly path?: readonly unknown[] | undefined }[] }

/** Where faults of parts are told to the operator; `pino` fits as it is. Messages and fields hold no secrets. */
export type Logger = {
  info(fields: Fields, message: string): void
  warn(fields: Fields, message: string): void
  error(fields: Fields, message: string): void
}

export type StrategyFactory = (setting: StrategySetting) => Strategy

/** What a strategy needs to know of the installation to make and read its credentials. */
export type StrategySetting = {
  readonly baseUrl: URL
  readonly basePath: string
  readonly cookies: CookieOptions
  readonly keys: TokenKeys
  /** See `AccessOptions.epoch`. */
  readonly epoch: () => string
  /** Keys of the master secrets for one purpose, newest first: the first makes, all are accepted. */
  readonly macKeys: (purpose: string) => readonly MacKey[]
}

/**
 * Whether a session that is suddenly used from elsewhere goes on (SL-10). `reauthenticate`: not from there, until whoever is
 * there has re-authenticated; nothing else is let in, not even a refresh. Each node asks for itself, and remembers in memory.
 */
export type ContextHook = (change: {
  readonly userId: string
  readonly sessionId: string
  readonly before: { readonly ip: string; readonly device: Device }
  readonly after: { readonly ip: string; readonly device: Device }
}) => 'allow' | 'reauthenticate' | 'end'

/** What `createAuth` is told. All but `store`, `strategy`, `baseUrl` and `secret` have safe defaults. */
export type Options<UF extends Fields = Fields, SF extends Fields = Fields> = {
  /** What keeps accounts and sessions: `memory()`, `sqlite()`, `postgres()`, the latter two with `redis()` beside them, or one of your own. */
  readonly store: Store
  /** How sessions travel: `session()`, `hybrid()` or `jwt()`. */
  readonly strategy: StrategyFactory
  /**
   * Further strategies honoured, never issued: for a migration.
   * @default []
   */
  readonly accept?: readonly StrategyFactory[]
  /** Where browsers reach the application: origin, no path. `https:` except on localhost. */
  readonly baseUrl: string
  /**
   * Where the HTTP API is, below `baseUrl`; without a final slash.
   * @default '/auth'
   */
  readonly basePath?: string
  /** At least 32 random characters; a list is newest first: the first seals, all are accepted. */
  readonly secret: string | readonly string[]
  /** How long sessions last. */
  readonly timeouts?: TimeoutOptions
  /**
   * How many sessions a user may have at once. Not under `jwt()`, which keeps no record of them.
   * @default null
   */
  readonly sessionLimit?: SessionLimit | null
  /**
   * The catalogue of roles, beside the built-in `admin` and `auditor`. New users get the first.
   * @default ['member']
   */
  readonly roles?: readonly string[]
  /**
   * How recent an authentication must be for what changes credentials or ends sessions.
   * @default '10m'
   */
  readonly fresh?: Duration
  /** How long what is over is kept. */
  readonly retention?: {
    /**
     * Sessions that have ended.
     * @default '30d'
     */
    readonly ended?: Duration
    /**
     * Events in the audit log.
     * @default '365d'
     */
    readonly audit?: Duration
  }
  /**
   * Whether everybody may make an account, or administrators only.
   * @default 'open'
   */
  readonly signUp?: 'open' | 'closed'
  /**
   * Who signs up has no account until their address has confirmed (TH-09). Takes a mailer.
   * @default false
   */
  readonly verifyEmail?: boolean
  /**
   * What hands messages on: `smtp()`, or one of your own. Without one, what needs mail is refused as `not_supported`, and nobody is told
   * of anything.
   * @default none
   */
  readonly mailer?: Mailer
  /** What messages say, and where their links lead. */
  readonly mail?: MailOptions
  /** What people know the service by: its name, and how pages and messages look and read. */
  readonly brand?: BrandOptions
  /** What passwords have to be like, and how they are kept. */
  readonly password?: PasswordOptions
  /** How guessing is slowed. */
  readonly throttle?: ThrottleOptions
  /**
   * Asks for a solved task: `turnstile()` or `hcaptcha()` of `sallyport/providers`, or a check of your own.
   * @default none
   */
  readonly captcha?: CaptchaOptions
  /** What the cookies are called, and which sites send them. */
  readonly cookies?: Partial<CookieOptions>
  /** Pages of other origins that may ask with credentials. */
  readonly cors?: {
    /**
     * Exact: scheme, host and port. They count as own where requests have to prove where they come from.
     * @default []
     */
    readonly origins: readonly string[]
  }
  /**
   * Answers a sign-out with `Clear-Site-Data: "cache", "storage"`, over https. Slow in some browsers, so off unless said.
   * @default false
   */
  readonly clearSiteData?: boolean
  /**
   * Addresses or CIDRs of proxies whose forwarding headers are believed.
   * @default []
   */
  readonly trustedProxies?: readonly string[]
  /** The keys that sign tokens, under strategies that do. */
  readonly keys?: KeyOptions
  /** Fields of your own on users and sessions, each with a schema (zod, valibot, arktype, …) that checks them and gives them their types. */
  readonly fields?: {
    /**
     * What a user has besides.
     * @default none
     */
    readonly user?: Schema<UF>
    /**
     * What a session has besides.
     * @default none
     */
    readonly session?: Schema<SF>
  }
  /** What a node keeps in memory. */
  readonly cache?: {
    /**
     * Sessions, and as many users, at most; the least recently used go first. 1.4 to 2.0 KiB each.
     * @default 100000
     */
    readonly sessions?: number
  }
  /**
   * Asked when a session is suddenly used from elsewhere.
   * @default none: it goes on
   */
  readonly onContextChange?: ContextHook
  /**
   * Where the time comes from: `manualClock()` of `sallyport/testing` in tests.
   * @default the machine's
   */
  readonly clock?: Clock
  /**
   * Where faults of parts are told; `pino` fits as it is.
   * @default none: nothing is logged
   */
  readonly log?: Logger
  /**
   * Hears of every event after it happened. `auth.on()` adds further ones.
   * @default none
   */
  readonly on?: Listener
  /**
   * Sends events elsewhere, signed, off the path of every request.
   * @default []
   */
  readonly webhooks?: readonly WebhookOptions[]
  /**
   * Spans for what is not decided from memory: `trace.getTracer('sallyport')` of `@opentelemetry/api`.
   * @default none
   */
  readonly tracer?: Tracer
}
