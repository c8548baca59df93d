import { type AuthEvent, EVENTS, type EventType } from '../events.ts'

/** How often what happened on this node since it began. */
export type Counts = {
  /** Every kind there is, also those that have not happened. */
  readonly byType: Readonly<Record<EventType, number>>
  /** Sessions that ended, by why. */
  readonly endings: Readonly<Record<string, number>>
  /** Sign-ins that failed, by why. */
  readonly refusedSignIns: Readonly<Record<string, number>>
  /** Events that wait to be written, and those that were given up. */
  readonly audit: { readonly waiting: number; readonly lost: number }
}

/** Reasons that are counted by themselves: more words than the code has are somebody's mistake, and no memory of ours. */
const MOST = 50

export function counted() {
  const byType = Object.fromEntries(Object.keys(EVENTS).map((type) => [type, 0])) as Record<EventType, number>
  const endings: Record<string, number> = Object.create(null)
  const refusedSignIns: Record<string, number> = Object.create(null)

  function count(by: Record<string, number>, reason: string | null): void {
    const word = reason ?? 'unknown'
    const at = word in by || Object.keys(by).length < MOST ? word : 'other'
    by[at] = (by[at] ?? 0) + 1
  }

  return {
    add({ type, reason }: AuthEvent): void {
      byType[type] += 1
      if (type === 'session.ended') count(endings, reason)
      else if (type === 'sign_in.failed') count(refusedSignIns, reason)
    },
    all: (): Omit<Counts, 'audit'> => ({
      byType: { ...byType },
      endings: { ...endings },
      refusedSignIns: { ...refusedSignIns },
    }),
  }
}
