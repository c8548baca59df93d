import type { Server } from 'node:http'
import type { Auth } from 'sallyport'
import type { Settings } from './settings.ts'

/** How long requests that are under way may take when it stops, milliseconds. */
const PATIENCE = 2000

type Guarded = Pick<Auth, 'ready' | 'close' | 'setup' | 'setting'>

/**
 * Listens until SIGINT or SIGTERM, then finishes what is under way and closes the database.
 * @param pages whether the hosted pages are served, so that the first administrator can be made on one
 */
export async function run(
  auth: Guarded,
  server: Server,
  { port, host }: Pick<Settings, 'port' | 'host'>,
  pages = true,
) {
  await auth.ready()
  await listening(server, port, host)
  closedBySignal(server, () => void auth.close())
  console.log(await line(auth, pages))
}

/** Resolves when connections are taken; says in one line why not, and ends. */
export function listening(server: Server, port: number, host: string): Promise<void> {
  server.once('error', (error: NodeJS.ErrnoException) => {
    console.error(error.code === 'EADDRINUSE' ? `port ${port} is in use: set PORT to another` : error.message)
    process.exit(1)
  })
  return new Promise((resolve) => server.listen(port, host, resolve))
}

/** At SIGINT or SIGTERM takes no more requests, and does what is to be done last when those that are under way are finished. */
export function closedBySignal(server: Server, last = () => {}): void {
  let stopping = false
  function stop(): void {
    // Of one Ctrl-C in a terminal, npm makes two.
    if (stopping) return
    stopping = true
    server.close(last)
    setTimeout(() => server.closeAllConnections(), PATIENCE).unref()
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
}

/** Where it is, and the link that makes the first administrator while there is none: whoever reads the log may be it. */
async function line({ setup, setting }: Guarded, pages: boolean): Promise<string> {
  const { baseUrl, basePath } = setting
  const token = pages ? await setup.invite() : null
  const link = `${baseUrl.origin}${basePath}/setup?${new URLSearchParams({ token: token ?? '' })}`
  return `listening on ${baseUrl.origin}${token === null ? '' : `, setup: ${link}`}`
}
