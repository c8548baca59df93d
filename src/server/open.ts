import type { StrategyName } from '../config.ts'
import { type Auth, createAuth, hybrid, jwt, type Logger, session } from '../index.ts'
import { sqlite } from '../sqlite.ts'
import { isDefaultFile, type Settings } from './config.ts'
import { dataFolder } from './secret.ts'

const STRATEGIES = { session, jwt, hybrid } satisfies Record<StrategyName, unknown>

/** The store the settings name. Its folder is made when it is the program's own. */
export function openStore(settings: Settings): ReturnType<typeof sqlite> {
  if (isDefaultFile(settings)) dataFolder(settings.data)
  return sqlite(settings.file)
}

/**
 * The guard the settings describe. Nothing is opened yet.
 * @throws ConfigurationError that says in one line what to write
 */
export function openAuth(settings: Settings, log: Logger): Auth {
  try {
    const accept = settings.accept.map((name) => STRATEGIES[name]())
    return createAuth({
      ...settings.options(),
      store: openStore(settings),
      strategy: STRATEGIES[settings.strategy](),
      accept,
      log,
    })
  } catch (fault) {
    throw settings.blame(fault)
  }
}
