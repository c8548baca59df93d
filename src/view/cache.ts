import type { Change } from '../feed.ts'
import type { Rotation, Session, SessionId } from '../session.ts'
import type { User } from '../user.ts'
import type { Use } from './activity.ts'

/** What is known of a session, of its owner and of the installation, all as of one instant: judged at once, never kept. */
export type Known = {
  readonly session: Session
  readonly digest: string
  readonly previousDigest: string | null
  /** As it was when the record was read: advancing is not in the feed. */
  readonly rotation: Rotation
  /** Null when the user was removed. */
  readonly user: User | null
  readonly everyone: number
  /** Of the feeds: tokens from before data was lost are told by it. */
  readonly epoch: string
  readonly use: Use
}

/**
 * One cached session, handed out as it is: a warm decision makes no copy. Linked in order of use, so that the least
 * recently used goes first. Without its user it is not known.
 */
type Entry = {
  session: Session
  readonly digest: string
  readonly previousDigest: string | null
  readonly rotation: Rotation
  user: User | null
  everyone: number
  readonly epoch: string
  readonly use: Use
  newer: Entry
  older: Entry
}

/**
 * The sessions and users this node keeps in memory, at most `max` sessions. Plain bookkeeping: whether any of it may
 * be relied on is the lease's to say.
 */
export function cache(max: number) {
  const entries = new Map<string, Entry>()
  /** By user: the sessions that hold what is known of them. */
  const holders = new Map<string, Set<Entry>>()
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

  function raise(to: number): void {
    everyone = to
    for (const entry of entries.values()) entry.everyone = to
  }

  function drop(id: string): void {
    const entry = entries.get(id)
    if (!entry) return
    entries.delete(id)
    unlink(entry)
    const { userId } = entry.session
    const held = holders.get(userId)
    if (held?.delete(entry) && held.size === 0) holders.delete(userId)
  }

  /** Of a user who changed nothing is known until someone asks the store again. */
  function forgetUser(id: string): void {
    for (const entry of holders.get(id) ?? []) entry.user = null
  }

  return {
    /** What is kept of a session, if all of it is still known. */
    get(id: SessionId): Known | null {
      const entry = entries.get(id)
      if (!entry?.user) return null
      if (entries.size > crowded && ring.older !== entry) {
        unlink(entry)
        linkNewest(entry)
      }
      return entry
    },

    /** What is known of a user through one of their sessions; null when nothing is. */
    userOf(id: string): User | null {
      for (const entry of holders.get(id) ?? []) return entry.user
      return null
    },

    /** The generation of everyone, as far as it is known. */
    everyone: () => everyone,

    /** Keeps what a store answered. A removed user is not kept: there is no change that would bring one back. */
    put(known: Known): void {
      const { session, user } = known
      if (known.everyone > everyone) raise(known.everyone)
      drop(session.id)
      if (!user) return
      let held = holders.get(session.userId)
      if (!held) {
        held = new Set()
        holders.set(session.userId, held)
      }
      for (const entry of held) entry.user = user
      const entry: Entry = { ...known, everyone, newer: ring, older: ring }
      held.add(entry)
      entries.set(session.id, entry)
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
          if (change.everyone > everyone) raise(change.everyone)
          return
      }
    },

    clear(): void {
      entries.clear()
      holders.clear()
      ring.newer = ring
      ring.older = ring
      everyone = 0
    },

    size: () => entries.size,
  }
}
