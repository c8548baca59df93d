import type { FeedRead, Position } from '../feed.ts'
import type { Result } from '../result.ts'
import type { RelayedUse } from './relay-uses.ts'

/** Entries of one feed in an answer at most; fewer when a reader asks for fewer. */
export const MOST_ENTRIES = 500

/** How long a read may wait for news, seconds. */
export const MOST_WAIT = 25

/** What a feed is called here: its number in the order that all servers of an installation share. Beside `total`, how many there are. */
type Numbered = { readonly feed: number }

/** New rows. They grant nothing: a read does. `place` is where they stand. */
export type RelayedRows = {
  readonly place: string
  readonly total: number
  readonly feeds: readonly (Numbered & { readonly epoch: string; readonly position: Position })[]
}

/**
 * What the database said of each feed, as it said it. `position` is of the last entry, or where the reader stood, and `place`
 * is all of them. `lease`: whether this may be counted as a lease; see `Relay.read`.
 */
export type RelayedRead = {
  readonly place: string
  readonly total: number
  readonly lease: boolean
  readonly feeds: readonly (Numbered & { readonly position: Position } & FeedRead)[]
}

/** The epochs of now. */
export type RelayedEpochs = {
  readonly total: number
  readonly feeds: readonly (Numbered & { readonly epoch: string })[]
}

export type RelayReading = {
  /** How long to wait for news where there is none, seconds: at most 25, not at all by default. */
  readonly wait?: number
  /** Entries of each feed: 1 to 500, 500 by default. */
  readonly limit?: number
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal
}

/**
 * The feeds, for services without access to the database: each follows them with rows and leases of its own (DESIGN section 5).
 * What an ending waits for is what the service itself acknowledged, so it decides as a node does and hears of endings as soon.
 *
 * What that rests on: a read is asked of the database after the request for it arrived, each one for itself, and nothing is
 * remembered, shared or acknowledged here. Where a service stands is a text, its *place*, which this installation made for that
 * service and no other can use. Every service hears of everything: ids of sessions, users and keys, and nothing personal.
 *
 * Refusals: `invalid_request` for a place that is none of this service's, and then the service registers anew; `throttled`.
 * @throws StoreUnavailable when the database does not answer.
 */
export type Relay = {
  /**
   * Registers a row in each feed, or in the one that is named, at its end; or in those of a place, where that stands, as a
   * follower does that was marked. The rows of that place stay until they are left. Each process needs rows of its own: of two that
   * share one, either acknowledges what the other has not applied.
   * @param service its id, as `auth.service` found it
   */
  register(
    service: string,
    from?: { readonly place?: string | undefined; readonly feed?: number | undefined },
  ): Promise<Result<RelayedRows>>
  /**
   * What follows a place, from one snapshot of each feed taken after the call.
   *
   * An answer in which a feed is `complete`, not `lost`, and of `good` standing is a lease for that feed, over `L` = 3 s after the
   * *request* was sent: the client takes the time before it sends, and never counts from when the answer came. With that, no delay
   * on the way can make it last too long, and no clock is compared with another's.
   *
   * With `wait` the answer comes when something is new, or after that time; it is of a read that was asked after whatever ended the
   * wait. As its request may be long gone, what is left of such a lease is between little and nothing, and who counted it from the
   * answer would break the promise: so it says `lease: false`, is taken for news only, and a lease is got by a read
   * that does not wait.
   */
  read(service: string, place: string, reading?: RelayReading): Promise<Result<RelayedRead>>
  /** The epoch of each feed, or of the one that is named, as `Feed.epoch`. Needs no row. */
  epochs(feed?: number): Promise<Result<RelayedEpochs>>
  /** Everything up to the place is applied. Never moves backwards; rows that are gone are passed over. */
  acknowledge(service: string, place: string): Promise<Result<null>>
  /** Removes the rows of a place. Endings do not wait for them from then on, so the leases have to be given up before. */
  leave(service: string, place: string): Promise<Result<null>>
  /** Takes down what a service saw used; see `takeUses`, which also says what a service can do by that. */
  used(uses: readonly RelayedUse[]): Promise<void>
  /** Answers reads that wait, and lets none wait from now on: for a server that stops. */
  stopWaiting(): void
}
