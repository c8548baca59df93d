import type { Config, StrategyName } from '../config.ts'
import {
  type Auth,
  ConfigurationError,
  createAuth,
  hybrid,
  jwt,
  type Logger,
  type Options,
  type Store,
  session,
} from '../index.ts'
import { sqlite } from '../sqlite.ts'
import { isDefaultFile, type Settings } from './config.ts'
import { postgresModule } from './database.ts'
import { mailerOf } from './mail.ts'
import { redisModule } from './redis.ts'
import { dataFolder } from './secret.ts'
import { startedTracer } from './tracing.ts'

const STRATEGIES = {
  session: () => session(),
  jwt: ({ jwt: options }) => jwt(options),
  hybrid: ({ hybrid: options }) => hybrid(options),
} as const satisfies Record<StrategyName, (config: Config) => Options['strategy']>

/**
 * The strategy as it is configured.
 * @throws ConfigurationError naming the member of the configuration
 */
export function strategyOf(name: StrategyName, config: Config): Options['strategy'] {
  try {
    return STRATEGIES[name](config)
  } catch (fault) {
    if (!(fault instanceof ConfigurationError)) throw fault
    throw new ConfigurationError(`${name}.${fault.message}`, { cause: fault })
  }
}

/**
 * The store the settings name: one database, or one with Redis beside it for what comes and goes with sessions. Its folder is made when it is the program's own.
 * @throws ConfigurationError that says in one line what to write
 */
export async function openStore(settings: Settings): Promise<Store> {
  const { redis } = settings
  try {
    const sessions = redis && (await redisModule()).redis(redis.urls, redis.options)
    return { ...(await openDatabase(settings)), ...sessions }
  } catch (fault) {
    throw settings.blame(fault)
  }
}

async function openDatabase(settings: Settings): Promise<Store> {
  const { database } = settings
  if (database.kind === 'postgres') return (await postgresModule()).postgres(database.url, database.options)
  if (isDefaultFile(settings)) dataFolder(settings.data)
  return sqlite(database.where)
}

/**
 * The guard the settings describe. Nothing is opened yet.
 * @throws ConfigurationError that says in one line what to write
 */
export async function openAuth(settings: Settings, log: Logger): Promise<Auth> {
  try {
    const accept = settings.accept.map((name) => strategyOf(name, settings.given))
    const tracer = await startedTracer()
    return createAuth({
      ...(tracer && { tracer }),
      ...settings.options(),
      ...mailerOf(settings.mail, settings.data, log),
      store: await openStore(settings),
      strategy: strategyOf(settings.strategy, settings.given),
      accept,
      log,
    })
  } catch (fault) {
    throw settings.blame(fault)
  }
}
