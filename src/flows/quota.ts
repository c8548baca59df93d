import type { Clock } from '../clock.ts'
import { type MacKey, mac } from '../crypto.ts'
import { milliseconds } from '../duration.ts'
import { ConfigurationError, type Refusal } from '../errors.ts'
import type { ThrottleOptions } from '../options/guessing.ts'
import type { Counters, ThrottleRule } from '../store.ts'
import { sourceKey } from '../wire/source.ts'

/**
 * Bounds what strangers can have sent: so many requests from one source, which are refused beyond that, and so many messages to
 * one address, which are dropped without a word, since anything else would tell (RC-03). Counted in the store, for all nodes.
 */
export function quota(counters: Counters, clock: Clock, key: MacKey, options: ThrottleOptions['mail'] = {}) {
  const window = milliseconds(options.window ?? '1h', 'throttle.mail.window')
  const rule = (option: 'perAddress' | 'perSource', usual: number): ThrottleRule => {
    const free = options[option] ?? usual
    if (Number.isInteger(free) && free >= 1) return { free, delay: window, cap: window, window }
    throw new ConfigurationError(`throttle.mail.${option} is ${free}: write a whole number of at least 1`)
  }
  const [address, source] = [rule('perAddress', 5), rule('perSource', 50)]

  /** Milliseconds until there is another; null when this one is granted. */
  async function taken(name: string, rule: ThrottleRule): Promise<number | null> {
    const now = clock.now()
    const reservation = await counters.reserve(name, rule, now)
    if (reservation.verdict === 'no') return reservation.retryAt - now
    if (reservation.verdict === 'wait') return 1000
    await counters.resolve(name, 'failed', rule, now)
    return null
  }

  return {
    /** A refusal when too much was asked for from there. */
    async bySource(from: string | undefined): Promise<Refusal | null> {
      if (from === undefined) return null
      const wait = await taken(`mail from:${sourceKey(from)}`, source)
      return wait === null ? null : { code: 'throttled', retryAfter: Math.max(1, Math.ceil(wait / 1000)) }
    },

    /** Whether another message may go to the address under this key. */
    async toAddress(email: string): Promise<boolean> {
      return (await taken(`mail to:${mac(key, email)}`, address)) === null
    },

    /** Whether this is the first time since long that the name was met; of any number of callers at once for one. */
    async isFirst(...names: readonly string[]): Promise<boolean> {
      const rule: ThrottleRule = { free: Number.MAX_SAFE_INTEGER, delay: 1, cap: 1, window: YEAR_MS }
      return (await counters.resolve(`first:${mac(key, JSON.stringify(names))}`, 'failed', rule, clock.now())) === 1
    },
  }
}

export type Quota = ReturnType<typeof quota>

const YEAR_MS = 365 * 86_400_000
