import type { Auth } from '../auth.ts'
import type { Fields } from '../user.ts'
import type { Reading } from './asked.ts'
import { connectGate, type Gate } from './connect.ts'
import type { GateOptions } from './gate.ts'
import { withoutQuery } from './mount.ts'
import { ofNode } from './node.ts'
import { type Incoming, pathOf } from './request.ts'

/** What Express adds to a request: where the router is mounted, and the route it runs. */
type Routed = Incoming & { readonly baseUrl?: string; readonly route?: { readonly path?: unknown } }

/** `url` is what the router goes by, also after a middleware has rewritten it; `originalUrl` is where the client is. */
const ofExpress: Reading<Routed> = {
  ...ofNode,
  paths({ baseUrl = '', url = '/', route }) {
    const path = baseUrl + withoutQuery(pathOf(url) ?? url)
    const patterns = [route?.path].flat().filter((pattern) => typeof pattern === 'string')
    return [path, ...patterns.map((pattern) => baseUrl + pattern)]
  },
}

/** The gate of an Express application, 4 or 5. `handler` belongs to the application itself, not below a path. */
export function gate<UF extends Fields, SF extends Fields>(
  auth: Auth<UF, SF>,
  options: GateOptions = {},
): Gate<UF, SF> {
  return connectGate(auth, ofExpress, options)
}
