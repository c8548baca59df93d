import type { Clock } from '../clock.ts'
import type { Feed } from '../feed.ts'
import type { Session, SessionId } from '../session.ts'
import type { Store } from '../store.ts'
import { epochsOf, type Follower } from './follower.ts'
import type { knowing } from './knowing.ts'
import { LEASE_MS } from './lease.ts'
import { within } from './within.ts'

/** How long a look-up waits for each of its answers, milliseconds: one that took longer would be too old to decide by. */
export const LOOKUP_MS = LEASE_MS

type Asking = {
  readonly store: Pick<Store, 'sessions' | 'users' | 'denials'>
  readonly clock: Clock
  readonly followers: ReadonlyMap<Feed, Follower>
  readonly leased: () => boolean
  readonly knowing: ReturnType<typeof knowing>
}

/** What the store says of a session and its user, by reads sent after the call, with the ids that it is about. */
export function asking({ store, clock, followers, leased, knowing: { fromRecord, fromToken } }: Asking) {
  /**
   * Of the feeds. Without a lease it is the store's to say, like everything else, and when everything else was answered: data
   * that was lost before it said so is noticed.
   */
  async function epoch(): Promise<string> {
    if (leased()) return epochsOf([...followers.values()])
    const asked = [...followers.keys()].map((feed) => within(clock, LOOKUP_MS, feed.epoch()))
    return (await Promise.all(asked)).join('.')
  }

  return {
    async recorded(sid: SessionId) {
      const record = await within(clock, LOOKUP_MS, store.sessions.find(sid))
      if (!record) return { known: null, ids: [sid] }
      const standing = await within(clock, LOOKUP_MS, store.users.find(record.userId))
      return { known: fromRecord(record, { ...standing, epoch: await epoch() }), ids: [sid, record.userId] }
    },

    /** Of one that has no record. */
    async claimed(session: Session) {
      const [why, standing] = await Promise.all([
        within(clock, LOOKUP_MS, store.denials.check(session.id)),
        within(clock, LOOKUP_MS, store.users.find(session.userId)),
      ])
      return {
        known: fromToken(session, why, { ...standing, epoch: await epoch() }),
        ids: [session.id, session.userId],
      }
    },
  }
}
