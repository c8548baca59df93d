import type { Clock } from '../clock.ts'
import type { EndReason } from '../errors.ts'
import type { SessionRecord } from '../session.ts'
import type { Standing, Store } from '../store.ts'
import type { UserId } from '../user.ts'
import { tell } from './endings.ts'
import type { Recorder } from './recorder.ts'

/** Users remembered at most. Beyond that, records are marked when they are due. */
const MOST = 10_000

/** Records of one user looked at at once. */
const BATCH = 200

type LeftoversOptions = { readonly store: Store; readonly recorder: Recorder; readonly clock: Clock }

/**
 * Records that say of a session that it is open, and their user's record says that it is over: what is left where the sessions are in
 * another database, and that one failed when all of somebody's ended. They let nobody in; they are marked, so that lists tell the truth.
 */
export function leftovers({ store, recorder, clock }: LeftoversOptions) {
  const waiting = new Map<UserId, EndReason>()

  async function clearOf(userId: UserId, reason: EndReason): Promise<void> {
    const { users, sessions } = store
    const now = clock.now()
    for (;;) {
      const open = await sessions.ofUser(userId, 'active', BATCH)
      const standing = await users.find(userId)
      const over = open.filter((record) => isOver(record, standing))
      if (over.length === 0) return
      for (const { id } of over) {
        const { value } = await sessions.end(id, reason, now)
        if (value) tell({ recorder }, [value], reason, 'system', {}, now)
      }
    }
  }

  return {
    add(userId: UserId, reason: EndReason): void {
      if (waiting.size < MOST || waiting.has(userId)) waiting.set(userId, reason)
    },

    /** Marks what can be marked by now. @throws StoreUnavailable when the database does not answer yet: the rest goes on waiting. */
    async clear(): Promise<void> {
      for (const [userId, reason] of waiting) {
        await clearOf(userId, reason)
        waiting.delete(userId)
      }
    },
  }
}

export type Leftovers = ReturnType<typeof leftovers>

/** What signed in since has the generation of now. */
function isOver({ generation, everyone }: SessionRecord, standing: Standing): boolean {
  return generation !== standing.user?.generation || everyone < standing.everyone
}
