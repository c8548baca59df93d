import type { Auth, RequestContext } from '../index.ts'
import { systemClock } from '../index.ts'
import { type Settings, settings } from '../server/config.ts'
import { serverLog } from '../server/log.ts'
import { openAuth } from '../server/open.ts'
import { onSignals } from './signals.ts'

/** Who acts, in the audit log. */
export const BY_CLI: RequestContext = { actor: 'cli' }

/** After this long a word on what is waited for, milliseconds. */
export const SILENT_MS = 1000
/** How often it is looked whether that is so. */
const LOOK_MS = 100

export type Held = {
  /** Takes the first SIGINT or SIGTERM instead of ending the command; the next one ends it all the same. */
  readonly interrupted?: (signal: NodeJS.Signals) => void
}

const OBEYED = 'waiting until every running server obeys …'

/**
 * Runs one command on the database of the installation, and closes it. An ending returns only when every server that is
 * running obeys it, which may take some seconds when one of them does not answer.
 */
export async function withAuth<T>(
  run: (auth: Auth, configured: Settings) => Promise<T>,
  { interrupted }: Held = {},
): Promise<T> {
  const configured = await configuration()
  const log = serverLog({ level: 'warn', json: false }, systemClock, (line) => process.stderr.write(line))
  const auth = await openAuth(configured, log)
  // The clock of the core keeps no process alive, and an ending has to be waited for.
  const alive = setInterval(() => {}, 60_000)
  const note = whenServersAreWaitedFor(auth, () => console.error(OBEYED))
  const listening = onSignals(interrupted ?? null, () => auth.close())
  try {
    return await run(auth, configured)
  } finally {
    clearInterval(note)
    await auth.close()
    clearInterval(alive)
    listening.stop()
  }
}

/** Calls once, when an ending has waited for a moment: a database that is slow is another matter. */
function whenServersAreWaitedFor(auth: Auth, say: () => void): NodeJS.Timeout {
  const looking = setInterval(() => {
    if (auth.metrics().waiting.longest < SILENT_MS) return
    clearInterval(looking)
    say()
  }, LOOK_MS)
  return looking
}

/** The settings, with their warnings said. */
export async function configuration(): Promise<Settings> {
  const configured = await settings()
  for (const warning of configured.warnings) console.error(`warning: ${warning}`)
  return configured
}
