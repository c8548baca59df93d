import { setTimeout as pause } from 'node:timers/promises'
import type { BenchOptions } from '../lib/bench.ts'
import { child } from '../lib/child.ts'
import { cookie, record, token } from '../lib/population.ts'
import { say } from '../lib/progress.ts'
import type { Report } from '../lib/report.ts'
import { median, quantile } from '../lib/statistics.ts'
import type { Arrived, Arriving } from '../load/arrivals.ts'
import { EACH } from './fill.ts'

const PER_SECOND = 200
const READERS = 1_000
const MINUTE = 60_000

/** When half of all sessions expire, counted from when the file was made. */
const EXPIRE = 10 * MINUTE

/** Long enough for that, and too short for the others. */
const JUMP = 12 * MINUTE

/** Every other session is over soon; the others stay. */
export function expiring(i: number, now: number) {
  const live = record(i, Math.floor(i / EACH), now)
  return isStaying(i) ? live : { ...live, expiresAt: now + EXPIRE }
}

function isStaying(i: number): boolean {
  return i % 2 === 0
}

/** What a protected route feels of it when a large part of the sessions is swept. */
export async function sweepFelt({ quick, calm }: BenchOptions, sessions: number, file: string): Promise<Report> {
  say('Sweeping …')
  const [server, arrivals] = await Promise.all([
    child(new URL('../servers/sweeping.ts', import.meta.url)),
    child(new URL('../load/arrivals.ts', import.meta.url)),
  ])
  const port = await server.ask<number>('listen', file)
  const cookies = Array.from({ length: READERS }, (_, i) => cookie(token(i * 2)))
  const read = (seconds: number) =>
    arrivals.ask<Arrived>('arrive', { port, cookies, perSecond: PER_SECOND, seconds } satisfies Arriving)
  const ended = () => server.ask<number>('ended')

  const quiet: Arrived[] = []
  const sweeping: Arrived[] = []
  const rates: number[] = []
  const alone = calm.with([server, arrivals])
  const seconds = quick ? 1 : 5
  await read(READERS / PER_SECOND + 1)
  for (let round = 0; round < (quick ? 2 : 8); round++) {
    quiet.push(await alone.measure(() => read(seconds)))
    const before = await ended()
    await server.ask('jump', JUMP)
    while ((await ended()) === before) await pause(20)
    sweeping.push(
      await alone.measure(async () => {
        const [then, begun] = [await ended(), performance.now()]
        const arrived = await read(seconds)
        rates.push(((await ended()) - then) / ((performance.now() - begun) / 1000))
        return arrived
      }),
    )
    await server.ask('jump', 0)
    await pause(1_000)
  }
  const swept = await ended()
  await Promise.all([server.stop(), arrivals.stop()])

  const row = (name: string, slices: readonly Arrived[]) => {
    const took = slices.flatMap((slice) => slice.took)
    const failed = slices.reduce((sum, slice) => sum + slice.failed, 0)
    return {
      name,
      p50: median(took),
      p99: quantile(took, 0.99),
      p999: quantile(took, 0.999),
      late: quantile(
        slices.flatMap(({ late }) => late),
        0.99,
      ),
      failed,
    }
  }
  const [calmly, busily] = [row('quiet', quiet), row('sweeping', sweeping)]
  const slower = busily.p99 / calmly.p99
  const due = (sessions / 2).toLocaleString('en')
  return {
    tables: [
      {
        title: `a protected route at ${PER_SECOND} requests/s while ${due} of ${sessions.toLocaleString('en')} sessions are due and being swept`,
        columns: [
          { key: 'name', label: '' },
          { key: 'p50', label: 'p50 ms', digits: 2 },
          { key: 'p99', label: 'p99 ms', digits: 2 },
          { key: 'p999', label: 'p99.9 ms', digits: 2 },
          { key: 'late', label: 'sent late p99 ms', digits: 2 },
          { key: 'failed', label: 'failed' },
        ],
        rows: [calmly, busily],
        notes: [
          `${rate(median(rates))} sessions swept a second, each with its event; ${rate(swept)} in all. Quiet and sweeping in turns.`,
        ],
      },
    ],
    bars: [
      {
        name: `p99 of a protected route while ${due} are swept`,
        wanted: '<= 2 × quiet',
        measured: `${slower.toFixed(2)} ×`,
        met: slower <= 2,
      },
    ],
  }
}

function rate(value: number): string {
  return Math.round(value).toLocaleString('en')
}
