/** What has become of the records so far. */
export type Tally = {
  readonly made: number
  /** Whose address was in use. */
  readonly present: number
  readonly refused: number
  /** Of those made: who has no password yet. */
  readonly withoutPassword: number
  /** Of those made: how the records of their passwords begin. */
  readonly kinds: Readonly<Record<string, number>>
}

export const NOTHING: Tally = { made: 0, present: 0, refused: 0, withoutPassword: 0, kinds: {} }

export function withMade(tally: Tally, kind: string | null): Tally {
  const made = tally.made + 1
  if (kind === null) return { ...tally, made, withoutPassword: tally.withoutPassword + 1 }
  return { ...tally, made, kinds: { ...tally.kinds, [kind]: (tally.kinds[kind] ?? 0) + 1 } }
}

export function sumOf({ made, present, refused }: Tally): number {
  return made + present + refused
}
