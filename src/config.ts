import type { SmtpOptions } from './mail/smtp.ts'
import type { Options } from './options.ts'
import type { RedisOptions } from './stores/redis/redis.ts'
import type { PostgresOptions } from './stores/sql/postgres.ts'
import type { HybridOptions } from './strategies/hybrid.ts'
import type { JwtOptions } from './strategies/jwt.ts'

export { milliseconds } from './duration.ts'

/** How a session travels; see the strategies of the same names. */
export type StrategyName = 'session' | 'jwt' | 'hybrid'

/** How much is logged. `debug` adds a line for every request. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/**
 * What `sallyport.config.ts` may say: the options of `createAuth`, as far as they are not the program's own, and those of
 * the program. Everything may be left out. The environment overrides what is written here, the command line both.
 */
export type Config = Partial<Omit<Options, 'store' | 'strategy' | 'accept' | 'clock' | 'log'>> & {
  /** `PORT`. */
  readonly port?: number
  /** `HOST`: the address to listen on. */
  readonly host?: string
  /** `SALLYPORT_STRATEGY`: how sessions travel. `session` by default. */
  readonly strategy?: StrategyName
  /** Further strategies that are honoured and not issued: so that changing `strategy` signs nobody out. */
  readonly accept?: readonly StrategyName[]
  /** How `jwt` makes its tokens, where that is a strategy. */
  readonly jwt?: JwtOptions
  /** How `hybrid` makes its tokens, where that is a strategy. */
  readonly hybrid?: HybridOptions
  /** `DATABASE_URL`: `sqlite:path`, or the path alone; `postgres://user:password@host:5432/database`. */
  readonly database?: string
  /** How a PostgreSQL database is used: `DATABASE_SCHEMA`, `DATABASE_CONNECTIONS`. */
  readonly postgres?: PostgresOptions
  /**
   * Where sessions, denials, tickets and counters are, if not in the database: `REDIS_URL`, one address or several of a Cluster, and how
   * Redis is used: `REDIS_PREFIX`, `REDIS_PARTITIONS`, `REDIS_REPLICAS`.
   */
  readonly redis?: RedisOptions & { readonly url?: string | readonly string[] }
  /**
   * How messages leave: `SMTP_URL`, and who they come from, `MAIL_FROM`. In development, without an address, they are files in the
   * folder `outbox` of `data`.
   */
  readonly smtp?: Partial<SmtpOptions> & { readonly url?: string }
  /** `SALLYPORT_DATA`: the folder for the embedded database, the secret and the messages of development. */
  readonly data?: string
  /** `LOG_LEVEL`. */
  readonly logLevel?: LogLevel
  /** `METRICS_PORT`, `METRICS_TOKEN`: `GET /metrics` on a port of its own, or for whoever shows the token. Neither: nowhere. */
  readonly metrics?: { readonly port?: number; readonly token?: string }
}

/** Gives a configuration its type: `export default defineConfig({ roles: ['member'], timeouts: { idle: '20m' } })`. */
export function defineConfig(config: Config): Config {
  return config
}
