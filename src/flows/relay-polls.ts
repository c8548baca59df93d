import type { Clock } from '../clock.ts'
import type { Feed } from '../feed.ts'

/** Reads that wait at once, of all services. */
const MOST = 1000

/** A read that waits for something to be appended. */
export type Poll = {
  /** Resolves when something may have been appended since the call before, or since the beginning; or when nothing is waited for any more. */
  next(): Promise<void>
  /** Whether nothing is waited for any more: the time is over, the client is gone, or this server stops. */
  over(): boolean
  /** Gives back what it holds. */
  end(): void
}

/**
 * Reads that wait. However many there are, each feed is listened to once: in some databases every listener costs something at
 * every commit.
 * @param mostEach of one service, at once
 */
export function relayPolls(clock: Clock, mostEach: number) {
  const byService = new Map<string, number>()
  const polls = new Set<{ stop(): void }>()
  const heard = new Map<Feed, { readonly wakes: Set<() => void>; readonly cancel: () => void }>()
  let stopped = false

  function listen(feed: Feed, wake: () => void): () => void {
    let one = heard.get(feed)
    if (!one) {
      const wakes = new Set<() => void>()
      const wakeAll = () => {
        for (const each of [...wakes]) each()
      }
      one = { wakes, cancel: feed.onAppend(wakeAll) }
      heard.set(feed, one)
    }
    const { wakes, cancel } = one
    wakes.add(wake)
    return () => {
      if (!wakes.delete(wake) || wakes.size > 0) return
      cancel()
      heard.delete(feed)
    }
  }

  return {
    /**
     * Listens from now on. Null when too many wait already.
     * @param ms how long at most
     * @param signal aborted when the client is gone
     */
    begin(service: string, feeds: readonly Feed[], ms: number, signal: AbortSignal | null): Poll | null {
      const waiting = byService.get(service) ?? 0
      if (polls.size >= MOST || waiting >= mostEach) return null
      byService.set(service, waiting + 1)
      let woken = false
      let over = stopped || (signal?.aborted ?? false)
      let resolve = () => {}

      function wake(): void {
        woken = true
        resolve()
      }
      function stop(): void {
        over = true
        resolve()
      }

      const poll = { stop }
      polls.add(poll)
      signal?.addEventListener('abort', stop, { once: true })
      const cancelTimer = clock.after(ms, stop)
      const cancels = feeds.map((feed) => listen(feed, wake))

      return {
        async next() {
          if (!woken && !over) {
            await new Promise<void>((done) => {
              resolve = done
            })
          }
          woken = false
        },
        over: () => over,
        end() {
          if (!polls.delete(poll)) return
          const left = (byService.get(service) ?? 1) - 1
          if (left > 0) byService.set(service, left)
          else byService.delete(service)
          signal?.removeEventListener('abort', stop)
          cancelTimer()
          for (const cancel of cancels) cancel()
        },
      }
    },

    /** Ends the waiting of all there are, and of all that come. */
    stop(): void {
      stopped = true
      for (const poll of polls) poll.stop()
    },
  }
}
