import type { AuthEvent } from './events.ts'
import type { Page, Source } from './source.ts'
import type { UserId } from './user.ts'

export type EventFilter = {
  readonly subject?: string
  readonly session?: string
  readonly type?: string
  readonly from?: number
  readonly to?: number
}

/** An event, and where it stands in the order of appending. */
export type PlacedEvent = { readonly position: number; readonly event: AuthEvent }

/** The port of what happened. The rules of `store.ts` hold for it. */
export interface AuditLog {
  readonly source: Source
  /** Appends. Nothing here is ever changed, but that `erase` takes out what is personal. */
  append(events: readonly AuthEvent[]): Promise<void>
  /** Newest first by (at, id), in pages as those of users. */
  list(filter: EventFilter, cursor: string | null, limit: number): Promise<Page<AuthEvent>>
  /**
   * Takes `source` and `data.device` out of at most `limit` events: those about this user which nobody else caused, and those
   * they caused. The events stay. Answers how many were changed; those that hold neither do not count.
   */
  erase(user: UserId, limit: number): Promise<number>
  purge(before: number, limit: number): Promise<number>
  /**
   * Events behind a position in the order in which they were appended, at most `limit`. What becomes visible later stands behind
   * everything that was answered before, whoever appends at the same time, so that a reader who goes on from the last one
   * misses none. Positions grow and may have gaps; what was purged is passed over.
   */
  after(position: number, limit: number): Promise<readonly PlacedEvent[]>
  /** Where a reader of this name stands. One that is new stands behind all there is, and hears of what comes. */
  place(reader: string): Promise<number>
  /** Moves a reader on, never back. */
  advance(reader: string, position: number): Promise<void>
}
