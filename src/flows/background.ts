import type { Clock } from '../clock.ts'

/** Pieces of work that wait at most, and how many are done at once. */
const MOST = 1000
const AT_ONCE = 4

/** How long work waits before it begins, milliseconds: until the answer of the request that left it behind has gone out. */
const START_MS = 20

type Job = () => Promise<void>

/**
 * Work that a request leaves behind, so that its answer takes as long whether or not there is anything to do (RC-03, TH-09).
 * In this process, bounded; what is under way when it ends is lost.
 */
export function background(clock: Clock, onFault: (fault: unknown, doing: string) => void) {
  const waiting: { readonly doing: string; readonly job: Job }[] = []
  const running = new Set<Promise<void>>()
  let started = false

  function begin(): void {
    started = false
    while (running.size < AT_ONCE) {
      const next = waiting.shift()
      if (!next) return
      const done = next
        .job()
        .catch((fault) => onFault(fault, next.doing))
        .finally(() => {
          running.delete(done)
          begin()
        })
      running.add(done)
    }
  }

  return {
    /** False when there is too much already; the work is not done then. */
    add(doing: string, job: Job): boolean {
      if (waiting.length >= MOST) return false
      waiting.push({ doing, job })
      if (!started) {
        started = true
        clock.after(START_MS, begin)
      }
      return true
    },

    /** Does at once what waits, and resolves when it is done. */
    async finish(): Promise<void> {
      begin()
      while (running.size > 0) await Promise.race(running)
    },
  }
}
