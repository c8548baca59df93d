import type { BreachedOptions, BreachedRange } from '../../checks.ts'
import type { Clock } from '../../clock.ts'
import { sha1 } from '../../crypto.ts'
import { milliseconds } from '../../duration.ts'
import { ConfigurationError, type Refusal } from '../../errors.ts'
import { within } from '../../view/within.ts'
import { fieldRefusal, passwordText } from './text.ts'

/**
 * Whether a password is in a published breach (PW-07, ASVS 6.2.12). `unknown`: the source did not say; `fault` is for the
 * operator's log. `refusal` is what the caller answers, null to go on.
 */
export type Breach =
  | { readonly found: 'no'; readonly refusal: null }
  | { readonly found: 'yes'; readonly refusal: Refusal }
  | { readonly found: 'unknown'; readonly fault: unknown; readonly refusal: Refusal | null }

/** Asks about a new password. Never throws. */
export type BreachCheck = (password: string, path: string) => Promise<Breach>

/** How many hex digits of the hash leave the process; about a thousand passwords share them. */
const PREFIX = 5

/** A range is some 30 KB, and the published ones grow by the month. */
const KEPT_MS = 86_400_000

const NO: Breach = { found: 'no', refusal: null }

/**
 * Null when no source is configured.
 * @throws ConfigurationError for options that mean nothing
 */
export function breachCheck(given: BreachedRange | BreachedOptions | undefined, clock: Clock): BreachCheck | null {
  if (given === undefined) return null
  const options: BreachedOptions = typeof given === 'function' ? { range: given } : given
  if (typeof options.range !== 'function') {
    throw new ConfigurationError('password.breached has no source: write password: { breached: haveIBeenPwned() }')
  }
  const { range, onFault = 'allow', cache = 100 } = options
  if (onFault !== 'allow' && onFault !== 'refuse') {
    throw new ConfigurationError(`password.breached.onFault is '${onFault}': write 'allow' or 'refuse'`)
  }
  if (!Number.isInteger(cache) || cache < 0) {
    throw new ConfigurationError(`password.breached.cache is ${cache}: write how many ranges are kept, such as 100`)
  }
  const patience = milliseconds(options.patience ?? '2s', 'password.breached.patience')
  const kept = new Map<string, { readonly suffixes: ReadonlySet<string>; readonly until: number }>()

  async function suffixesOf(prefix: string): Promise<ReadonlySet<string>> {
    const known = kept.get(prefix)
    if (known && clock.now() < known.until) return known.suffixes
    const suffixes = listed(await within(clock, patience, Promise.resolve(range(prefix))))
    kept.delete(prefix)
    if (cache > 0) kept.set(prefix, { suffixes, until: clock.now() + KEPT_MS })
    const [oldest] = kept.keys()
    if (kept.size > cache && oldest !== undefined) kept.delete(oldest)
    return suffixes
  }

  return async (password, path) => {
    const text = passwordText(password, path)
    if (!text.ok) return { found: 'yes', refusal: text.refusal }
    const hash = sha1(text.value).toUpperCase()
    try {
      const suffixes = await suffixesOf(hash.slice(0, PREFIX))
      if (!suffixes.has(hash.slice(PREFIX))) return NO
      return { found: 'yes', refusal: fieldRefusal('password_breached', path, 'is known from a breach elsewhere') }
    } catch (fault) {
      return { found: 'unknown', fault, refusal: onFault === 'allow' ? null : { code: 'unavailable', retryAfter: 5 } }
    }
  }
}

/**
 * The suffixes of an answer: lines of 35 hex digits, a colon and how often it was seen. Lines seen 0 times are padding, which
 * is there so that the length of an answer does not tell which range it was. @throws when it is no such answer.
 */
function listed(answer: string): ReadonlySet<string> {
  const found = new Set<string>()
  for (const line of answer.split(/\r?\n/)) {
    if (line.trim() === '') continue
    const [, suffix, count] = /^([0-9A-Fa-f]{35}):(\d+)$/.exec(line.trim()) ?? []
    if (suffix === undefined) throw new Error('the source of breached passwords answered something else than a range')
    if (Number(count) > 0) found.add(suffix.toUpperCase())
  }
  return found
}
