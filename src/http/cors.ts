import type { Setting } from '../auth.ts'
import type { Match } from './match.ts'
import type { Answer } from './route.ts'

/** Seconds a browser may remember the answer to a preflight. */
const MAX_AGE = 600

/** What scripts of listed origins may send, and what they may read, beyond what every origin may. */
const MAY_SEND = 'Authorization, Content-Type, X-CSRF-Token'
const MAY_READ = 'Retry-After, WWW-Authenticate, X-Request-Id'

/** For listed origins only, each by its own name; others get nothing, and caches know that it depends (CS-07). */
export function corsHeaders({ corsOrigins }: Setting, request: Request): Readonly<Record<string, string>> {
  if (corsOrigins.size === 0) return {}
  const origin = request.headers.get('origin')
  if (origin === null || !corsOrigins.has(origin)) return { Vary: 'Origin' }
  return {
    Vary: 'Origin',
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Credentials': 'true',
    'Access-Control-Expose-Headers': MAY_READ,
  }
}

/** The answer to OPTIONS: what the path can do, and to a preflight of a listed origin what it may. No session is looked at. */
export function options({ corsOrigins }: Setting, request: Request, match: Match): Answer {
  const allow = allowed(match)
  const origin = request.headers.get('origin')
  const preflight = request.headers.has('access-control-request-method')
  if (!preflight || origin === null || !corsOrigins.has(origin)) return { status: 204, headers: { Allow: allow } }
  return {
    status: 204,
    headers: {
      Allow: allow,
      'Access-Control-Allow-Methods': allow,
      'Access-Control-Allow-Headers': MAY_SEND,
      'Access-Control-Max-Age': String(MAX_AGE),
    },
  }
}

/** For `Allow`. */
export function allowed({ routes }: Match): string {
  const methods = [...routes.keys()]
  return [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ')
}
