import type { ManualClock } from '../../../src/testing/clock.ts'

/** What is under way: requests to a server, answers to a browser, people who come back to their machine. */
type Due = { readonly at: number; readonly run: () => Promise<void> | void; readonly like: string | null }

export type Agenda = {
  /** @param like what falls due at the same time and is like it runs at the same time; everything else, one after the other */
  add(at: number, run: Due['run'], like?: string): void
  /** Lets time pass. What falls due on the way happens at its time. */
  pass(ms: number): Promise<void>
  /** Whether nothing happens by itself for so long. */
  quiet(ms: number): boolean
  /** What is under way comes to nothing: nobody waits for it any more. */
  clear(): void
}

export function agenda(clock: Pick<ManualClock, 'now'>, move: (ms: number) => Promise<void>): Agenda {
  const list: Due[] = []

  function next(until: number): readonly Due[] {
    const at = Math.min(...list.map((due) => due.at))
    const first = list.find((due) => due.at === at)
    if (!first || at > until) return []
    const together = list.filter(
      (due) => due === first || (due.at === at && due.like !== null && due.like === first.like),
    )
    for (const due of together) list.splice(list.indexOf(due), 1)
    return together
  }

  return {
    add: (at, run, like) => void list.push({ at, run, like: like ?? null }),
    quiet: (ms) => list.every(({ at }) => at > clock.now() + ms),
    clear: () => void list.splice(0),
    async pass(ms) {
      const until = clock.now() + ms
      for (let due = next(until); due[0]; due = next(until)) {
        const wait = due[0].at - clock.now()
        if (wait > 0) await move(wait)
        await Promise.all(due.map(({ run }) => run()))
      }
      const rest = until - clock.now()
      if (rest > 0) await move(rest)
    },
  }
}
