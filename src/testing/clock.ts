import type { Clock } from '../clock.ts'

/** A clock that stands still until it is told to move. */
export type ManualClock = Clock & {
  /**
   * Moves wall and monotonic time on together. Every timer that falls due on the way runs at exactly its time, in the
   * order of their times; what it started is given a few turns of the event loop before time goes on, so a chain of
   * timers is walked through as it would be in real time. Waits for no real I/O. Calls made meanwhile queue up.
   * Rejects with what a timer threw; time then stands at that timer.
   */
  advance(ms: number): Promise<void>
  /** Sets the wall clock forward, or back with a negative number, as an operator or NTP would. No timer notices. */
  step(ms: number): void
  /** The machine sleeps: the wall clock has moved on, the monotonic clock and its timers have not. */
  suspend(ms: number): void
}

type Timer = { readonly at: number; readonly number: number; readonly run: () => void }

const START = 1_800_000_000_000
/** Far from zero and from wall time, so that taking one clock for the other shows. */
const ORIGIN = 7_000

/** A clock for tests. `start` is the wall time it begins at, milliseconds since the epoch. */
export function manualClock(start: number = START): ManualClock {
  const timers = new Set<Timer>()
  let wall = start
  let ticks = ORIGIN
  let count = 0
  let queue: Promise<void> = Promise.resolve()

  function move(to: number) {
    wall += to - ticks
    ticks = to
  }

  async function walk(ms: number): Promise<void> {
    await settle()
    const target = ticks + ms
    for (let next = earliest(timers, target); next; next = earliest(timers, target)) {
      timers.delete(next)
      move(next.at)
      next.run()
      await settle()
    }
    move(target)
    await settle()
  }

  return {
    now: () => wall,
    monotonic: () => ticks,
    after(ms, run) {
      count += 1
      const timer = { at: ticks + Math.max(0, ms), number: count, run }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    advance(ms) {
      if (!(ms >= 0))
        return Promise.reject(new RangeError('advance() moves forward: use step() to set the wall clock back'))
      const walked = queue.then(() => walk(ms))
      queue = walked.catch(() => {})
      return walked
    },
    step(ms) {
      wall += ms
    },
    suspend(ms) {
      if (!(ms >= 0))
        throw new RangeError('suspend() takes the length of the sleep: use step() to set the wall clock back')
      wall += ms
    },
  }
}

function earliest(timers: ReadonlySet<Timer>, until: number): Timer | null {
  let found: Timer | null = null
  for (const timer of timers) {
    if (timer.at > until) continue
    if (!found || timer.at < found.at || (timer.at === found.at && timer.number < found.number)) found = timer
  }
  return found
}

/** Lets promises, and work that hops over the event loop a few times, run as far as they can without real time. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve))
}
