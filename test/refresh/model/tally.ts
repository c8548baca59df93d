/** What happened in all the runs of a property: random runs prove nothing of what they never met. */
export type Tally = {
  count(what: string): void
  readonly counts: Readonly<Record<string, number>>
}

export function tally(): Tally {
  const counts: Record<string, number> = {}
  return {
    counts,
    count(what) {
      counts[what] = (counts[what] ?? 0) + 1
    },
  }
}
