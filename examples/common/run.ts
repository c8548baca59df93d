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
  server.once('error', (error: NodeJS.ErrnoException) => {
    console.error(error.code === 'EADDRINUSE' ? `port ${port} is in use: set PORT to another` : error.message)
    process.exitCode = 1
    void auth.close()
  })
  server.listen(port, host, async () => console.log(await line(auth, pages)))

  let stopping = false
  function stop(): void {
    // Of one Ctrl-C in a terminal, npm makes two.
    if (stopping) return
    stopping = true
    server.close(() => void auth.close())
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
