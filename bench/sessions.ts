import { join } from 'node:path'
import type { Bench } from './lib/bench.ts'
import { say } from './lib/progress.ts'
import type { Table } from './lib/report.ts'
import { fill, sizes } from './sessions/fill.ts'
import { lookupCost } from './sessions/lookup.ts'
import { memoryEach } from './sessions/memory.ts'
import { expiring, sweepFelt } from './sessions/sweep.ts'

const FEW = 1_000

export const sessions: Bench = {
  about: 'a million sessions: finding, keeping in memory, sweeping',
  patience: 40_000,
  async run(options) {
    const many = options.quick ? 100_000 : 1_000_000
    const now = Date.now()
    const files = new Map([FEW, many].map((count) => [count, join(options.folder, `${count}.db`)]))
    for (const [count, file] of files) {
      say(`Filling a file with ${count.toLocaleString('en')} sessions …`)
      await fill(file, count, now, (i) => expiring(i, now))
    }
    const file = files.get(many) as string
    const disk = diskTable(many, sizes(file))
    const lookup = await lookupCost(options, files)
    const memory = await memoryEach(many, file)
    const sweep = await sweepFelt(options, many, file)
    return {
      tables: [...lookup.tables, disk, ...memory.tables, ...sweep.tables],
      bars: [...lookup.bars, ...memory.bars, ...sweep.bars],
    }
  },
}

function diskTable(count: number, { file, table, indexes }: ReturnType<typeof sizes>): Table {
  return {
    title: 'bytes on disk for one session',
    columns: [
      { key: 'record', label: 'record' },
      { key: 'indexes', label: 'indexes' },
      { key: 'whole', label: 'of the whole file, users included' },
    ],
    rows: [{ record: table / count, indexes: indexes / count, whole: file / count }],
  }
}
