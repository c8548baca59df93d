import type { Auth } from '../auth.ts'
import type { Fields } from '../user.ts'
import type { Reading } from './asked.ts'
import { connectGate, type Gate } from './connect.ts'
import type { GateOptions } from './gate.ts'
import { headersOf } from './headers.ts'
import { withoutQuery } from './mount.ts'
import { type Incoming, pathOf } from './request.ts'

/** How requests of `node:http` are read, where nobody has routed them yet. */
export const ofNode: Reading<Incoming> = {
  carrier: headersOf,
  method: ({ method = 'GET' }) => method,
  remote: ({ socket }) => socket.remoteAddress,
  upgrades: ({ upgrade }) => Boolean(upgrade),
  takesCookies: ({ upgrade }) => !upgrade,
  paths({ url = '/', originalUrl = url }) {
    // Below where a router is mounted `url` is the rest; what was put in its place is where the request goes.
    const path = originalUrl.endsWith(url) ? originalUrl : url
    return [withoutQuery(pathOf(path) ?? path)]
  },
  target: ({ url = '/', originalUrl = url }) => originalUrl,
  secure: ({ socket }) => (socket as { readonly encrypted?: boolean }).encrypted === true,
}

/**
 * The gate of a `node:http` server, or of anything that hands on `(request, response, next)`.
 *
 * Sections of the policy are judged by the path of `request.url`; where routes are found by something else, name the
 * section: `protect(section('/billing'))`.
 */
export function gate<UF extends Fields, SF extends Fields>(
  auth: Auth<UF, SF>,
  options: GateOptions = {},
): Gate<UF, SF> {
  return connectGate(auth, ofNode, options)
}
