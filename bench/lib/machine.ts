import { availableParallelism, cpus, totalmem } from 'node:os'

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
