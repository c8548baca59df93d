import { child } from '../lib/child.ts'
import { say } from '../lib/progress.ts'
import type { Table } from '../lib/report.ts'

const SERVER = new URL('../servers/denials.ts', import.meta.url)

/** What a node keeps of sessions without a record that were ended, while a token of them could still be good. */
export async function memoryOfDenials(count: number): Promise<Table> {
  say('Denying sessions …')
  const server = await child(SERVER, ['--expose-gc'])
  const empty = await server.ask<number>('begin')
  const full = await server.ask<number>('deny', count)
  await server.stop()
  return {
    title: 'live denials in a node’s memory',
    columns: [
      { key: 'denials', label: 'denials' },
      { key: 'bytes', label: 'bytes each' },
      { key: 'megabytes', label: 'MiB' },
    ],
    rows: [{ denials: count, bytes: (full - empty) / count, megabytes: (full - empty) / 2 ** 20 }],
    notes: ['Heap after collection. A denial is kept as long as a token lives, and a minute.'],
  }
}
