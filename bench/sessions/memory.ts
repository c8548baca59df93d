import { child } from '../lib/child.ts'
import { say } from '../lib/progress.ts'
import type { Report } from '../lib/report.ts'
import type { CacheSetup, Visits } from '../servers/cache.ts'
import { EACH } from './fill.ts'

const SERVER = new URL('../servers/cache.ts', import.meta.url)

/** What one cached session takes, and that there are never more than allowed. */
export async function memoryEach(sessions: number, file: string): Promise<Report> {
  say('Caching sessions …')
  const cached = Math.min(100_000, sessions / EACH)
  const kinds = [
    { name: `${EACH} sessions a user`, step: 1, passive: true },
    { name: 'every session another user’s', step: EACH, passive: true },
    { name: 'the same, each used and not yet written', step: EACH, passive: false },
  ]
  const rows = []
  for (const { name, step, passive } of kinds) {
    const server = await child(SERVER, ['--expose-gc'])
    // Bounded at half of what comes: the second half pushes the first out.
    const empty = await server.ask<number>('open', { file, sessions: cached / 2 } satisfies CacheSetup)
    const visit = (from: number) =>
      server.ask<number>('visit', { from, step, count: cached / 2, passive } satisfies Visits)
    const full = await visit(0)
    const after = await visit((cached / 2) * step)
    await server.stop()
    rows.push({
      name,
      cached: cached / 2,
      bytes: ((full - empty) / cached) * 2,
      megabytes: (full - empty) / 2 ** 20,
      after: (after - empty) / 2 ** 20,
    })
  }
  const bounded = rows.filter((_, i) => kinds[i]?.passive)
  const growth = Math.max(...bounded.map(({ after, megabytes }) => after / megabytes))
  return {
    tables: [
      {
        title: 'sessions in memory',
        columns: [
          { key: 'name', label: '' },
          { key: 'cached', label: 'cached' },
          { key: 'bytes', label: 'bytes each' },
          { key: 'megabytes', label: 'MiB' },
          { key: 'after', label: 'MiB after as many others' },
        ],
        rows,
        notes: [
          'Heap after collection, users included. By default a node keeps at most 100,000 sessions.',
          'A use that was not written yet is kept besides, for a minute at most.',
        ],
      },
    ],
    bars: [
      {
        name: 'memory of cached sessions',
        wanted: 'bounded (<= 1.1 × when twice as many came)',
        measured: `${growth.toFixed(2)} ×`,
        met: growth <= 1.1,
      },
    ],
  }
}
