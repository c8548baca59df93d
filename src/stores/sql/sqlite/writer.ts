import { systemClock } from '../../../clock.ts'
import { StoreUnavailable } from '../../../errors.ts'
import type { Work } from '../driver.ts'
import type { Connection } from './connection.ts'
import { faultOf, isBusy } from './errors.ts'
import { backoff } from './patience.ts'

export type Writer = {
  write<T>(work: () => Work<T>): Promise<T>
  /** How many transactions it has committed. */
  commits(): number
  /** Resolves when everything that was submitted has been answered. */
  idle(): Promise<void>
}

type Job = {
  readonly since: number
  run(): unknown
  resolve(value: never): void
  reject(error: unknown): void
}
type Outcome = { readonly job: Job; readonly failed: boolean; readonly value: unknown }

/** What one transaction holds at most, so that the process is not blocked long: jobs, and milliseconds of them. */
const MOST_JOBS = 200
const MOST_MS = 10

/**
 * Group commit: what was submitted in one turn of the event loop shares a transaction and its one wait for the disk.
 * Each job is rolled back alone when it fails, and is answered only when the whole is committed.
 * @param committed called after a commit, with whether the feed got something.
 */
export function writer(connection: Connection, patience: number, committed: (announced: boolean) => void): Writer {
  let queue: Job[] = []
  const waiting: (() => void)[] = []
  let isScheduled = false
  let attempt = 0
  let commits = 0
  let announced = false
  const announce = () => {
    announced = true
  }

  function schedule(after: (run: () => void) => unknown) {
    if (isScheduled) return
    isScheduled = true
    after(() => {
      isScheduled = false
      flush()
    })
  }

  function flush() {
    try {
      connection.exec('BEGIN IMMEDIATE')
    } catch (error) {
      return isBusy(error) ? postpone(error) : fail(queue.splice(0), error)
    }
    attempt = 0
    announced = false
    const outcomes = carryOut()
    if (outcomes) commit(outcomes)
    if (queue.length > 0) schedule(setImmediate)
    else rest()
  }

  /** Null when SQLite has given up the transaction as a whole; those it held are rejected then. */
  function carryOut(): readonly Outcome[] | null {
    const outcomes: Outcome[] = []
    const end = systemClock.monotonic() + MOST_MS
    let taken = 0
    for (const job of queue) {
      if (taken >= MOST_JOBS || (taken > 0 && systemClock.monotonic() >= end)) break
      taken += 1
      try {
        outcomes.push(attemptAlone(job))
      } catch (error) {
        giveUp()
        fail(queue.splice(0, taken), error)
        return null
      }
    }
    queue.splice(0, taken)
    return outcomes
  }

  /** @throws when the transaction around it is gone. */
  function attemptAlone(job: Job): Outcome {
    connection.exec('SAVEPOINT job')
    try {
      const value = job.run()
      connection.exec('RELEASE job')
      return { job, failed: false, value }
    } catch (error) {
      if (!connection.isInside()) throw error
      connection.exec('ROLLBACK TO job')
      connection.exec('RELEASE job')
      return { job, failed: true, value: faultOf(error) }
    }
  }

  function commit(outcomes: readonly Outcome[]) {
    try {
      connection.exec('COMMIT')
    } catch (error) {
      giveUp()
      return fail(
        outcomes.map(({ job }) => job),
        error,
      )
    }
    commits += 1
    for (const { job, failed, value } of outcomes) {
      if (failed) job.reject(value)
      else job.resolve(value as never)
    }
    // Out of the way of the next transaction, whatever they do there.
    const told = announced
    queueMicrotask(() => committed(told))
  }

  function giveUp() {
    try {
      if (connection.isInside()) connection.exec('ROLLBACK')
    } catch {
      // The connection is unusable; the next BEGIN will say so.
    }
  }

  function postpone(error: unknown) {
    const now = systemClock.monotonic()
    fail(
      queue.filter((job) => now - job.since >= patience),
      error,
    )
    queue = queue.filter((job) => now - job.since < patience)
    if (queue.length === 0) return rest()
    const ms = backoff(attempt)
    attempt += 1
    schedule((run) => setTimeout(run, ms))
  }

  function fail(jobs: readonly Job[], error: unknown) {
    const said = faultOf(error)
    const fault =
      said instanceof StoreUnavailable ? said : new StoreUnavailable('the SQLite database failed', { cause: error })
    for (const job of jobs) job.reject(fault)
    if (queue.length === 0) rest()
  }

  function rest() {
    for (const resolve of waiting.splice(0)) resolve()
  }

  return {
    write<T>(work: () => Work<T>) {
      return new Promise<T>((resolve, reject) => {
        const run = () => connection.carryOut(work(), announce)
        queue.push({ since: systemClock.monotonic(), run, resolve: resolve as Job['resolve'], reject })
        schedule(setImmediate)
      })
    },
    commits: () => commits,
    idle: () => (queue.length === 0 ? Promise.resolve() : new Promise((resolve) => void waiting.push(resolve))),
  }
}
