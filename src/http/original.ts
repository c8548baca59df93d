import type { Carrier } from '../carrier.ts'
import { ok, type Result, refused } from '../result.ts'

/** Methods that change nothing (RFC 9110 section 9.2.1). */
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Where gateways say what they were asked: Traefik and Caddy in the first, ingress controllers in the others. */
const METHODS = ['x-forwarded-method', 'x-original-method']
const TARGETS = ['x-forwarded-uri', 'x-original-uri', 'x-original-url']

/** A browser that opens a WebSocket sends cookies to anywhere (CS-08); on the way to a gateway's question `Upgrade` may get lost. */
const SOCKET = ['upgrade', 'sec-websocket-key', 'sec-websocket-version']

/** Scheme and host, as ingress controllers write them in front. */
const ORIGIN = /^https?:\/\/[^/?#\s]+/i
const TARGET = /^\/[\x21-\x7e]*$/

/**
 * Whether the request a gateway asks about may change something. What says so in any way is believed, whoever says it, and what
 * says otherwise only where nothing speaks against it: no client can have its request taken for a safer one (CS-06).
 */
export function isUnsafeOriginal(method: string, carrier: Carrier): boolean {
  const stated = METHODS.map((name) => carrier.get(name) ?? null).filter((one) => one !== null)
  return (
    [method, ...stated].some((one) => !SAFE.has(one)) || SOCKET.some((name) => (carrier.get(name) ?? null) !== null)
  )
}

/**
 * Path and query of that request, in every way in which they are stated. More than one is more than the gateway said: a client
 * added what it may, and all of them count. Refused when one is none, or stands there twice.
 */
export function statedTargets(carrier: Carrier): Result<readonly string[]> {
  const stated = TARGETS.map((name) => carrier.get(name) ?? null).filter((one) => one !== null)
  const targets = stated.map((one) => one.replace(ORIGIN, '') || '/')
  if (targets.every((one) => TARGET.test(one))) return ok(targets)
  return refused({ code: 'invalid_request', detail: 'The address of the original request is not well formed' })
}
