import type { Auth, RequestContext } from '../index.ts'
import { systemClock } from '../index.ts'
import { type Settings, settings } from '../server/config.ts'
import { serverLog } from '../server/log.ts'
import { openAuth } from '../server/open.ts'

/** Who acts, in the audit log. */
export const BY_CLI: RequestContext = { actor: 'cli' }

/** After this long a word on what is waited for, milliseconds. */
const SILENT_MS = 1000

/**
 * Runs one command on the database of the installation, and closes it. An ending returns only when every server that is
 * running obeys it, which may take some seconds when one of them does not answer.
 */
export async function withAuth<T>(run: (auth: Auth) => Promise<T>): Promise<T> {
  const configured = await configuration()
  const log = serverLog({ level: 'warn', json: false }, systemClock, (line) => process.stderr.write(line))
  const auth = await openAuth(configured, log)
  // The clock of the core keeps no process alive, and an ending has to be waited for.
  const alive = setInterval(() => {}, 60_000)
  const note = setTimeout(() => console.error('waiting until every running server obeys …'), SILENT_MS)
  try {
    return await run(auth)
  } finally {
    clearTimeout(note)
    await auth.close()
    clearInterval(alive)
  }
}

/** The settings, with their warnings said. */
export async function configuration(): Promise<Settings> {
  const configured = await settings()
  for (const warning of configured.warnings) console.error(`warning: ${warning}`)
  return configured
}
