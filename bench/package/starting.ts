import { spawnSync } from 'node:child_process'
import type { BenchOptions } from '../lib/bench.ts'
import type { Report } from '../lib/report.ts'
import { processOf } from '../lib/server-cpu.ts'
import { median, quantile } from '../lib/statistics.ts'
import type { Installations } from './installations.ts'

/** What one process does, and tells the milliseconds of, from before the first import. */
const timed = (source: string) =>
  `const begun = performance.now()\n${source}\nprocess.stdout.write(String(performance.now() - begun))`

const SECRET = 'k3V9-xQ2m_Tz81LrPw7uHd4YbNf6sGjEo0'

const IMPORT = { own: `await import('sallyport')`, peer: `await import('better-auth')` }

/** With a database that is there already: what a server does at each start but the first. */
const READY = {
  own: `
    const { createAuth, session } = await import('sallyport')
    const { sqlite } = await import('sallyport/sqlite')
    const auth = createAuth({ store: sqlite('auth.db'), strategy: session(), baseUrl: 'https://app.example', secret: '${SECRET}' })
    await auth.ready()`,
  peer: `
    const { DatabaseSync } = await import('node:sqlite')
    const { betterAuth } = await import('better-auth')
    const options = {
      database: new DatabaseSync('auth.db'), baseURL: 'https://app.example', secret: '${SECRET}',
      telemetry: { enabled: false }, emailAndPassword: { enabled: true },
    }
    const auth = betterAuth(options)
    await auth.$context`,
}

const MIGRATED = `${READY.peer}
    const { getMigrations } = await import('better-auth/db/migration')
    await (await getMigrations(options)).runMigrations()`

/** How long fresh processes take until the library is there, and until it could take a request; both in turns, files in memory. */
export async function starting(at: Installations, { quick, calm }: BenchOptions): Promise<Report> {
  const rounds = quick ? 5 : 40
  const own = calm.with([processOf(process.pid)])
  for (const [side, source] of [
    ['own', READY.own],
    ['peer', MIGRATED],
  ] as const)
    spent(at[side], source)
  const found = {
    imported: { own: [] as number[], peer: [] as number[] },
    ready: { own: [] as number[], peer: [] as number[] },
  }
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? (['own', 'peer'] as const) : (['peer', 'own'] as const)
    const once = await own.measure(async () =>
      order.map((side) => ({ side, imported: spent(at[side], IMPORT[side]), ready: spent(at[side], READY[side]) })),
    )
    for (const { side, imported, ready } of once) {
      found.imported[side].push(imported)
      found.ready[side].push(ready)
    }
  }
  const row = (name: string, values: readonly number[]) => ({
    name,
    median: median(values),
    p90: quantile(values, 0.9),
  })
  const took = median(found.imported.own)
  return {
    tables: [
      {
        title: `Milliseconds in a fresh process, ${rounds} of each in turns`,
        columns: [
          { key: 'name', label: '' },
          { key: 'median', label: 'median', digits: 0 },
          { key: 'p90', label: 'p90', digits: 0 },
        ],
        rows: [
          row(`import 'sallyport'`, found.imported.own),
          row(`import 'better-auth'`, found.imported.peer),
          row('sallyport, ready over SQLite', found.ready.own),
          row('better-auth, ready over SQLite', found.ready.peer),
        ],
      },
    ],
    bars: [
      { name: `import 'sallyport', median`, wanted: '≤ 100 ms', measured: `${took.toFixed(0)} ms`, met: took <= 100 },
    ],
  }
}

/** @throws when the process fails, with what it said */
function spent(cwd: string, source: string): number {
  // A guard that is ready keeps following its feed; what was to be known is known.
  const script = `${timed(source)}\nprocess.exit()`
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script]
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return Number(stdout)
}
