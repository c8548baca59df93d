import type { Clock } from '../../src/clock.ts'
import type { Agenda } from './agenda.ts'
import type { Random } from './random.ts'

/** Wall time at the beginning. */
const START = 1_800_000_000_000

/** How far a wall clock may be off, milliseconds: two of them differ by less than the 30 s within which tokens are not from the future. */
export const MOST_OFF = 14_000

/** A pause within which one of the two clocks is right: the length of a lease, and some. */
const APART = 3500

/** How fast the two clocks of a machine run, and how far its wall clock is off at the beginning. */
export type Clockwork = {
  readonly rate: number
  readonly wallRate: number
  readonly off: number
}

/**
 * `stopped`: its processes stand still (SIGSTOP, a long collection of garbage) and both clocks go on. `suspended`: the whole
 * machine sleeps, and its monotonic clock with it.
 */
export type Pause = 'stopped' | 'suspended'

/** A process on a machine. What reaches it while it is paused reaches it afterwards; what reaches it dead is gone. */
export type Process = {
  readonly name: string
  readonly clock: Clock
  alive(): boolean
  deliver(run: () => void): void
  die(): void
}

export type Machine = {
  readonly name: string
  readonly rate: number
  process(name: string): Process
  paused(): boolean
  /** How long it has gone on without a pause. */
  awakeSince(): number
  pause(kind: Pause): void
  resume(): void
  /** Sets the wall clock, as NTP or an operator would. */
  step(ms: number): void
  monotonic(): number
  wall(): number
}

/** A computer with clocks of its own. Clocks are wrong within limits (README): at any time one of the two is right. */
export function machine(name: string, agenda: Agenda, chance: Random, work: Clockwork): Machine {
  const origin = chance.between(1000, 100_000)
  const held: { process: Process; run: () => void }[] = []
  let frozen = 0
  let paused: { readonly kind: Pause; readonly since: number } | null = null
  let off = work.off
  let awake = 0
  let steppedBack = Number.NEGATIVE_INFINITY
  let slept = Number.NEGATIVE_INFINITY

  const monotonic = () => origin + work.rate * (agenda.now() - frozen)
  const wall = () => Math.floor(START + work.wallRate * agenda.now() + off)

  function process(of: string): Process {
    let alive = true

    function after(ms: number, run: () => void): () => void {
      const due = monotonic() + Math.max(0, ms)
      let cancelled = false
      const fire = () => {
        if (cancelled) return
        // The machine has slept since: its timers have not moved.
        const early = due - monotonic()
        if (early > 1e-6) event = agenda.after(early / work.rate + 0.01, () => self.deliver(fire))
        else run()
      }
      let event = agenda.after(ms / work.rate + 0.01 + chance.real() * 0.9, () => self.deliver(fire))
      return () => {
        cancelled = true
        event.off = true
      }
    }

    const self: Process = {
      name: of,
      clock: { now: wall, monotonic, after },
      alive: () => alive,
      deliver(run) {
        if (!alive) return
        if (paused) held.push({ process: self, run })
        else run()
      },
      die() {
        alive = false
      },
    }
    return self
  }

  return {
    name,
    rate: work.rate,
    process,
    paused: () => paused !== null,
    awakeSince: () => (paused ? Number.POSITIVE_INFINITY : awake),
    pause(wanted) {
      if (paused) return
      const kind = agenda.now() - steppedBack < APART ? 'stopped' : wanted
      paused = { kind, since: agenda.now() }
    },
    resume() {
      if (!paused) return
      if (paused.kind === 'suspended') {
        frozen += agenda.now() - paused.since
        slept = agenda.now()
      }
      paused = null
      awake = agenda.now()
      for (const { process: of, run } of chance.shuffled(held.splice(0))) {
        agenda.after(chance.real() * 2, () => of.deliver(run))
      }
    },
    step(ms) {
      const to = Math.max(-MOST_OFF, Math.min(MOST_OFF, off + ms))
      if (to < off) {
        if (paused || agenda.now() - slept < APART) return
        steppedBack = agenda.now()
      }
      off = to
    },
    monotonic,
    wall,
  }
}
