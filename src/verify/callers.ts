import type { Clock } from '../clock.ts'
import type { EndReason } from '../errors.ts'
import type { Change } from '../feed.ts'
import { SETTLE_MS } from '../view/lease.ts'
import type { AccessClaims } from '../wire/claims.ts'

/*
 * The invariant of what is kept here:
 *
 *   Between an ending's commit and its settling a server may still say that a session is good. What it says is right for the request
 *   that waits for it, and may be kept only if no ending that this service has applied, or will never hear of, can be behind it.
 *
 * A server that does not know of an ending has a lease from before it, and that is over within SETTLE_MS of the commit. So an answer is
 * kept if it was asked for SETTLE_MS or more after the newest change of its session or user was applied here, and as long after this
 * service began to follow the feed: what was committed before that it never hears of. Changes that are applied later drop what is kept.
 */

/** Ended sessions that are remembered at most: they spare questions, and decide nothing that the server would not say too. */
const MOST_ENDED = 50_000

/** What a session was found to be, by the server. Tokens of the same stamp are as good as the one that was asked about. */
export type Kept<T> = {
  readonly userId: string
  /** Null for a token that says nothing by itself: then it is the very token. */
  readonly stamp: Stamp | null
  readonly token: string | null
  /** After this the server has the word again, milliseconds since the epoch. */
  readonly until: number
  readonly value: T
}

/** What of a token has to be as it was for it to be as good. */
export type Stamp = Pick<AccessClaims, 'version' | 'generation' | 'everyone' | 'epoch' | 'authenticatedAt'>

export function isSame(one: Stamp, other: Stamp): boolean {
  return (
    one.version === other.version &&
    one.generation === other.generation &&
    one.everyone === other.everyone &&
    one.epoch === other.epoch &&
    one.authenticatedAt === other.authenticatedAt
  )
}

/** The sessions that this service knows to be good, and those it knows to be over. */
export function callers<T>(clock: Clock, most: number) {
  const kept = new Map<string, Kept<T>>()
  const ofUser = new Map<string, Set<string>>()
  const ended = new Map<string, EndReason>()
  /** By session or user, when it last changed, on the monotonic clock; the oldest first, and none older than SETTLE_MS for long. */
  const changed = new Map<string, number>()
  let allChanged = Number.NEGATIVE_INFINITY

  function touch(id: string): void {
    const now = clock.monotonic()
    changed.delete(id)
    changed.set(id, now)
    for (const [one, at] of changed) {
      if (now - at < SETTLE_MS) break
      changed.delete(one)
    }
  }

  function drop(sid: string): void {
    const userId = kept.get(sid)?.userId
    kept.delete(sid)
    if (userId === undefined) return
    const held = ofUser.get(userId)
    if (held?.delete(sid) && held.size === 0) ofUser.delete(userId)
  }

  function dropAll(): void {
    kept.clear()
    ofUser.clear()
    allChanged = clock.monotonic()
  }

  function end(sid: string, reason: EndReason): void {
    touch(sid)
    drop(sid)
    const [oldest] = ended.keys()
    if (ended.size >= MOST_ENDED && oldest !== undefined) ended.delete(oldest)
    ended.set(sid, reason)
  }

  /** Whether what was asked for then may be kept. */
  function isSettled(askedAt: number, ids: readonly string[]): boolean {
    const since = (at: number | undefined) => at === undefined || askedAt - at >= SETTLE_MS
    return since(allChanged) && ids.every((id) => since(changed.get(id)))
  }

  return {
    get: (sid: string): Kept<T> | undefined => kept.get(sid),
    reasonOf: (sid: string): EndReason | null => ended.get(sid) ?? null,
    /** From when on what is asked for knows of all that was changed for everybody, on the monotonic clock. */
    settledFrom: (): number => allChanged + SETTLE_MS,

    /** @param askedAt when the server was asked, on the monotonic clock. */
    keep(sid: string, one: Kept<T>, askedAt: number): void {
      if (!isSettled(askedAt, [sid, one.userId])) return
      drop(sid)
      const [oldest] = kept.keys()
      if (kept.size >= most && oldest !== undefined) drop(oldest)
      kept.set(sid, one)
      const held = ofUser.get(one.userId) ?? new Set()
      ofUser.set(one.userId, held.add(sid))
    },

    /** Takes in a change, in the step in which the feed does. */
    apply(change: Change): void {
      switch (change.kind) {
        case 'ended':
          for (const sid of change.sessions) end(sid, change.reason)
          return
        case 'session':
          touch(change.session)
          drop(change.session)
          return
        case 'user':
          touch(change.user)
          for (const sid of [...(ofUser.get(change.user) ?? [])]) drop(sid)
          return
        case 'everyone':
          dropAll()
          return
        case 'key':
          if (change.removed) dropAll()
          return
        default:
          // Another policy may end what is kept sooner (decision 26); what a newer server tells of may be anything.
          dropAll()
      }
    },

    /** Everything that was learnt may be wrong. */
    reset(): void {
      dropAll()
      ended.clear()
    },

    size: () => kept.size,
  }
}
