import { ok, type Result, refused } from '../result.ts'

/** Characters. Node’s own limit for all headers is 16 KiB; a runtime without one is held to the same. */
const MAX_URL = 8192
const MAX_HEADERS = 16_384

/** Whether address and headers are of a size somebody means. */
export function sized(request: Request): Result<null> {
  if (request.url.length > MAX_URL) return refused({ code: 'uri_too_long' })
  let total = 0
  for (const [name, value] of request.headers) total += name.length + value.length + 4
  return total > MAX_HEADERS ? refused({ code: 'headers_too_large' }) : ok(null)
}
