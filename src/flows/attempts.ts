import type { Clock } from '../clock.ts'
import { type MacKey, mac } from '../crypto.ts'
import { milliseconds } from '../duration.ts'
import { ConfigurationError, type Refusal } from '../errors.ts'
import type { ThrottleOptions } from '../options/guessing.ts'
import type { Counters, Reservation, ThrottleRule } from '../store.ts'
import { sourceKey } from '../wire/source.ts'

/** How long an attempt waits for others of the same account that are under way, milliseconds, and how often it asks. */
const WAIT_MS = 10_000
const ASK_EVERY_MS = 50

const DAY = 86_400_000

/** An attempt that may be made. It must be resolved, once. */
export type Attempt = {
  /** Failures of the account before this one. */
  readonly failures: number
  /** Failures of the source before this one, of any account. */
  readonly fromSource: number
  /** The guess was wrong. Answers the account's failures now. @param user the account, if there is one */
  failed(user?: string): Promise<number>
  /** The guess was right: the account's failures are forgotten, the source's stay. */
  succeeded(): Promise<void>
  /** No guess was made after all. */
  withdrawn(): Promise<void>
}

export type AttemptResult = { readonly attempt: Attempt } | { readonly refusal: Refusal }

/**
 * Slows guessing (TH rows) by account and by source. An attempt is reserved before any password is checked, so parallel
 * guesses cannot overrun the limit; rightful parallel sign-ins wait for each other instead of being refused. Counting is
 * by address typed, whether or not there is such an account, so that the delay tells nothing. Live sessions are never
 * looked at (TH-03).
 */
export function attempts(counters: Counters, clock: Clock, key: MacKey, options: ThrottleOptions) {
  const account: ThrottleRule = {
    free: options.free ?? 5,
    delay: milliseconds(options.delay ?? '1s', 'throttle.delay'),
    cap: milliseconds(options.cap ?? '15m', 'throttle.cap'),
    window: 365 * DAY,
  }
  const window = milliseconds(options.perSource?.window ?? '10m', 'throttle.perSource.window')
  const source: ThrottleRule = { free: options.perSource?.failures ?? 50, delay: window, cap: window, window }
  const disableAfter = options.disableAfter ?? 100
  if (!Number.isInteger(account.free) || account.free < 1 || account.free > disableAfter) {
    throw new ConfigurationError(`throttle.free is ${account.free}: write a whole number from 1 to ${disableAfter}`)
  }
  if (!Number.isInteger(disableAfter) || disableAfter < 1 || disableAfter > 100) {
    throw new ConfigurationError(`throttle.disableAfter is ${disableAfter}: write a whole number from 1 to 100`)
  }
  if (!Number.isInteger(source.free) || source.free < 1) {
    throw new ConfigurationError(`throttle.perSource.failures is ${source.free}: write a whole number of at least 1`)
  }
  const waiting = new Map<string, Set<() => void>>()

  function wakeOthers(name: string): void {
    const sleepers = waiting.get(name)
    waiting.delete(name)
    for (const wake of sleepers ?? []) wake()
  }

  /** Until another attempt under this name was resolved here, or a little later: it may have been elsewhere. */
  function turn(name: string): Promise<void> {
    return new Promise((resolve) => {
      const sleepers = waiting.get(name) ?? new Set()
      waiting.set(name, sleepers)
      const cancel = clock.after(ASK_EVERY_MS, wake)
      function wake() {
        cancel()
        sleepers.delete(wake)
        if (sleepers.size === 0 && waiting.get(name) === sleepers) waiting.delete(name)
        resolve()
      }
      sleepers.add(wake)
    })
  }

  async function reserve(name: string, rule: ThrottleRule): Promise<Exclude<Reservation, { verdict: 'wait' }> | null> {
    const until = clock.monotonic() + WAIT_MS
    while (clock.monotonic() < until) {
      const reservation = await counters.reserve(name, rule, clock.now())
      if (reservation.verdict !== 'wait') return reservation
      await turn(name)
    }
    return null
  }

  async function resolve(
    name: string,
    outcome: 'failed' | 'passed' | 'clear',
    rule: ThrottleRule,
    about?: string,
  ): Promise<number> {
    const failures = await counters.resolve(name, outcome, rule, clock.now(), about)
    wakeOthers(name)
    return failures
  }

  return {
    disableAfter,

    /** Asks leave for one guess at the password of the account under this address key. */
    async begin(email: string, from: string | undefined, now: number): Promise<AttemptResult> {
      const accountName = accountKey(key, email)
      const sourceName = from === undefined ? null : `source:${sourceKey(from)}`
      const [bySource, byAccount] = await Promise.all([
        sourceName === null ? GO : reserve(sourceName, source),
        reserve(accountName, account),
      ])
      if (bySource?.verdict === 'go' && byAccount?.verdict === 'go') {
        const both = async (ofAccount: 'failed' | 'passed' | 'clear', ofSource: 'failed' | 'passed', user?: string) => {
          const [failures] = await Promise.all([
            resolve(accountName, ofAccount, account, user),
            sourceName === null ? 0 : resolve(sourceName, ofSource, source),
          ])
          return failures
        }
        return {
          attempt: {
            failures: byAccount.failures,
            fromSource: bySource.failures,
            failed: (user) => both('failed', 'failed', user),
            succeeded: async () => void (await both('clear', 'passed')),
            withdrawn: async () => void (await both('passed', 'passed')),
          },
        }
      }
      if (bySource?.verdict === 'go' && sourceName !== null) await resolve(sourceName, 'passed', source)
      if (byAccount?.verdict === 'go') await resolve(accountName, 'passed', account)
      const retryAt = Math.max(...[bySource, byAccount].map((one) => (one?.verdict === 'no' ? one.retryAt : 0)))
      if (retryAt === 0) return { refusal: { code: 'overloaded', retryAfter: 1 } }
      return { refusal: { code: 'throttled', retryAfter: Math.max(1, Math.ceil((retryAt - now) / 1000)) } }
    },

    /** Forgets an account's failures: after recovery, or by an administrator. */
    clear: (email: string) => counters.remove(accountKey(key, email)),
  }
}

export type Attempts = ReturnType<typeof attempts>

const GO: Reservation = { verdict: 'go', failures: 0 }

/** What people type where an address belongs may be a password, so only a keyed hash of it is stored. */
function accountKey(key: MacKey, email: string): string {
  return `account:${mac(key, email)}`
}
