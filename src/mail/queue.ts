import type { Clock } from '../clock.ts'
import type { Mail, Mailer } from '../mailer.ts'
import type { UserId } from '../user.ts'

/** Messages handed on at once, and kept in memory at most, those that wait for another try among them. */
const AT_ONCE = 4
const MOST = 1000

/** How long handing one on may take before it counts as failed, milliseconds. */
const SEND_MS = 60_000

/** Pauses before another try, milliseconds: the first, by what factor the next is longer, and the longest. */
const FIRST_PAUSE_MS = 5000
const FACTOR = 3
const LONGEST_PAUSE_MS = 10 * 60_000

/** A message on its way: whom it concerns, and until when it is worth sending. */
export type Posted = { readonly mail: Mail; readonly userId: UserId | null; readonly until: number }

/**
 * How it went. `given_up`: `refused` for good, `late` (tries until its time was over), `full` (no room for it), `closed` (the
 * process ended first).
 */
export type Outcome =
  | { readonly kind: 'sent'; readonly attempts: number }
  | { readonly kind: 'delayed'; readonly fault: unknown }
  | {
      readonly kind: 'given_up'
      readonly why: 'refused' | 'late' | 'full' | 'closed'
      readonly attempts: number
      readonly fault: unknown
    }

type Entry = Posted & { attempts: number; fault: unknown; cancel: (() => void) | null }

type QueueOptions = {
  readonly mailer: Mailer
  readonly clock: Clock
  readonly told: (posted: Posted, outcome: Outcome) => void
}

/**
 * Messages of this process, in its memory: nobody who caused one waits for it. What the mailer does not take is tried again
 * for as long as it is worth reading, longer and longer pauses apart. Whoever ends the process loses what waits: a link can
 * be asked for again.
 */
export function mailQueue({ mailer, clock, told }: QueueOptions) {
  /** All there are, in the order of their arrival: waiting for their turn, for another try, or being handed on. */
  const entries = new Set<Entry>()
  let ready: Entry[] = []
  let running = 0
  let draining = false
  let emptied = () => {}

  function pump(): void {
    while (running < AT_ONCE) {
      const entry = ready.shift()
      if (!entry) return
      running += 1
      void attempt(entry).finally(() => {
        running -= 1
        if (entries.size === 0) emptied()
        pump()
      })
    }
  }

  async function attempt(entry: Entry): Promise<void> {
    entry.attempts += 1
    try {
      await limited(clock, mailer.send(entry.mail))
      // Given up meanwhile: what was told stays told.
      if (entries.delete(entry)) told(entry, { kind: 'sent', attempts: entry.attempts })
    } catch (fault) {
      entry.fault = fault
      if (entries.has(entry)) again(entry)
    }
  }

  function again(entry: Entry): void {
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * FACTOR ** (entry.attempts - 1))
    if (isPermanent(entry.fault)) giveUp(entry, 'refused')
    else if (draining) giveUp(entry, 'closed')
    else if (clock.now() + pause >= entry.until) giveUp(entry, 'late')
    else {
      if (entry.attempts === 1) told(entry, { kind: 'delayed', fault: entry.fault })
      entry.cancel = clock.after(pause, () => due(entry))
    }
  }

  function due(entry: Entry): void {
    entry.cancel = null
    ready.push(entry)
    pump()
  }

  function giveUp(entry: Entry, why: Extract<Outcome, { kind: 'given_up' }>['why']): void {
    entry.cancel?.()
    entries.delete(entry)
    told(entry, { kind: 'given_up', why, attempts: entry.attempts, fault: entry.fault })
  }

  return {
    /** Takes a message. When there is no room for it, it is given up at once. */
    add(posted: Posted): void {
      const entry: Entry = { ...posted, attempts: 0, fault: null, cancel: null }
      if (entries.size >= MOST) {
        giveUp(entry, 'full')
        return
      }
      entries.add(entry)
      ready.push(entry)
      pump()
    },

    /** Drops what waits for a user who is gone. What is being handed on cannot be taken back, but is not tried again. */
    forget(userId: UserId): void {
      for (const entry of entries) {
        if (entry.userId !== userId) continue
        entry.cancel?.()
        entries.delete(entry)
      }
      ready = ready.filter((entry) => entries.has(entry))
    },

    /** Tries everything once more, and gives up after `ms` what is not handed on by then. */
    async close(ms: number): Promise<void> {
      draining = true
      for (const entry of entries) {
        if (entry.cancel === null) continue
        entry.cancel()
        due(entry)
      }
      if (entries.size > 0) {
        await new Promise<void>((resolve) => {
          const cancel = clock.after(ms, resolve)
          emptied = () => {
            cancel()
            resolve()
          }
        })
      }
      for (const entry of entries) giveUp(entry, 'closed')
      ready = []
    },
  }
}

/** A promise with an end; what comes of it later is nobody's. */
function limited(clock: Clock, sending: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(SEND_MS, () => reject(new Error('the mailer did not answer in time')))
    sending.then(resolve, reject).finally(cancel)
  })
}

function isPermanent(fault: unknown): boolean {
  return typeof fault === 'object' && fault !== null && 'permanent' in fault && fault.permanent === true
}
