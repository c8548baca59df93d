import type { Clock } from '../clock.ts'
import type { EndReason } from '../errors.ts'
import type { AuthEvent } from '../events.ts'

const MINUTE_MS = 60_000

/** Seconds that are kept apart. */
const SECONDS = 60

/** What this node has seen happen. `perMinute`: in the minute before; `endings`: since it began, by reason. */
export type Tally = {
  readonly signInsPerMinute: number
  readonly refreshesPerMinute: number
  readonly endings: Readonly<Partial<Record<EndReason, number>>>
}

/** Counts events as they are recorded: a few numbers, whatever happens. */
export function tally(clock: Clock) {
  const [signIns, refreshes] = [lastMinute(clock), lastMinute(clock)]
  const endings: Partial<Record<EndReason, number>> = {}
  return {
    hear({ type, reason }: AuthEvent): void {
      if (type === 'sign_in.succeeded') signIns.add()
      else if (type === 'token.refreshed') refreshes.add()
      else if (type === 'session.ended' && reason !== null) {
        endings[reason as EndReason] = (endings[reason as EndReason] ?? 0) + 1
      }
    },
    read: (): Tally => ({
      signInsPerMinute: signIns.sum(),
      refreshesPerMinute: refreshes.sum(),
      endings: { ...endings },
    }),
  }
}

function lastMinute(clock: Clock) {
  const counts = new Array<number>(SECONDS).fill(0)
  let newest = Math.floor(clock.monotonic() / 1000)

  /** Seconds that have passed since the last look are of another minute by now. */
  function advance(): void {
    const now = Math.floor(clock.monotonic() / 1000)
    const passed = Math.min(now - newest, MINUTE_MS / 1000)
    for (let i = 1; i <= passed; i++) counts[(now - passed + i) % SECONDS] = 0
    newest = now
  }

  return {
    add(): void {
      advance()
      counts[newest % SECONDS] = (counts[newest % SECONDS] as number) + 1
    },
    sum(): number {
      advance()
      return counts.reduce((sum, count) => sum + count, 0)
    },
  }
}
