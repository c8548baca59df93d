import type { Feed } from './feed.ts'

/** The database behind one or more ports. Ports of one database share one source. */
export interface Source {
  /** For people: `memory`, `sqlite`, … */
  readonly name: string
  readonly feed: Feed
  /** Where the data is spread over parts that nothing changes together (`partitions`): the feed of each, `feed` the first. */
  readonly feeds?: readonly Feed[]
  /** Where verbs share connections: how they are used now. No I/O. */
  readonly connections?: () => ConnectionUse
  /** Records that work in the background takes at once: few where the database answers inside this process and blocks it. */
  readonly batch: number
  /** Brings the schema up to date and opens what has to be open. Idempotent. */
  open(): Promise<void>
  /** Resolves when the database answered. */
  ping(): Promise<void>
  /** Resolves when everything is answered that was asked before. From here on verbs throw `StoreUnavailable`. */
  close(): Promise<void>
  /**
   * Takes the turn at a piece of background work, of all processes that use the database: true for whoever has it until `until`,
   * also when they had it before. It saves work that would come to the same twice, and decides nothing: clocks may differ.
   */
  turn(work: string, holder: string, now: number, until: number): Promise<boolean>
}

/** Connections of this process: how many there may be, are, have nothing to do, and how many verbs wait for one. */
export type ConnectionUse = {
  readonly most: number
  readonly open: number
  readonly idle: number
  readonly waiting: number
}

/** Every feed of a database. */
export function feedsOf({ feed, feeds }: Pick<Source, 'feed' | 'feeds'>): readonly Feed[] {
  return feeds ?? [feed]
}

/** A position, and in which of the source's feeds it is, by number; in the first where that is left out. */
export type Whereabouts = { readonly position: number; readonly part?: number }

/** `value` is what there is after the verb, null when the thing was not found or its condition did not hold. */
export type Changed<T> = Whereabouts & { readonly value: T | null }

/** Where in which feed a change stands. */
export type Place = Whereabouts & { readonly source: Source }

export function placeOf(source: Source, { position, part }: Whereabouts): Place {
  return part === undefined ? { source, position } : { source, position, part }
}

export type Page<T> = { readonly items: readonly T[]; readonly nextCursor: string | null }
