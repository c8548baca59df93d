import { systemClock } from '../../../clock.ts'
import { faultOf, isBusy } from './errors.ts'

/**
 * How long to wait before the next attempt to get a lock that others want too, in milliseconds. Nobody's secret depends
 * on it: that it differs from process to process and from time to time is enough to keep them from walking in step.
 */
export function backoff(attempt: number): number {
  return Math.min(16, 2 ** Math.min(attempt, 4)) + ((process.pid + attempt * 7) % 11)
}

/**
 * Tries again while another process has the lock, up to `patience` milliseconds, without blocking this one. `fault`
 * makes what is thrown of what SQLite threw.
 */
export async function patiently<T>(
  patience: number,
  step: () => T,
  fault: (error: unknown) => unknown = faultOf,
): Promise<T> {
  const since = systemClock.monotonic()
  for (let attempt = 0; ; attempt += 1) {
    try {
      return step()
    } catch (error) {
      if (!isBusy(error) || systemClock.monotonic() - since >= patience) throw fault(error)
    }
    await pause(backoff(attempt))
  }
}

/** Keeps the process alive, unlike the clock's timers: whoever waits for a write wants it done. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
