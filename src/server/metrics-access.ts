import { ConfigurationError } from '../index.ts'
import type { ServerMetrics } from './metrics.ts'
import { earlyAnswer, NOT_FOUND, UNAUTHENTICATED } from './problem.ts'

/** Where `/metrics` is served: on a port of its own, or beside everything else for whoever shows the token. */
export type MetricsSetting = { readonly port: number | null; readonly token: string | null }

/** A port that nobody outside should reach may do without a token; a token alone is guessed at from everywhere. */
const LEAST = 24

/**
 * Null where nobody asked for it.
 * @throws ConfigurationError for a token that can be guessed, or the port of the server itself
 */
export function checkedMetrics(
  { port, token }: { readonly port?: number; readonly token?: string } = {},
  taken: number,
): MetricsSetting | null {
  if (port === undefined && token === undefined) return null
  if (port !== undefined && (!Number.isInteger(port) || port < 1 || port > 65_535)) {
    throw new ConfigurationError(`METRICS_PORT is ${JSON.stringify(port)}: write a number from 1 to 65535`)
  }
  if (port === taken) {
    throw new ConfigurationError(
      'METRICS_PORT is the port of the server itself: write another, or METRICS_TOKEN instead',
    )
  }
  if (token !== undefined && (typeof token !== 'string' || token.length < LEAST)) {
    throw new ConfigurationError(
      `METRICS_TOKEN is shorter than ${LEAST} characters: write one made by: node -p "crypto.randomBytes(24).toString('base64url')"`,
    )
  }
  return { port: port ?? null, token: token ?? null }
}

/** Answers a request for `/metrics`; anything else, and whoever lacks the token, is refused. */
export async function metricsAnswer(metrics: ServerMetrics, token: string | null, request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  if (pathname !== '/metrics' || (request.method !== 'GET' && request.method !== 'HEAD')) return refusal(NOT_FOUND)
  if (token !== null && !(await isSame(request.headers.get('authorization') ?? '', `Bearer ${token}`))) {
    return refusal(UNAUTHENTICATED, { 'WWW-Authenticate': 'Bearer realm="metrics"' })
  }
  const { body, type } = await metrics.text()
  const headers = { 'Content-Type': type, 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' }
  return new Response(request.method === 'HEAD' ? null : body, { headers })
}

function refusal(problem: Parameters<typeof earlyAnswer>[0], more: Readonly<Record<string, string>> = {}): Response {
  const { headers, body } = earlyAnswer(problem)
  return new Response(body, { status: problem.status, headers: { ...headers, ...more } })
}

/** Compares digests, so that how long it takes tells nothing of either text. */
async function isSame(given: string, wanted: string): Promise<boolean> {
  const digest = async (text: string) =>
    new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  const [left, right] = await Promise.all([digest(given), digest(wanted)])
  return left.every((byte, i) => byte === right[i])
}
