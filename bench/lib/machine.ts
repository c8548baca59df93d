import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'

/** What the figures depend on. Nothing that names the machine. */
export function machine() {
  return {
    node: process.version,
    v8: process.versions.v8,
    platform: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    /** Of the last minute, before the bench began: how busy others kept the machine. */
    load: Number((loadavg()[0] ?? 0).toFixed(2)),
  }
}

export function formatMachine(facts: ReturnType<typeof machine>): string {
  const { node, platform, processor, cores, memoryGiB, load } = facts
  return `Node ${node} · ${platform} · ${processor}, ${cores} cores, ${memoryGiB} GiB · load before: ${load}`
}
