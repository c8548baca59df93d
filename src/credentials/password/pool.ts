import { availableParallelism } from 'node:os'
import { ConfigurationError } from '../../errors.ts'
import { ok, type Result, refused } from '../../result.ts'

/**
 * A bounded place for costly work. Memory and threads are spent on at most `concurrency` jobs, at most `queue` more
 * wait in order of arrival, and whatever comes on top is refused before it has cost anything (TH-10).
 */
export interface HashingPool {
  /**
   * Runs the job when its turn comes and answers what it answers; what it throws is thrown here.
   * Refusal: `overloaded` with `retryAfter` when the queue is full; the job was not started then.
   */
  run<T>(job: () => Promise<T>): Promise<Result<T>>
  /** Jobs that run, jobs that wait, and those that were refused since it began. */
  load(): PoolLoad
}

export type PoolLoad = { readonly running: number; readonly waiting: number; readonly refused: number }

export type PoolOptions = {
  /** Jobs at once. By default eight for each core. */
  readonly concurrency?: number | undefined
  /** Jobs that may wait. 64 by default. */
  readonly queue?: number | undefined
}

const QUEUE = 64

/** Asked once: the system reads files to answer that. */
const CORES = availableParallelism()

/** What a hash costs about, seconds: from this the answer says when a full queue will have drained. */
const NOMINAL_COST = 0.05

/** @throws ConfigurationError when a bound is not a whole number in its range. */
export function hashingPool(options: PoolOptions = {}): HashingPool {
  const concurrency = whole('password.concurrency', options.concurrency, 1, 1024) ?? defaultConcurrency()
  const queue = whole('password.queue', options.queue, 0, 100_000) ?? QUEUE
  const retryAfter = Math.max(1, Math.ceil(((queue + concurrency) / Math.min(concurrency, CORES)) * NOMINAL_COST))
  const waiting = new Set<() => void>()
  let running = 0
  let turnedAway = 0

  const leave = () => {
    const [next] = waiting
    if (!next) {
      running -= 1
      return
    }
    waiting.delete(next)
    next()
  }

  return {
    load: () => ({ running, waiting: waiting.size, refused: turnedAway }),
    async run(job) {
      if (running < concurrency) running += 1
      else if (waiting.size < queue) await new Promise<void>((turn) => waiting.add(turn))
      else {
        turnedAway += 1
        return refused({ code: 'overloaded', retryAfter })
      }
      try {
        return ok(await job())
      } finally {
        leave()
      }
    },
  }
}

/** One runs and seven wait at each thread: none is idle while what has been checked is written down, and several are told of at once. */
function defaultConcurrency(): number {
  return CORES * 8
}

function whole(option: string, value: number | undefined, least: number, most: number): number | undefined {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return value
  throw new ConfigurationError(`${option} is ${value}: write a whole number from ${least} to ${most}`)
}
