import type { BrandOptions } from './brand.ts'
import type { BreachedOptions, BreachedRange, CaptchaOptions } from './checks.ts'
import type { Clock } from './clock.ts'
import type { Algorithm, KeyMaterial, MacKey } from './crypto.ts'
import type { Duration } from './duration.ts'
import type { Listener } from './events.ts'
import type { TokenKeys } from './keyring.ts'
import type { Mailer, MailOptions } from './mailer.ts'
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

export type CookieOptions = {
  /** Without prefix: `sid` becomes `__Host-sid`, or `__Secure-sid` with a domain. It must not name the product. */
  readonly name: string
  readonly sameSite: 'lax' | 'strict' | 'none'
  /** Shares the cookie with subdomains; every one of them can then plant one, so leave it out if you can. */
  readonly domain?: string
}

export type PasswordOptions = {
  /** Code points; 15 by default as the only factor, never below 8 (NIST SP 800-63B-4 section 3.1.1.2). */
  readonly minLength?: number
  /** argon2id. Never below 19 MiB, 2 passes (OWASP). `memory` in KiB. */
  readonly memory?: number
  readonly passes?: number
  /** Keyed pepper kept outside the database, newest first: at least 32 characters each. */
  readonly pepper?: string | readonly string[]
  /** Hashes at once, and how many may wait; beyond that sign-in answers 503. */
  readonly concurrency?: number
  readonly queue?: number
  /**
   * Has hashing give way to whatever else wants a core, so that nobody's request waits for other people's sign-ins: the threads of libuv's pool
   * get a `nice` of 10. They are the whole process's, files and names are read by them too; `sallyport serve` does it. Linux only.
   */
  readonly givesWay?: boolean
  /** Further words no password may be made of: the product's name, the company's. */
  readonly context?: readonly string[]
  /** Refuses passwords known from breaches elsewhere: `haveIBeenPwned()` of `sallyport/providers`, or a source of your own. */
  readonly breached?: BreachedRange | BreachedOptions
  /**
   * How records begin that were imported and whose owners may not have signed in yet, as `users import` prints it: `['$2b$10']`. Unknown
   * addresses are then checked as long as these or as own ones, so that the time does not tell which of them have an account.
   */
  readonly imported?: readonly string[]
}

export type ThrottleOptions = {
  /** Failures an account has free before delays begin. */
  readonly free?: number
  readonly delay?: Duration
  readonly cap?: Duration
  /** Consecutive failures that disable the password until recovery; at most 100 (NIST SP 800-63B-4 section 3.2.2). */
  readonly disableAfter?: number
  readonly perSource?: { readonly failures: number; readonly window: Duration }
  /** Messages that anybody can cause: so many to one address and from one source, in that time. */
  readonly mail?: { readonly perAddress?: number; readonly perSource?: number; readonly window?: Duration }
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

export type KeyOptions = {
  /** What generated keys sign by: `EdDSA` by default. */
  readonly alg?: Algorithm
  /** How long a key signs; 30 days by default. */
  readonly rotateEvery?: Duration
  /** How long a key is published before it signs, so that everybody has it by then; an hour by default. */
  readonly publishFor?: Duration
  /** How much longer and earlier than they say tokens are good, for servers whose clocks differ: nothing by default, at most a minute. */
  readonly leeway?: Duration
  /** Keys of your own instead: the first signs, all verify, none rotates. One `HS256` secret may be shared by several servers. */
  readonly import?: readonly KeyMaterial[]
}

/** What `createAuth` is told. All but `store`, `strategy`, `baseUrl` and `secret` have safe defaults. */
export type Options<UF extends Fields = Fields, SF extends Fields = Fields> = {
  readonly store: Store
  readonly strategy: StrategyFactory
  /** Further strategies honoured, never issued: for a migration. */
  readonly accept?: readonly StrategyFactory[]
  /** Where browsers reach the application: origin, no path. `https:` except on localhost. */
  readonly baseUrl: string
  readonly basePath?: string
  /** At least 32 random characters; a list is newest first: the first seals, all are accepted. */
  readonly secret: string | readonly string[]
  readonly timeouts?: TimeoutOptions
  readonly sessionLimit?: SessionLimit | null
  /** The catalogue of roles, beside the built-in `admin` and `auditor`. New users get the first. */
  readonly roles?: readonly string[]
  /** How recent an authentication must be for what changes credentials or ends sessions. */
  readonly fresh?: Duration
  readonly retention?: { readonly ended?: Duration; readonly audit?: Duration }
  readonly signUp?: 'open' | 'closed'
  /** Who signs up has no account until their address has confirmed (TH-09). Takes a mailer. */
  readonly verifyEmail?: boolean
  /** What hands messages on; without one, what needs mail is refused as `not_supported`, and nobody is told of anything. */
  readonly mailer?: Mailer
  readonly mail?: MailOptions
  /** What people know the service by: its name, and how pages and messages look and read. */
  readonly brand?: BrandOptions
  readonly password?: PasswordOptions
  readonly throttle?: ThrottleOptions
  /** Asks for a solved task: `turnstile()` or `hcaptcha()` of `sallyport/providers`, or a check of your own. */
  readonly captcha?: CaptchaOptions
  readonly cookies?: Partial<CookieOptions>
  readonly cors?: { readonly origins: readonly string[] }
  /** Answers a sign-out with `Clear-Site-Data: "cache", "storage"`, over https. Slow in some browsers, so off by default. */
  readonly clearSiteData?: boolean
  /** Addresses or CIDRs of proxies whose forwarding headers are believed. */
  readonly trustedProxies?: readonly string[]
  /** The keys that sign tokens, under strategies that do. */
  readonly keys?: KeyOptions
  readonly fields?: { readonly user?: Schema<UF>; readonly session?: Schema<SF> }
  /** Sessions and users a node keeps in memory at most; the least recently used go first. */
  readonly cache?: { readonly sessions?: number }
  readonly onContextChange?: ContextHook
  readonly clock?: Clock
  readonly log?: Logger
  readonly on?: Listener
  /** Sends events elsewhere, signed, off the path of every request. */
  readonly webhooks?: readonly WebhookOptions[]
  /** Spans for what is not decided from memory: `trace.getTracer('sallyport')` of `@opentelemetry/api`. */
  readonly tracer?: Tracer
}
