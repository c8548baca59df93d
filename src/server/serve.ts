import { type Auth, type AuthEvent, ConfigurationError, systemClock } from '../index.ts'
import { pages } from '../pages.ts'
import type { Settings } from './config.ts'
import { type Answering, httpServer } from './http-server.ts'
import type { ServerLog } from './log.ts'
import { openAuth } from './open.ts'

/** How long requests that are under way may take when the server stops, milliseconds. */
const PATIENCE_MS = 10_000

/** A server that takes requests. */
export type Running = {
  /** Where it listens. */
  readonly url: string
  /** Finishes what is under way, gives up the lease, and closes the database. Once; later calls wait for the first. */
  stop(): Promise<void>
}

/**
 * Starts the standalone server: the HTTP API, and the pages at the root and below the base path.
 * @param hint how the command line is called here, for the line that tells how to make the first administrator
 * @throws ConfigurationError that says in one line what to write
 */
export async function serve(settings: Settings, log: ServerLog, hint: string): Promise<Running> {
  const auth = await openAuth(settings, log)
  auth.on((event) => tell(event, log))
  try {
    const server = httpServer(answering(auth, log), (error) => auth.fault(error, 'serving'))
    await auth.ready()
    // Loads the API, so that what is wrong with it stops the start and not the first request.
    await auth.handler(new Request(new URL('/livez', auth.setting.baseUrl)))
    const { port, host } = settings
    await server.listen(port, host).catch((fault) => {
      throw unavailable(fault, port, host)
    })
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`
    for (const warning of settings.warnings) log.warn({}, warning)
    log.info({}, keptIn(settings))
    log.info({}, `listening on ${url}`)
    await firstAdministrator(auth, log, hint)
    let stopped: Promise<void> | null = null
    return {
      url,
      stop() {
        auth.relay.stopWaiting()
        stopped ??= server.stop(PATIENCE_MS).then(() => auth.close())
        return stopped
      },
    }
  } catch (fault) {
    await auth.close().catch(() => {})
    throw settings.blame(fault)
  }
}

/** Pages first: they pass on what is not for them. */
export function answering(auth: Auth, log: Pick<ServerLog, 'debug'>): Answering {
  const page = pages(auth, { under: ['', auth.setting.basePath] })
  return async (request, connection) => {
    const began = systemClock.monotonic()
    const response = (await page(request, connection)) ?? (await auth.handler(request, connection))
    const ms = Math.round(systemClock.monotonic() - began)
    log.debug(
      { method: request.method, path: withoutIds(new URL(request.url).pathname), status: response.status, ms },
      'request',
    )
    return response
  }
}

/** Ids of sessions and users stay out of logs (LG-03). */
function withoutIds(path: string): string {
  return path.slice(0, 200).replace(/[\w%-]{16,}/g, '…')
}

/** What an operator should be able to alarm on is a line of the log too (LG-06); the rest is in the audit log. */
function tell(
  { type, severity, outcome, actor, subject, session, source, requestId, reason }: AuthEvent,
  log: ServerLog,
): void {
  const level = severity === 'warning' ? 'warn' : severity === 'error' ? 'error' : 'debug'
  log[level]({ event: type, outcome, actor, subject, session, source, requestId, reason }, 'event')
}

/** Whoever reads the log of a new installation may make its first administrator: the one secret that is ever written there. */
async function firstAdministrator(auth: Auth, log: ServerLog, hint: string): Promise<void> {
  const token = await auth.setup.invite()
  if (token === null) return
  const { baseUrl, basePath } = auth.setting
  log.info(
    {},
    `no administrator yet, make one by the link, or: ${hint} users create --email you@example.com --role admin --password-stdin`,
  )
  log.info({}, `setup: ${baseUrl.origin}${basePath}/setup?${new URLSearchParams({ token })}`)
}

function keptIn({ database, redis }: Settings): string {
  if (!redis) return `everything is kept in ${database.where}`
  return `sessions are kept in Redis at ${redis.where}, and the rest in ${database.where}`
}

function unavailable(fault: NodeJS.ErrnoException, port: number, host: string): unknown {
  if (fault.code === 'EADDRINUSE') {
    return new ConfigurationError(`port ${port} is in use: stop what listens there, or set PORT to another`, {
      cause: fault,
    })
  }
  if (fault.code === 'EACCES') {
    return new ConfigurationError(`this process may not listen on port ${port}: set PORT to 1024 or higher`, {
      cause: fault,
    })
  }
  if (fault.code === 'EADDRNOTAVAIL' || fault.code === 'ENOTFOUND') {
    return new ConfigurationError(`${host} is no address of this machine: set HOST to one, such as 127.0.0.1`, {
      cause: fault,
    })
  }
  return fault
}
