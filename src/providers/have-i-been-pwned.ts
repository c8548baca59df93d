import type { BreachedRange } from '../checks.ts'

/** Longer than any answer, characters: with padding they have some 40,000. */
const LONGEST = 200_000

/** A request that nobody waits for any more is broken off, milliseconds. The library waits for less by default. */
const PATIENCE_MS = 10_000

/**
 * The range interface of Have I Been Pwned (or a copy of it): it learns five of the forty digits of a SHA-1 and the address of
 * this server, and nothing of whose password it is. `Add-Padding` makes answers of about one length, so that an onlooker
 * cannot tell ranges apart by it.
 *
 * `createAuth({ password: { breached: haveIBeenPwned() } })`
 * @param url of the range interface, with a slash at its end
 */
export function haveIBeenPwned({
  url = 'https://api.pwnedpasswords.com/range/',
}: {
  url?: string
} = {}): BreachedRange {
  return async (prefix) => {
    const response = await fetch(new URL(prefix, url), {
      headers: { 'Add-Padding': 'true', 'User-Agent': 'sallyport' },
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    const text = await response.text()
    if (response.status !== 200 || text.length > LONGEST) {
      throw new Error(`the source of breached passwords answered ${response.status}`)
    }
    return text
  }
}
