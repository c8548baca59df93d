import type { PostgresServer } from '../postgres.ts'
import type { RedisInspection } from '../redis.ts'
import { inspectSqlite, type SqliteInspection } from '../sqlite.ts'
import type { Settings } from './config.ts'
import { postgresModule } from './database.ts'
import { redisModule } from './redis.ts'

/** What is kept, whatever it is kept in. */
export type Held = SqliteInspection

export type Inspection = {
  /** Null when there is nothing yet. */
  readonly held: Held | null
  /** Null when there is none. */
  readonly server: PostgresServer | null
}

/**
 * Looks at the database without changing anything of it.
 * @param secrets master secrets, newest first
 * @throws ConfigurationError when it is none of ours, or of a newer version; `StoreUnavailable` when it does not answer.
 */
export async function inspect({ database }: Settings, secrets: readonly string[]): Promise<Inspection> {
  if (database.kind === 'sqlite') return { held: inspectSqlite(database.where, secrets), server: null }
  const { inspectPostgres } = await postgresModule()
  return await inspectPostgres(database.url, secrets, database.options)
}

/**
 * Looks at Redis without changing anything there. Null where sessions are in the database.
 * @throws ConfigurationError when it does not let the user in; `StoreUnavailable` when it does not answer.
 */
export async function inspectSessions({ redis }: Settings): Promise<RedisInspection | null> {
  return redis && (await (await redisModule()).inspectRedis(redis.urls, redis.options))
}
