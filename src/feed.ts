import type { EndReason } from './errors.ts'
import type { Fields } from './user.ts'

/** What happened, as far as a view must know: which of the things it caches to drop or to mark as over. */
export type Change =
  /** Sessions ended. Up to 500 ids an entry. */
  | { readonly kind: 'ended'; readonly sessions: readonly string[]; readonly reason: EndReason; readonly at: number }
  /** A session's record changed otherwise: token replaced, fields set. */
  | { readonly kind: 'session'; readonly session: string }
  /** A user changed: roles, status, generation, profile. `ended` when the generation rose. */
  | { readonly kind: 'user'; readonly user: string; readonly ended: EndReason | null }
  /** The generation of the whole installation rose. */
  | { readonly kind: 'everyone'; readonly everyone: number }
  /** A key was added, or was removed and is good for nothing from now on. */
  | { readonly kind: 'key'; readonly kid: string; readonly removed: boolean }
  /** The policy is another one, all of it in `value`; `version` is one more with each change. */
  | { readonly kind: 'policy'; readonly version: number; readonly value: Fields }

/** A place in the feed. `id` is random, made with the entry, so that a feed that lost entries is noticed. */
export type Position = { readonly at: number; readonly id: string }

export type Entry = Position & { readonly change: Change }

/** An entry that was committed, as it is told of, with the id of the one before it; empty before the first. */
export type Told = Entry & { readonly follows: string }

/**
 * What a read asked from a position came back with.
 * `standing`: `good`, or `marked` (this row made an ender wait: register anew), or `unknown` (no such row).
 * `complete`: the entries reach the tail as of the read's snapshot. A read that is not, or whose standing is not good,
 * grants no lease.
 * `lost`: the entry at the asked position is not there any more, or is another: data was lost or trimmed; drop everything.
 */
export type FeedRead = {
  readonly epoch: string
  readonly standing: 'good' | 'marked' | 'unknown'
  readonly lost: boolean
  readonly complete: boolean
  readonly entries: readonly Entry[]
}

/** A node that follows the feed, as an ender sees it. */
export type Row = { readonly id: string; readonly acknowledged: number; readonly marked: boolean }

/**
 * The ordered log of changes in one database, and the rows of the nodes that follow it (DESIGN section 5). Verbs of the
 * stores append to it in the transaction of the change; nobody else does. Positions are whole numbers that become
 * visible in order: whoever has read up to `n` will never see another entry at or below `n` appear.
 *
 * The database keeps no time here. Every verb may fail with `StoreUnavailable`.
 */
export interface Feed {
  /** A new row that has acknowledged `from`, or the tail of the moment when null; the answer says which. */
  register(
    from: Position | null,
  ): Promise<{ readonly row: string; readonly position: Position; readonly epoch: string }>
  /** Entries after a position, oldest first, at most `limit`, from one snapshot taken after the call. */
  read(row: string, after: Position, limit: number): Promise<FeedRead>
  /** The row has applied everything up to here. Never moves backwards; unknown rows are ignored. */
  acknowledge(row: string, at: number): Promise<void>
  /** The epoch of now, for a node that cannot rely on what it read. */
  epoch(): Promise<string>
  /** The newest position: what an ending that found nothing left to end waits for. */
  tail(): Promise<number>
  /** Every registered row, in a snapshot taken after the call. */
  rows(): Promise<readonly Row[]>
  /** These rows get no lease any more. */
  mark(rows: readonly string[]): Promise<void>
  /** Removes rows: one's own when leaving, or marked ones after a lease has surely passed since the marking. */
  remove(rows: readonly string[]): Promise<void>
  /** Forgets entries that every row has acknowledged, but for the newest `keep`. */
  trim(keep: number): Promise<void>
  /**
   * Calls `wake` when something may have been appended, with the entry where that is at hand. A hint: entries may come late, twice, in
   * any order or never, and are read then. Returns the cancellation.
   */
  onAppend(wake: (told?: Told) => void): () => void
}
