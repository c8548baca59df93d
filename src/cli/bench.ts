import { createInterface } from 'node:readline/promises'
import { systemClock } from '../index.ts'
import { CALLS, type Call, measure, type Samples, STRATEGIES } from './bench/measure.ts'
import { place } from './bench/place.ts'
import { FailureError } from './failure.ts'
import { print } from './output.ts'
import { progress } from './progress.ts'
import { codeOf } from './signals.ts'
import { configuration } from './with-auth.ts'

export type BenchFlags = { readonly seconds: number; readonly yes?: boolean; readonly json?: boolean }

const WORDS: Readonly<Record<Call, string>> = {
  warm: 'a decision about a session that the server knows',
  cold: 'the first decision about one that it does not know',
  'sign-in': 'a sign-in, nearly all of it the hash of the password',
  refresh: 'going on: the refresh of hybrid, the renewal of the others',
  ending: 'a sign-out, until it is true on both servers',
}

/** `bench`. */
export async function bench({ seconds, yes, json }: BenchFlags): Promise<void> {
  const configured = await configuration()
  if (configured.production && !yes) await consent()
  const own = place(configured)
  let signal: NodeJS.Signals | null = null
  const interrupted = (which: NodeJS.Signals) => {
    signal = which
  }
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, interrupted)
  // The clock of the core keeps no process alive.
  const alive = setInterval(() => {}, 60_000)
  const shown = progress('rounds')
  console.error(`measuring in ${own.where}, which is removed at the end`)
  try {
    const began = systemClock.monotonic()
    const found = await measure(own.open, configured.given, (rounds) => {
      const spent = (systemClock.monotonic() - began) / 1000
      shown.at(spent, seconds, rounds)
      return signal !== null || (rounds > 0 && spent >= seconds)
    })
    shown.end()
    if (signal) {
      console.error('sallyport: interrupted: nothing is left of what was measured')
      process.exitCode = codeOf(signal)
    } else print(json, resultOf(found), drawn)
  } finally {
    shown.end()
    await own.remove()
    clearInterval(alive)
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, interrupted)
  }
}

async function consent(): Promise<void> {
  const what =
    'this is production: measuring makes a schema or file of its own beside your data, and takes the time of its servers'
  if (!process.stdin.isTTY) throw new FailureError(`${what}: add --yes if that is meant`)
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await terminal.question(`${what}. Go on? (yes/no) `)
  terminal.close()
  if (answer.trim().toLowerCase() !== 'yes') throw new FailureError('nothing was measured: the answer was not yes')
}

type Row = { readonly strategy: string; readonly p50: number; readonly p99: number; readonly samples: number }
type Result = { readonly unit: 'microseconds'; readonly calls: Readonly<Record<Call, readonly Row[]>> }

function resultOf(found: Readonly<Record<string, Samples>>): Result {
  const rows = (call: Call) =>
    STRATEGIES.map((strategy) => {
      const sorted = (found[strategy]?.[call] ?? []).toSorted((a, b) => a - b)
      const at = (share: number) => Math.round((sorted[Math.floor((sorted.length - 1) * share)] ?? 0) * 100) / 100
      return { strategy, p50: at(0.5), p99: at(0.99), samples: sorted.length }
    })
  return {
    unit: 'microseconds',
    calls: Object.fromEntries(CALLS.map((call) => [call, rows(call)])) as unknown as Result['calls'],
  }
}

const WIDTH = 40

/** A bar for each strategy, as long as its median beside the longest of the call. */
function drawn({ calls }: Result): string {
  const parts = CALLS.map((call) => {
    const rows = calls[call]
    const most = Math.max(...rows.map(({ p50 }) => p50), Number.MIN_VALUE)
    const lines = rows.map(({ strategy, p50, p99 }) => {
      const bar = '█'.repeat(Math.max(1, Math.round((p50 / most) * WIDTH)))
      return `  ${strategy.padEnd(8)} ${time(p50).padStart(9)}  ${bar.padEnd(WIDTH)}  p99 ${time(p99)}`
    })
    return [`${call}: ${WORDS[call]}`, ...lines].join('\n')
  })
  return parts.join('\n\n')
}

function time(microseconds: number): string {
  return microseconds < 1000 ? `${microseconds.toFixed(1)} µs` : `${(microseconds / 1000).toFixed(1)} ms`
}
