import { join } from 'node:path'
import type { BenchOptions } from '../lib/bench.ts'
import { child } from '../lib/child.ts'
import { cookie, token } from '../lib/population.ts'
import { say } from '../lib/progress.ts'
import type { Report } from '../lib/report.ts'
import { median, quantile, ratio } from '../lib/statistics.ts'
import type { Arrived, Arriving } from '../load/arrivals.ts'
import type { SigningIn } from '../load/sign-ins.ts'
import type { SignInSetup } from '../servers/sign-in.ts'
import { AT_ONCE, PASSWORD, PEOPLE, storedHash } from './setting.ts'

const PER_SECOND = 100

/** What others feel of a protected route while people sign in. */
export async function besideSignIns({ quick, folder, calm }: BenchOptions): Promise<Report> {
  say('Reading a protected route, with and without sign-ins …')
  const [server, signIns, arrivals] = await Promise.all(
    ['../servers/sign-in.ts', '../load/sign-ins.ts', '../load/arrivals.ts'].map((file) =>
      child(new URL(file, import.meta.url)),
    ),
  )
  if (!server || !signIns || !arrivals) throw new Error('a process is missing')
  const setup = {
    kept: 'sqlite',
    file: join(folder, 'beside.db'),
    people: PEOPLE,
    record: await storedHash(),
  } satisfies SignInSetup
  const port = await server.ask<number>('listen', setup)
  const cookies = Array.from({ length: PEOPLE }, (_, i) => cookie(token(i)))
  const read = (seconds: number) =>
    arrivals.ask<Arrived>('arrive', { port, cookies, perSecond: PER_SECOND, seconds } satisfies Arriving)
  const begin = { port, path: '/auth/sign-in', people: PEOPLE, password: PASSWORD, atOnce: AT_ONCE } satisfies SigningIn

  const idle: Arrived[] = []
  const busy: Arrived[] = []
  const rates: number[] = []
  const alone = calm.with([server, signIns, arrivals])
  await read(1)
  const seconds = quick ? 1 : 2
  for (let round = 0; round < (quick ? 2 : 4); round++) {
    idle.push(await alone.measure(() => read(seconds)))
    await signIns.ask('begin', begin)
    busy.push(await alone.measure(() => read(seconds)))
    rates.push(await signIns.ask<number>('end'))
  }
  await Promise.all([server, signIns, arrivals].map((one) => one.stop()))

  const row = (name: string, slices: readonly Arrived[]) => {
    const took = slices.flatMap((slice) => slice.took)
    return {
      name,
      p50: median(took),
      p90: quantile(took, 0.9),
      p99: quantile(took, 0.99),
      failed: slices.reduce((sum, slice) => sum + slice.failed, 0),
    }
  }
  const p50s = (slices: readonly Arrived[]) => slices.map((slice) => median(slice.took))
  const slower = ratio(p50s(busy), p50s(idle))
  return {
    tables: [
      {
        title: `a protected route at ${PER_SECOND} requests/s while ${AT_ONCE} sign-ins are in flight (SQLite, over HTTP)`,
        columns: [
          { key: 'name', label: '' },
          { key: 'p50', label: 'p50 ms', digits: 2 },
          { key: 'p90', label: 'p90 ms', digits: 2 },
          { key: 'p99', label: 'p99 ms', digits: 2 },
          { key: 'failed', label: 'failed' },
        ],
        rows: [row('idle', idle), row('with sign-ins', busy)],
        notes: [`${Math.round(median(rates))} sign-ins/s meanwhile, all of it on the cores of one machine.`],
      },
    ],
    bars: [
      {
        name: `p50 of a protected route with ${AT_ONCE} sign-ins in flight`,
        wanted: '<= 3 × idle',
        measured: `${slower.toFixed(2)} ×`,
        met: slower <= 3,
      },
    ],
  }
}
