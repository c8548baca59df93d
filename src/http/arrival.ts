import type { Connection } from '../auth.ts'
import type { RequestContext } from '../carrier.ts'
import { randomText } from '../crypto.ts'
import { clientSource, type TrustedProxies } from '../wire/source.ts'
import { safeText } from '../wire/text.ts'

/** No more of a `User-Agent` is taken over, characters. */
const MAX_USER_AGENT = 512

/** Nor of `Accept-Language`. */
const MAX_LANGUAGES = 200

const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/

/** For an address that is none: its path is that of no row. */
const NOWHERE = new URL('none:')

/** A request as it came in, and what is known of where it came from. */
export type Arrival = {
  readonly request: Request
  readonly url: URL
  readonly requestId: string
  readonly context: RequestContext
  /** How the client reached the outermost proxy that is believed, or this server. */
  readonly proto: 'http' | 'https'
}

/** Reads a request's origin once. Forwarding headers, and the id of the request, are believed from trusted proxies only. */
export function arrival(request: Request, connection: Connection, trusted: TrustedProxies): Arrival {
  const { headers } = request
  const source = clientSource(
    {
      remote: connection.remote,
      forwardedFor: headers.get('x-forwarded-for'),
      forwardedProto: headers.get('x-forwarded-proto'),
    },
    trusted,
  )
  const requestId = requestIdOf(headers.get('x-request-id'), connection, trusted)
  const url = URL.parse(request.url) ?? NOWHERE
  const userAgent = headers.get('user-agent')
  const languages = headers.get('accept-language')
  const context: RequestContext = {
    requestId,
    ...(source.ip !== null && { source: source.ip }),
    ...(userAgent !== null && { userAgent: safeText(userAgent, MAX_USER_AGENT) }),
    ...(languages !== null && { languages: safeText(languages, MAX_LANGUAGES) }),
  }
  const proto = source.proto ?? (url.protocol === 'https:' ? 'https' : 'http')
  return { request, url, requestId, context, proto }
}

function requestIdOf(given: string | null, { remote }: Connection, trusted: TrustedProxies): string {
  if (given !== null && REQUEST_ID.test(given) && isTrusted(remote, trusted)) return given
  return randomText(12)
}

/** A peer whose word on the protocol counts is a trusted one. */
function isTrusted(remote: string | undefined, trusted: TrustedProxies): boolean {
  return clientSource({ remote, forwardedProto: 'https' }, trusted).proto !== null
}
