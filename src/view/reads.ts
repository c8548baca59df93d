/**
 * Notes which sessions and users a change was applied for while reads of the store are under way, so that nothing older
 * than an applied change is decided on or kept.
 */
export function openReads() {
  let open = 0
  let resets = 0
  let changes = 0
  /** When each id last changed, counted in changes; kept only while a read is open. */
  const changedAt = new Map<string, number>()
  let everyoneAt = 0

  return {
    begin(): { readonly since: number; readonly resets: number } {
      open += 1
      return { since: changes, resets }
    },
    end(): void {
      open -= 1
      if (open === 0) changedAt.clear()
    },
    /** Whether anything was applied for one of the ids, for everyone, or a reset happened, since the read began. */
    outdated(read: { readonly since: number; readonly resets: number }, ids: readonly string[]): boolean {
      if (read.resets !== resets || everyoneAt > read.since) return true
      return ids.some((id) => (changedAt.get(id) ?? 0) > read.since)
    },
    changed(ids: readonly string[]): void {
      changes += 1
      if (open > 0) for (const id of ids) changedAt.set(id, changes)
    },
    changedForEveryone(): void {
      changes += 1
      everyoneAt = changes
    },
    reset(): void {
      resets += 1
    },
  }
}
