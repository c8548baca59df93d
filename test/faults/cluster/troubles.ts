/** From when to when, on the clock of the test. */
export type Span = { readonly from: number; readonly to: number }

/**
 * What befell whom. `dead`: there was nobody. `still`: it did not run at all, so that what was sent to it meanwhile was judged when it went on.
 * `cut`: its way to the database, or for all (null) the database, was in trouble.
 */
export type Trouble = Span & { readonly kind: 'dead' | 'still' | 'cut'; readonly member: string | null }

/** What has befallen the nodes and the database, as far as it excuses them. */
export function troubles() {
  const begun = new Set<Trouble>()

  return {
    /** Begins now. What it returns ends it, or says that it was over so many milliseconds ago. */
    begin(kind: Trouble['kind'], member: string | null): (ago?: number) => void {
      const trouble = { kind, member, from: performance.now(), to: Number.POSITIVE_INFINITY }
      begun.add(trouble)
      return (ago = 0) => {
        trouble.to = Math.min(trouble.to, performance.now() - ago)
      }
    },

    /** Those of one member, and of everybody. */
    of: (member: string, ...kinds: readonly Trouble['kind'][]): readonly Trouble[] =>
      [...begun].filter((one) => (one.member === null || one.member === member) && kinds.includes(one.kind)),
  }
}

export type Troubles = ReturnType<typeof troubles>

/** How much of the first lies within the others, milliseconds. */
export function within({ from, to }: Span, others: readonly Span[]): number {
  let taken = 0
  let after = from
  for (const other of others.toSorted((a, b) => a.from - b.from)) {
    const [begin, end] = [Math.max(after, other.from), Math.min(to, other.to)]
    if (end > begin) taken += end - begin
    after = Math.max(after, Math.min(end, to))
  }
  return taken
}

/** Whether it meets one of the others, or what follows that for so many milliseconds. */
export function meets({ from, to }: Span, others: readonly Span[], after = 0): boolean {
  return others.some((other) => other.from <= to && from <= other.to + after)
}
