import { availableParallelism, cpus, totalmem } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'

/** What the figures depend on. Nothing that names the machine. */
export function machine() {
  return {
    node: process.version,
    v8: process.versions.v8,
    platform: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
  }
}

export function formatMachine({ node, platform, processor, cores, memoryGiB }: ReturnType<typeof machine>): string {
  return `Node ${node} · ${platform} · ${processor}, ${cores} cores, ${memoryGiB} GiB`
}

/** How much of the machine others use, percent: looked at for a moment in which the bench does nothing. */
export async function othersBusy(): Promise<number> {
  const before = ticks()
  await pause(1_000)
  const after = ticks()
  const idle = (after.idle - before.idle) / Math.max(1, after.all - before.all)
  return Math.round((1 - idle) * 100)
}

function ticks(): { readonly idle: number; readonly all: number } {
  const times = cpus().map((core) => core.times)
  const idle = times.reduce((sum, one) => sum + one.idle, 0)
  return { idle, all: times.reduce((sum, { user, nice, sys, irq }) => sum + user + nice + sys + irq, idle) }
}
