import type { SigningKey } from './crypto.ts'
import type { Changed, Source } from './source.ts'

/** A key that signs self-contained tokens. What is secret of it is sealed with the master secret. */
export type KeyRecord = {
  /** 1 to 64 characters of base64url. */
  readonly kid: string
  /** `EdDSA`, `ES256`, `RS256`, `PS256` or `HS256`. */
  readonly alg: string
  readonly createdAt: number
  /** From when on it signs, so that every node has it by then. */
  readonly signsFrom: number
  /** Null once it was removed; nothing brings it back. */
  readonly sealed: string | null
  readonly removedAt: number | null
}

/** What a key is sealed for: it opens as itself only. */
export function purposeOf(kid: string): string {
  return `signing key ${kid}`
}

export interface Keys {
  readonly source: Source
  /** All that are kept, the removed ones too, oldest first by (createdAt, kid). */
  list(): Promise<readonly KeyRecord[]>
  /**
   * Adds a key if the newest that was not removed, by (createdAt, kid), is still `after`; null: if there is none. Of several
   * nodes at the instant of rotation one succeeds; the value is null for the others, and when the kid exists.
   */
  add(key: KeyRecord, after: string | null): Promise<Changed<KeyRecord>>
  /**
   * Removes a key for good, also one that was never here (the operator imported it): a record without a secret stays, with
   * `createdAt` and `signsFrom` of `now` if there was none. The value is null when it was removed before.
   */
  remove(kid: string, alg: string, now: number): Promise<Changed<KeyRecord>>
  /** Replaces the sealed secret, if it is still `expected`: after the master secret was rotated. Not in the feed. */
  reseal(kid: string, expected: string, sealed: string): Promise<boolean>
  /** Forgets a record whose tokens are all over. Not in the feed: nothing depends on it any more. */
  forget(kid: string): Promise<boolean>
}

/** What strategies sign and verify with. */
export interface TokenKeys {
  /** The key that signs at `now`; late when it has to be fetched. @throws StoreUnavailable, then, when there is none that can. */
  signing(now: number): SigningKey | Promise<SigningKey>
  /** The key of this id, if its tokens are good; the answer is late when the store has to be asked. */
  find(kid: string, now: number): SigningKey | null | Promise<SigningKey | null>
}

/** How keys follow one another. Milliseconds. */
export type KeySchedule = {
  /** How long a key signs. */
  readonly every: number
  /** How long it is published before it signs: by then every node, and everybody who caches the key set, has it. */
  readonly publish: number
  /** How long it verifies after its successor signs: the longest life of a token, and what clocks may differ by. */
  readonly overlap: number
}

/** What the keys are good for at one instant. */
export type Standing = {
  /** The one that signs; null when there is none left that could. */
  readonly signing: KeyRecord | null
  /** Those whose tokens are good, and which are published: before, while and after they sign. Oldest first. */
  readonly verifying: readonly KeyRecord[]
  /** Those whose last token is over. */
  readonly over: readonly KeyRecord[]
  /** Whether the next key has to be made now. */
  readonly due: boolean
}

/**
 * Judges the keys of an installation at `now`: pure, so that nodes that know of the same keys agree to the instant of
 * their clocks. The key that signs is the newest whose time has come. Where it was removed, the one before it signs again
 * if there is one, else the one that was to follow: both are published. A removed key is good for nothing.
 */
export function standing(records: readonly KeyRecord[], now: number, schedule: KeySchedule): Standing {
  const live = inTurn(records)
  const until = goodUntil(records, schedule)
  const isOver = ({ kid }: KeyRecord) => (until.get(kid) ?? 0) <= now
  const signing = live.findLast((key) => key.signsFrom <= now) ?? live[0] ?? null
  const newest = live.at(-1)
  return {
    signing,
    verifying: live.filter((key) => !isOver(key)),
    over: live.filter(isOver),
    due: newest === undefined || newest.signsFrom + schedule.every - schedule.publish <= now,
  }
}

/** When the last token of each key is over, as far as its successor is known; infinite for the newest. By kid, removed ones left out. */
export function goodUntil(
  records: readonly KeyRecord[],
  { overlap }: Pick<KeySchedule, 'overlap'>,
): ReadonlyMap<string, number> {
  const live = inTurn(records)
  return new Map(live.map(({ kid }, i) => [kid, (live[i + 1]?.signsFrom ?? Number.POSITIVE_INFINITY) + overlap]))
}

/** When a key that is made at `now` counts as made, and from when on it signs: at once if nothing else could, and after all others. */
export function turnOf(
  records: readonly KeyRecord[],
  now: number,
  { publish }: Pick<KeySchedule, 'publish'>,
): Pick<KeyRecord, 'createdAt' | 'signsFrom'> {
  const live = inTurn(records)
  const newest = live.at(-1)
  if (!newest) return { createdAt: now, signsFrom: now }
  // Another node's clock may be ahead of this one.
  const createdAt = Math.max(now, ...live.map((key) => key.createdAt + 1))
  return { createdAt, signsFrom: Math.max(now + publish, newest.signsFrom + 1) }
}

function inTurn(records: readonly KeyRecord[]): readonly KeyRecord[] {
  return records
    .filter((key) => key.removedAt === null)
    .toSorted((a, b) => a.signsFrom - b.signsFrom || a.createdAt - b.createdAt || (a.kid < b.kid ? -1 : 1))
}
