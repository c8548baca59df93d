import { cpus } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import type { Child } from './child.ts'

/** What others may use of the machine while something is measured: a share of all cores. */
const MOST = 0.08

/** A process that is part of what is measured: `cpu` answers what it has used. */
export type Measured = Pick<Child, 'ask'>

/** Measures when the machine is left alone, if that can be had. */
export type Calm = {
  /**
   * Measures, and again when others were busy meanwhile, as long as there is patience for all of it together. Answers
   * what was found in the calmest attempt.
   */
  measure<T>(run: () => Promise<T>): Promise<T>
  /** With these, what they use is not that of others. */
  with(more: readonly Measured[]): Calm
  /** How it went, for people. */
  note(): string
}

/** @param patience milliseconds that measuring again may take in all. */
export function calm(patience: number): Calm {
  let left = patience
  let slices = 0
  let disturbed = 0

  async function measure<T>(children: readonly Measured[], run: () => Promise<T>): Promise<T> {
    let best: { readonly value: T; readonly others: number } | null = null
    for (;;) {
      const begun = performance.now()
      const before = await snapshot(children)
      const value = await run()
      const others = share(before, await snapshot(children))
      if (best === null || others < best.others) best = { value, others }
      if (others <= MOST || left <= 0) break
      await pause(50)
      left -= performance.now() - begun
    }
    slices += 1
    if (best.others > MOST) disturbed += 1
    return best.value
  }

  const note = () =>
    disturbed === 0
      ? `All ${slices} slices were measured while others used less than ${MOST * 100} % of the machine.`
      : `Others used more than ${MOST * 100} % of the machine during ${disturbed} of ${slices} slices: repeat in a quieter moment.`
  const beside = (own: readonly Measured[]): Calm => ({
    measure: (run) => measure(own, run),
    with: (more) => beside([...own, ...more]),
    note,
  })
  return beside([])
}

type Snapshot = { readonly busy: number; readonly all: number; readonly own: number }

/** CPU time since the machine began, and since our processes did, milliseconds. */
async function snapshot(children: readonly Measured[]): Promise<Snapshot> {
  const usages = [process.cpuUsage(), ...(await Promise.all(children.map((one) => one.ask<NodeJS.CpuUsage>('cpu'))))]
  const own = usages.reduce((sum, { user, system }) => sum + (user + system) / 1000, 0)
  const times = cpus().map((core) => core.times)
  const busy = times.reduce((sum, { user, nice, sys, irq }) => sum + user + nice + sys + irq, 0)
  return { busy, own, all: times.reduce((sum, { idle }) => sum + idle, busy) }
}

function share(before: Snapshot, after: Snapshot): number {
  const busy = after.busy - before.busy - (after.own - before.own)
  return Math.max(0, busy) / Math.max(1, after.all - before.all)
}
