import type { IncomingMessage } from 'node:http'
import type { Carrier } from '../carrier.ts'

/**
 * The headers of a `node:http` request, as they came. `incoming.headers` would drop a second `Authorization` where the
 * guard has to see and refuse it (JW-23), and costs more to build than the decision that reads two of them.
 */
export function headersOf(incoming: Pick<IncomingMessage, 'rawHeaders'>): Carrier {
  const { rawHeaders } = incoming
  return {
    get(name) {
      let found: string | null = null
      for (let i = 0; i < rawHeaders.length; i += 2) {
        const given = rawHeaders[i] as string
        if (given.length !== name.length || given.toLowerCase() !== name.toLowerCase()) continue
        const value = rawHeaders[i + 1] as string
        // Cookie lines belong together with a semicolon (RFC 9113 section 8.2.3), all others with a comma (RFC 9110 section 5.3).
        found = found === null ? value : `${found}${name.toLowerCase() === 'cookie' ? '; ' : ', '}${value}`
      }
      return found
    },
  }
}
