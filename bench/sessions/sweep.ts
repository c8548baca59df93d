import { setTimeout as pause } from 'node:timers/promises'
import type { BenchOptions } from '../lib/bench.ts'
import { child } from '../lib/child.ts'
import { cookie, record, token } from '../lib/population.ts'
import { say } from '../lib/progress.ts'
import type { Report } from '../lib/report.ts'
import { median, quantile, ratio } from '../lib/statistics.ts'
import type { Arrived, Arriving } from '../load/arrivals.ts'
import { EACH } from './fill.ts'

const PER_SECOND = 200
const READERS = 1_000
const MINUTE = 60_000

/** Half of all sessions expire, in so many groups, so that sweeping and quiet take turns. */
const GROUPS = 5
const FIRST = 10 * MINUTE
const APART = 2 * MINUTE

/** Every other session is over at its group's moment; the others stay. */
export function expiring(i: number, now: number) {
  const live = record(i, Math.floor(i / EACH), now)
  return i % 2 === 0 ? live : { ...live, expiresAt: groupEnd((i >> 1) % GROUPS, now) }
}

function groupEnd(group: number, now: number): number {
  return now + FIRST + group * APART
}

/** What a protected route feels of it when a large part of the sessions is swept. */
export async function sweepFelt(
  { quick, calm }: BenchOptions,
  sessions: number,
  file: string,
  now: number,
): Promise<Report> {
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
  const perGroup = sessions / 2 / GROUPS
  await read(2 + READERS / PER_SECOND)
  for (let group = 0; group < GROUPS; group++) {
    quiet.push(await alone.measure(() => read(seconds)))
    await server.ask('jump', groupEnd(group, now) + 5_000)
    const before = group * perGroup
    while ((await ended()) === before) await pause(20)
    const begun = performance.now()
    sweeping.push(await read(seconds))
    const meanwhile = (await ended()) - before
    if (meanwhile < perGroup) rates.push(meanwhile / ((performance.now() - begun) / 1000))
    while ((await ended()) < before + perGroup) await pause(20)
    await pause(500)
  }
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
  const p99s = (slices: readonly Arrived[]) => slices.map(({ took }) => quantile(took, 0.99))
  const slower = ratio(p99s(sweeping), p99s(quiet))
  const swept = (sessions / 2).toLocaleString('en')
  return {
    tables: [
      {
        title: `a protected route at ${PER_SECOND} requests/s while ${swept} of ${sessions.toLocaleString('en')} sessions are swept`,
        columns: [
          { key: 'name', label: '' },
          { key: 'p50', label: 'p50 ms', digits: 2 },
          { key: 'p99', label: 'p99 ms', digits: 2 },
          { key: 'p999', label: 'p99.9 ms', digits: 2 },
          { key: 'late', label: 'sent late p99 ms', digits: 2 },
          { key: 'failed', label: 'failed' },
        ],
        rows: [row('quiet', quiet), row('sweeping', sweeping)],
        notes: [
          rates.length > 0
            ? `${Math.round(median(rates)).toLocaleString('en')} sessions swept a second, each with its event.`
            : 'Each slice was over too soon to tell the rate.',
        ],
      },
    ],
    bars: [
      {
        name: `p99 of a protected route while ${swept} are swept`,
        wanted: '<= 2 × quiet',
        measured: `${slower.toFixed(2)} ×`,
        met: slower <= 2,
      },
    ],
  }
}
