import type { Change } from '../feed.ts'

/** The sessions or users a change is about; null when it is about everyone. A key is about none of them; nor is the policy, which everybody is judged by when they come. */
export function idsOf(change: Change): readonly string[] | null {
  switch (change.kind) {
    case 'ended':
      return change.sessions
    case 'session':
      return [change.session]
    case 'user':
      return [change.user]
    case 'key':
    case 'policy':
      return []
    case 'everyone':
      return null
  }
}

/** Told of a change; of null when some may have been missed. */
type Listening = (change: Change | null) => void

/** Who wants to hear of changes, found by what the change is about: many may listen while many sessions end. */
export function listeners() {
  const by = new Map<string, Set<Listening>>()

  return {
    /** Calls `listener` at every change of one of the ids, of everyone and of the policy, and when changes may have been missed. Returns the cancellation. */
    add(ids: readonly string[], listener: Listening): () => void {
      for (const id of ids) by.set(id, (by.get(id) ?? new Set()).add(listener))
      return () => {
        for (const id of ids) {
          const those = by.get(id)
          those?.delete(listener)
          if (those?.size === 0) by.delete(id)
        }
      }
    },

    tell(change: Change | null): void {
      if (by.size === 0) return
      const concerned = new Set<Listening>()
      const ids = change === null || change.kind === 'policy' ? null : idsOf(change)
      for (const id of ids ?? by.keys()) for (const listener of by.get(id) ?? []) concerned.add(listener)
      for (const listener of concerned) listener(change)
    },
  }
}
