import type { Change } from '../feed.ts'
import type { Session, SessionId, SessionRecord } from '../session.ts'
import type { User } from '../user.ts'
import type { Use } from './activity.ts'

/** A user as far as this node knows it: null once a change was applied, until someone asks the store again. */
type Holder = { user: User | null; sessions: number }

/** One cached session. Linked in order of use, so that the least recently used goes first. */
type Entry = {
  session: Session
  readonly digest: string
  readonly previousDigest: string | null
  readonly holder: Holder
  readonly use: Use
  newer: Entry
  older: Entry
}

/** What is known of a session, of its owner and of the installation, all as of one instant. */
export type Known = {
  readonly session: Session
  readonly digest: string
  readonly previousDigest: string | null
  /** Null when the user was removed. */
  readonly user: User | null
  readonly everyone: number
  readonly use: Use
}

/**
 * The sessions and users this node keeps in memory, at most `max` sessions. Plain bookkeeping: whether any of it may
 * be relied on is the lease's to say.
 */
export function cache(max: number) {
  const entries = new Map<string, Entry>()
  const holders = new Map<string, Holder>()
  const ring = {} as Entry
  ring.newer = ring
  ring.older = ring
  let everyone = 0
  /** Below this nothing has to go soon, so uses need not be put in order: that costs more than the rest of finding one. */
  const crowded = Math.floor(max / 2)

  function unlink(entry: Entry): void {
    entry.newer.older = entry.older
    entry.older.newer = entry.newer
  }

  function linkNewest(entry: Entry): void {
    entry.older = ring.older
    entry.newer = ring
    ring.older.newer = entry
    ring.older = entry
  }

  function drop(id: string): void {
    const entry = entries.get(id)
    if (!entry) return
    entries.delete(id)
    unlink(entry)
    entry.holder.sessions -= 1
    const userId = entry.session.userId
    if (entry.holder.sessions === 0 && holders.get(userId) === entry.holder) holders.delete(userId)
  }

  function forgetUser(id: string): void {
    const holder = holders.get(id)
    if (!holder) return
    holder.user = null
    holders.delete(id)
  }

  return {
    /** What is kept of a session, if all of it is still known. */
    get(id: SessionId): Known | null {
      const entry = entries.get(id)
      if (!entry?.holder.user) return null
      if (entries.size > crowded && ring.older !== entry) {
        unlink(entry)
        linkNewest(entry)
      }
      const { session, digest, previousDigest, use } = entry
      return { session, digest, previousDigest, user: entry.holder.user, everyone, use }
    },

    /** Keeps what a store answered. A removed user is not kept: there is no change that would bring one back. */
    put(record: SessionRecord, session: Session, user: User | null, generationOfAll: number, use: Use): void {
      if (generationOfAll > everyone) everyone = generationOfAll
      drop(record.id)
      if (!user) return
      let holder = holders.get(record.userId)
      if (!holder) {
        holder = { user, sessions: 0 }
        holders.set(record.userId, holder)
      }
      holder.user = user
      holder.sessions += 1
      const { digest, previousDigest } = record
      const entry: Entry = { session, digest, previousDigest, holder, use, newer: ring, older: ring }
      entries.set(record.id, entry)
      linkNewest(entry)
      if (entries.size > max) drop(ring.newer.session.id)
    },

    /** Takes in a change. An ended session stays, as ended: that it is over will never change. */
    apply(change: Change): void {
      switch (change.kind) {
        case 'ended':
          for (const id of change.sessions) {
            const entry = entries.get(id)
            if (entry && entry.session.endedAt === null) {
              entry.session = { ...entry.session, endedAt: change.at, endReason: change.reason }
            }
          }
          return
        case 'session':
          drop(change.session)
          return
        case 'user':
          forgetUser(change.user)
          return
        case 'everyone':
          if (change.everyone > everyone) everyone = change.everyone
          return
      }
    },

    clear(): void {
      entries.clear()
      for (const holder of holders.values()) holder.user = null
      holders.clear()
      ring.newer = ring
      ring.older = ring
      everyone = 0
    },

    size: () => entries.size,
  }
}
