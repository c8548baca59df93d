import type { Clock } from '../clock.ts'
import { StoreUnavailable } from '../errors.ts'

/**
 * The answer, or `StoreUnavailable` when there is none after `ms`. Stores bound their own waiting; this is for one that
 * does not, because a request that hangs is neither let in nor refused (P3). What is answered later is dropped.
 */
export function within<T>(clock: Clock, ms: number, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => reject(new StoreUnavailable('the store did not answer in time')))
    answer.then(resolve, reject).finally(cancel)
  })
}
