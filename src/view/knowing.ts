import type { Clock } from '../clock.ts'
import type { EndReason } from '../errors.ts'
import { type Activity, type Rotation, type Session, type SessionRecord, withoutToken } from '../session.ts'
import type { User } from '../user.ts'
import type { Use } from './activity.ts'
import type { Known } from './cache.ts'

/** What a session's owner and the installation were found to be. */
type Standing = { readonly user: User | null; readonly everyone: number; readonly epoch: string }

const NO_ROTATION: Rotation = { counter: 0, rotatedAt: 0, seenAt: null }

/** Puts together what is known of a session. @param resume the uses of a record, with what was not written yet */
export function knowing(clock: Clock, resume: (record: Activity & Rotation) => Use) {
  return {
    fromRecord(record: SessionRecord, standing: Standing): Known {
      const { digest, previousDigest, counter, rotatedAt, seenAt } = record
      const rotation = { counter, rotatedAt, seenAt }
      return { session: withoutToken(record), digest, previousDigest, rotation, ...standing, use: resume(record) }
    },

    /** Of a session without a record: what its token says, and what is known against it. */
    fromToken(session: Session, denied: EndReason | null, standing: Standing): Known {
      const over = denied === null ? {} : { endedAt: clock.now(), endReason: denied }
      const use = resume({ ...session, ...NO_ROTATION })
      return {
        session: { ...session, ...over },
        digest: '',
        previousDigest: null,
        rotation: NO_ROTATION,
        ...standing,
        use,
      }
    },
  }
}
