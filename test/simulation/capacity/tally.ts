/** What a database is asked for the feed, and what it tells. */
export const KINDS = ['append', 'read', 'acknowledge', 'rows', 'other'] as const
export type Kind = (typeof KINDS)[number]

/** Counts: `looked` are rows that were answered, `told` entries that were told of, `ids` sessions in those. */
export type Tally = Record<Kind | 'looked' | 'told' | 'ids', number>

export const nothing = (): Tally => ({
  append: 0,
  read: 0,
  acknowledge: 0,
  rows: 0,
  other: 0,
  looked: 0,
  told: 0,
  ids: 0,
})

/** What was counted between two moments. */
export function since(before: Tally, after: Tally): Tally {
  const counted = nothing()
  for (const key of Object.keys(counted) as (keyof Tally)[]) counted[key] = after[key] - before[key]
  return counted
}

/** Commands that the feed costs a database, appending left out: that is the change itself. */
export function commandsOf({ read, acknowledge, rows, other }: Tally): number {
  return read + acknowledge + rows + other
}

const ID = 'x'.repeat(22)
const ENTRY = {
  at: 123_456_789,
  id: 'x'.repeat(16),
  change: { kind: 'ended', reason: 'signed_out', at: 1_800_000_000_000 },
}
const sizeOf = (what: unknown) => JSON.stringify(what).length

/** Bytes of what is said, as text; what protocols wrap it in is as much again for the small ones. */
const TOLD = sizeOf({ schema: 'sallyport', follows: ENTRY.id, ...ENTRY, sessions: [] })
const ID_TOLD = sizeOf(ID) + 1
const ROW = sizeOf({ id: `${ID}.${ID}`, acknowledged: ENTRY.at, marked: 0 })
const ASKED = sizeOf([`${ID}.${ID}`, ENTRY.at])
const READ = sizeOf({ epoch: `${ID}.${ID}`, standing: 'good', lost: false, complete: true, entries: [] })

/** Bytes that the database sends and is sent. */
export function bytesOf({ read, acknowledge, rows, looked, told, ids }: Tally): {
  readonly out: number
  readonly into: number
} {
  return { out: told * TOLD + ids * ID_TOLD + looked * ROW + read * READ, into: (read + acknowledge) * ASKED + rows }
}
