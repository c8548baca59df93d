import type { Clock } from '../clock.ts'
import type { Server } from './server.ts'

/** How long uses are gathered, milliseconds: what tells a lost refresh from a stolen token is to be known within a second. */
const EVERY_MS = 1000

/** In one call; and kept at most, while the server does not answer. */
const MOST = 1000
const MOST_KEPT = 100_000

type Use = { readonly counter: number | undefined; readonly at: number }

/** Tells the server of the sessions that were used here, so that they do not idle out: the latest use of each. */
export function useReports(server: Server, api: string, clock: Clock, onFault: (fault: unknown) => void) {
  const waiting = new Map<string, Use>()
  let telling: Promise<void> | null = null
  let cancel: (() => void) | null = null
  let isClosed = false

  async function tell(): Promise<void> {
    while (waiting.size > 0) {
      const some = [...waiting].slice(0, MOST)
      for (const [sid] of some) waiting.delete(sid)
      const uses = some.map(([sid, { counter, at }]) => ({ sid, at, ...(counter !== undefined && { counter }) }))
      try {
        const { status } = await server(`${api}/feed/ack`, { method: 'POST', json: { uses } })
        if (status !== 204) throw new Error(`the server answered ${status} to uses`)
      } catch (fault) {
        for (const [sid, use] of some) if (!waiting.has(sid) && waiting.size < MOST_KEPT) waiting.set(sid, use)
        throw fault
      }
    }
  }

  function flush(): Promise<void> {
    cancel?.()
    cancel = null
    telling ??= tell()
      .catch(onFault)
      .finally(() => {
        telling = null
        if (waiting.size > 0) later()
      })
    return telling
  }

  function later(): void {
    if (!isClosed) cancel ??= clock.after(EVERY_MS, flush)
  }

  return {
    saw(sid: string, counter: number | undefined, now: number): void {
      const last = waiting.get(sid)
      if (last === undefined && waiting.size >= MOST_KEPT) return
      waiting.set(sid, { counter: counter ?? last?.counter, at: Math.max(now, last?.at ?? 0) })
      later()
    },

    async close(): Promise<void> {
      isClosed = true
      await telling
      await flush()
    },
  }
}
