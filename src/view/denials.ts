import type { Clock } from '../clock.ts'
import type { EndReason } from '../errors.ts'
import type { Change } from '../feed.ts'
import type { Denials } from '../store.ts'

/** Denials read at once when a node begins. */
const PAGE = 1000

/** How often those that are over are forgotten, milliseconds. */
const FORGET_EVERY_MS = 60_000

/** About 125 bytes each: see the bench. Beyond this many the store is asked about sessions that are not in memory. */
const MOST = 1_000_000

type DenialsOptions = {
  readonly denials: Denials
  readonly clock: Clock
  /** How long a denial counts from its ending on, milliseconds; null: no session is without a record, so nothing is kept. */
  readonly life: () => number | null
  readonly onFault: (fault: unknown) => void
  readonly most?: number
}

/**
 * Every session without a record that was ended and of which a token could still be good, as this node knows. While it is
 * complete, a token that nothing is known against needs no look-up.
 */
export function denialsView({ denials, clock, life, onFault, most = MOST }: DenialsOptions) {
  const denied = new Map<string, { readonly reason: EndReason; readonly until: number }>()
  let complete = false
  /** One was left out since all were asked for. */
  let overflowed = false
  let reading = false
  let loading = 0
  let forgottenAt = 0

  /** Those that are over go. Where some are not known, by a fault or for want of room, they are asked for again. */
  function forget(now: number): void {
    if (now - forgottenAt < FORGET_EVERY_MS && now >= forgottenAt) return
    forgottenAt = now
    for (const [sid, { until }] of denied) if (until <= now) denied.delete(sid)
    if (!complete && !reading && denied.size < most) load().catch(onFault)
  }

  function add(sid: string, reason: EndReason, until: number): void {
    if (denied.size >= most && !denied.has(sid)) {
      complete = false
      overflowed = true
      return
    }
    const known = denied.get(sid)
    if (!known || known.until < until) denied.set(sid, { reason: known?.reason ?? reason, until })
  }

  async function load(): Promise<void> {
    loading += 1
    const mine = loading
    complete = false
    overflowed = false
    if (life() === null) return
    reading = true
    try {
      const now = clock.now()
      forget(now)
      let cursor: string | null = null
      do {
        const page = await denials.list(now, cursor, PAGE)
        if (mine !== loading) return
        for (const { sid, reason, until } of page.items) add(sid, reason, until)
        cursor = page.nextCursor
      } while (cursor !== null && !overflowed)
      complete = cursor === null && !overflowed
    } finally {
      if (mine === loading) reading = false
    }
  }

  return {
    /** Reads what was denied before this node followed the feed. To be called once it does. */
    load,

    /** Takes in a change, in the step in which the view does. */
    apply(change: Change): void {
      if (change.kind !== 'ended') return
      const kept = life()
      if (kept === null) return
      forget(clock.now())
      for (const sid of change.sessions) add(sid, change.reason, change.at + kept)
    },

    /** Everything that was learnt may be wrong. */
    reset(): void {
      denied.clear()
      load().catch(onFault)
    },

    /** Whether what is not found here is not denied. */
    complete: () => complete,

    /** Why a session is denied; null when nothing is known. */
    reasonOf: (sid: string): EndReason | null => denied.get(sid)?.reason ?? null,

    size: () => denied.size,
  }
}
