import type { Carrier } from '../carrier.ts'

/** No token is longer. Characters. */
const MAX_TOKEN = 16_384

/**
 * What would bring this token with a request; null for a text that no header could hold as one token. Whoever has a token as
 * a text, and not as the credential of a request, gets it judged through the same door.
 */
export function carrying(token: string): Carrier | null {
  if (token.length > MAX_TOKEN || !/^[!-~]+$/.test(token)) return null
  const authorization = `Bearer ${token}`
  return { get: (name) => (name.toLowerCase() === 'authorization' ? authorization : null) }
}
