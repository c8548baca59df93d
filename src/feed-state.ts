import type { Entry, FeedRead, Position } from './feed.ts'

/** Where a feed begins before it has an entry. */
export const ORIGIN: Position = { at: 0, id: '' }

/** What a database says of its feed to whoever stands somewhere in it, as of one moment. */
export type FeedState = {
  /** The epoch as it is stored. */
  readonly stored: string
  /** The epoch with what it is bound to besides: as readers see it. */
  readonly epoch: string
  /** The stored epoch that the row was registered under, and whether it is marked; null: there is no such row. */
  readonly row: { readonly epoch: string; readonly marked: boolean } | null
  /** The id of the entry where the reader stands; null when there is none. */
  readonly here: string | null
  /** The oldest and the newest position that is kept; null when there is none. */
  readonly first: number | null
  readonly last: number | null
}

/** The answer to a read. @param entries those after `after`, from the same moment as the state */
export function answerOf(state: FeedState, entries: readonly Entry[], after: Position): FeedRead {
  const { stored, epoch, row } = state
  const standing = row === null ? 'unknown' : row.marked ? 'marked' : 'good'
  const moved = row !== null && row.epoch !== stored
  if (moved || !isKept(after, state)) return { epoch, standing, lost: true, complete: false, entries: [] }
  return { epoch, standing, lost: false, complete: (entries.at(-1)?.at ?? after.at) === (state.last ?? 0), entries }
}

/**
 * Whether the database has forgotten what it told: an entry is not where this row, registered under the epoch of now, has read
 * it, and was not trimmed away either. What was denied since may be allowed again, so the epoch ends, once for all who notice.
 */
export function isRegress(row: string, after: Position, state: FeedState): boolean {
  const isTrimmed = state.first !== null && after.at < state.first
  return row.startsWith(`${state.stored}.`) && !isTrimmed && !isKept(after, state)
}

/** Whether whoever has read up to here still finds all that follows. The beginning is kept until the first entry goes. */
function isKept({ at, id }: Position, { here, first }: FeedState): boolean {
  return at === ORIGIN.at ? id === ORIGIN.id && (first ?? 1) === 1 : here === id
}
