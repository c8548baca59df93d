import type { Feed } from './feed.ts'

/** The database behind one or more ports. Ports of one database share one source. */
export interface Source {
  /** For people: `memory`, `sqlite`, … */
  readonly name: string
  readonly feed: Feed
  /** Records that work in the background takes at once: few where the database answers inside this process and blocks it. */
  readonly batch: number
  /** Brings the schema up to date and opens what has to be open. Idempotent. */
  open(): Promise<void>
  /** Resolves when the database answered. */
  ping(): Promise<void>
  close(): Promise<void>
  /**
   * Takes the turn at a piece of background work, of all processes that use the database: true for whoever has it until `until`,
   * also when they had it before. It saves work that would come to the same twice, and decides nothing: clocks may differ.
   */
  turn(work: string, holder: string, now: number, until: number): Promise<boolean>
}

/** `value` is what there is after the verb, null when the thing was not found or its condition did not hold. */
export type Changed<T> = { readonly value: T | null; readonly position: number }

export type Page<T> = { readonly items: readonly T[]; readonly nextCursor: string | null }
