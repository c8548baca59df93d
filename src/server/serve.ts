import { type Auth, type AuthEvent, ConfigurationError, systemClock } from '../index.ts'
import { pages } from '../pages.ts'
import type { Settings } from './config.ts'
import { type Answering, type HttpServer, httpServer } from './http-server.ts'
import type { ServerLog } from './log.ts'
import type { ServerMetrics } from './metrics.ts'
import { type MetricsSetting, metricsAnswer } from './metrics-access.ts'
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
    const { metrics } = settings
    const seen = metrics && (await import('./metrics.ts')).serverMetrics(auth)
    const open = metrics?.port === null ? metrics.token : null
    const server = httpServer(answering(auth, log, seen, open), (error) => auth.fault(error, 'serving'))
    await auth.ready()
    // Loads the API, so that what is wrong with it stops the start and not the first request.
    await auth.handler(new Request(new URL('/livez', auth.setting.baseUrl)))
    const invitation = await auth.setup.invite()
    const { port, host } = settings
    await server.listen(port, host).catch((fault) => {
      throw unavailable(fault, port, host)
    })
    const apart = seen && metrics && metrics.port !== null ? metricsServer(seen, metrics, auth) : null
    if (apart && metrics?.port) {
      await apart.listen(metrics.port, host).catch(async (fault) => {
        await server.stop(0)
        throw unavailable(fault, metrics.port as number, host, 'METRICS_PORT')
      })
    }
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`
    for (const warning of settings.warnings) log.warn({}, warning)
    log.info({}, keptIn(settings))
    log.info({}, `listening on ${url}`)
    if (invitation !== null) firstAdministrator(auth, invitation, log, hint)
    let stopped: Promise<void> | null = null
    return {
      url,
      stop() {
        auth.relay.stopWaiting()
        stopped ??= server
          .stop(PATIENCE_MS)
          .then(() => auth.close())
          .then(() => apart?.stop(0))
        return stopped
      },
    }
  } catch (fault) {
    await auth.close().catch(() => {})
    throw settings.blame(fault)
  }
}

/** Pages first: they pass on what is not for them. Of a request is told which row of the table it was for, and nothing of its URL. */
export function answering(
  auth: Auth,
  log: Pick<ServerLog, 'debug'>,
  seen: ServerMetrics | null = null,
  token: string | null = null,
): Answering {
  const page = pages(auth, { under: ['', auth.setting.basePath] })
  return async (request, connection) => {
    if (seen && token !== null && isForMetrics(request)) return metricsAnswer(seen, token, request)
    const began = systemClock.monotonic()
    let [route, requestId] = ['none', '']
    const matched = (...found: [string, string]) => {
      ;[route, requestId] = found
    }
    const told = { ...connection, matched }
    const response = (await page(request, told)) ?? (await auth.handler(request, told))
    const ms = systemClock.monotonic() - began
    seen?.request(request.method, route, response.status, ms / 1000)
    log.debug({ requestId, method: request.method, route, status: response.status, ms: Math.round(ms) }, 'request')
    return response
  }
}

function isForMetrics({ url }: Request): boolean {
  return URL.parse(url)?.pathname === '/metrics'
}

/** On a port of its own; there the token is asked for as well, if there is one. */
function metricsServer(seen: ServerMetrics, { token }: MetricsSetting, auth: Auth): HttpServer {
  return httpServer(
    (request) => metricsAnswer(seen, token, request),
    (error) => auth.fault(error, 'serving metrics'),
  )
}

/** What an operator should be able to alarm on is a line of the log too (LG-06); the rest is in the audit log. */
function tell(
  { type, severity, outcome, actor, subject, session, source, requestId, reason, data }: AuthEvent,
  log: ServerLog,
): void {
  const level = severity === 'warning' ? 'warn' : severity === 'error' ? 'error' : 'debug'
  log[level]({ event: type, severity, outcome, actor, subject, session, source, requestId, reason, data }, 'event')
}

/** Whoever reads the log of a new installation may make its first administrator: the one secret that is ever written there. */
function firstAdministrator({ setting }: Auth, token: string, log: ServerLog, hint: string): void {
  const { baseUrl, basePath } = setting
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

function unavailable(fault: NodeJS.ErrnoException, port: number, host: string, variable = 'PORT'): unknown {
  if (fault.code === 'EADDRINUSE') {
    return new ConfigurationError(`port ${port} is in use: stop what listens there, or set ${variable} to another`, {
      cause: fault,
    })
  }
  if (fault.code === 'EACCES') {
    return new ConfigurationError(`this process may not listen on port ${port}: set ${variable} to 1024 or higher`, {
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
