/**
 * The only source of time. Every deadline of the house is judged by a clock handed in, so a test can walk
 * through 30 days in a millisecond and a simulation can let clocks drift and step.
 */
export interface Clock {
  /** Wall time, integer milliseconds since the epoch. May step in either direction. */
  now(): number
  /** Monotonic time, milliseconds from an arbitrary origin. Never steps back; may stand still while the machine is suspended. */
  monotonic(): number
  /** Calls `run` once, `ms` from now on the monotonic clock, without keeping the process alive. Returns the cancellation. */
  after(ms: number, run: () => void): () => void
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: Date.now,
  monotonic: performance.now.bind(performance),
  after(ms, run) {
    const timer = setTimeout(run, Math.min(ms, 2_147_483_647))
    timer.unref?.()
    return () => clearTimeout(timer)
  },
}

/** Resolves after `ms` on the given clock. */
export function sleep(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => clock.after(ms, resolve))
}

/** A moment as RFC 3339 has it, in UTC: for formats that want text. */
export function isoTime(at: number): string {
  return new Date(at).toISOString()
}
