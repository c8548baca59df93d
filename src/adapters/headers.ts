import type { IncomingMessage } from 'node:http'
import type { Carrier } from '../carrier.ts'

/**
 * The headers of a `node:http` request, as they came. `incoming.headers` would drop a second `Authorization` where the
 * guard has to see and refuse it (JW-23), and costs more to build than the decision that reads three of them. Those are
 * found in one walk.
 */
export function headersOf({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>): Carrier {
  let authorization: string | null = null
  let cookie: string | null = null
  let userAgent: string | null = null
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string
    switch (name.length) {
      case 6:
        if (is(name, 'cookie')) cookie = joined(cookie, '; ', rawHeaders[i + 1] as string)
        break
      case 10:
        if (is(name, 'user-agent')) userAgent = joined(userAgent, ', ', rawHeaders[i + 1] as string)
        break
      case 13:
        if (is(name, 'authorization')) authorization = joined(authorization, ', ', rawHeaders[i + 1] as string)
        break
    }
  }
  return {
    get(name) {
      switch (name) {
        case 'authorization':
          return authorization
        case 'cookie':
          return cookie
        case 'user-agent':
          return userAgent
        default:
          return searched(rawHeaders, name.toLowerCase())
      }
    },
  }
}

function searched(rawHeaders: readonly string[], name: string): string | null {
  let found: string | null = null
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const given = rawHeaders[i] as string
    if (given.length !== name.length || given.toLowerCase() !== name) continue
    found = joined(found, name === 'cookie' ? '; ' : ', ', rawHeaders[i + 1] as string)
  }
  return found
}

/** Cookie lines belong together with a semicolon (RFC 9113 section 8.2.3), all others with a comma (RFC 9110 section 5.3). */
function joined(found: string | null, by: string, value: string): string {
  return found === null ? value : found + by + value
}

/** Whether a name of the same length, of the characters a name is made of, is this one of small letters and hyphens. */
function is(given: string, name: string): boolean {
  for (let i = 0; i < name.length; i++) if ((given.charCodeAt(i) | 0x20) !== name.charCodeAt(i)) return false
  return true
}
